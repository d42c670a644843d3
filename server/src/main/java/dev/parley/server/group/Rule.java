package dev.parley.server.group;

import dev.parley.protocol.Role;
import dev.parley.server.security.Identity;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who may do something in the groups of a namespace: one of several kinds of people, any of which is enough. Immutable; asked on any thread, for each message.
 */
final class Rule {
    private static final String ROLE = "role:";

    private static final int ANYONE = 1;
    private static final int USERS = 1 << 1;
    private static final int MEMBERS = 1 << 2;
    private static final int MODERATORS = 1 << 3;
    private static final int OWNERS = 1 << 4;
    private static final int GRANTED = 1 << 5;
    private static final int NOBODY = 1 << 6;

    private final int kinds;
    private final Set<String> roles;
    private final String words;

    private Rule(int kinds, Set<String> roles, String words) {
        this.kinds = kinds;
        this.roles = roles;
        this.words = words;
    }

    /**
     * Reads a rule.
     *
     * @param property the property it stands in, for the complaint
     * @param kinds such as {@code members} or {@code role:trader}
     * @throws ConfigurationException with a sentence that names the property when one is none of those there are
     */
    static Rule parse(String property, List<String> kinds) {
        int bits = 0;
        Set<String> roles = new HashSet<>();
        List<String> words = new ArrayList<>();
        for (String written : kinds) {
            String kind = written.strip();
            if (kind.startsWith(ROLE) && kind.length() > ROLE.length()) {
                String role = kind.substring(ROLE.length());
                roles.add(role);
                words.add("who has the role " + role);
            } else {
                int bit = bit(property, kind);
                bits |= bit;
                words.add(words(bit));
            }
        }
        if (kinds.isEmpty() || (bits & NOBODY) != 0 && kinds.size() > 1) {
            throw new ConfigurationException(property + " is '" + String.join(",", kinds)
                    + "', but nobody and somebody exclude each other: set it to nobody alone, or leave that out.");
        }
        return new Rule(bits, Set.copyOf(roles), String.join(" or ", words));
    }

    static Rule of(String... kinds) {
        return parse("", List.of(kinds));
    }

    private static int bit(String property, String kind) {
        return switch (kind) {
            case "anyone" -> ANYONE;
            case "users" -> USERS;
            case "members" -> MEMBERS;
            case "moderators" -> MODERATORS;
            case "owners" -> OWNERS;
            case "granted" -> GRANTED;
            case "nobody" -> NOBODY;
            default ->
                throw new ConfigurationException(property + " has '" + kind
                        + "', which is nobody in particular: use anyone, users, members, moderators, owners, role:<name>,"
                        + " granted or nobody.");
        };
    }

    private static String words(int bit) {
        return switch (bit) {
            case ANYONE -> "everybody";
            case USERS -> "who has signed in";
            case MEMBERS -> "members";
            case MODERATORS -> "moderators";
            case OWNERS -> "owners";
            case GRANTED -> "who has a grant";
            default -> "a service";
        };
    }

    /** Whether nobody but services and admins may, not even who has a grant. */
    boolean nobody() {
        return (kinds & NOBODY) != 0;
    }

    /** Whether somebody may without being in the group. */
    boolean admits(Identity who) {
        return (kinds & ANYONE) != 0
                || (kinds & USERS) != 0 && !who.guest()
                || !roles.isEmpty() && who.roles().stream().anyMatch(roles::contains);
    }

    /**
     * Whether who is in the group may.
     *
     * @param role the role there; null in a session group
     */
    boolean admits(Role role) {
        return (kinds & MEMBERS) != 0
                || (kinds & MODERATORS) != 0 && role == Role.MODERATOR
                || (kinds & OWNERS) != 0 && role == Role.OWNER;
    }

    /** Whether it matters who is in the group, and with what role. */
    boolean asksMembers() {
        return (kinds & (MEMBERS | MODERATORS | OWNERS)) != 0;
    }

    /** Whether it matters what role a member has, which there are in durable groups only. */
    boolean asksRoles() {
        return (kinds & (MODERATORS | OWNERS)) != 0;
    }

    /** Whether being in the group is enough. */
    boolean admitsMembers() {
        return (kinds & MEMBERS) != 0;
    }

    /** Whether everybody may who has an identity. */
    boolean anyone() {
        return (kinds & ANYONE) != 0;
    }

    /** Who may, in words that follow "only". */
    String words() {
        return words;
    }
}
