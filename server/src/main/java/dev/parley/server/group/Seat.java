package dev.parley.server.group;

import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.MembershipState;
import java.util.Locale;

/**
 * A user's place in a durable group, as it is stored.
 *
 * @param role what the user may do; null for one who was removed, which stands until everybody concerned has been told
 * @param version another one for each change, so that each is told of once; what stands before its first {@code .} names the membership, see {@link #term}
 * @param since when the user became a member, milliseconds since 1970
 * @param untold the change of which not everybody concerned has been told yet, or null
 * @param name the name shown, as far as it was known at the last change, or null
 */
public record Seat(Role role, String version, long since, MembershipState untold, String name) {
    private static final String NONE = "-";
    private static final char TERM_END = '.';

    /** Whether the user is a member. */
    public boolean taken() {
        return role != null;
    }

    /**
     * What tells this membership from an earlier or a later one of the same user in the same group: it stays from the addition to the removal, the latter
     * included, whatever roles there are in between.
     */
    public String term() {
        int dot = version.indexOf(TERM_END);
        return dot < 0 ? version : version.substring(0, dot);
    }

    /** The version of a change within the membership that this seat belongs to. */
    String versionWithin(String unique) {
        return term() + TERM_END + unique;
    }

    /** What stands for it in the user's list of groups: role and term, or null for no member. */
    String listing() {
        return taken() ? role.wire() + ' ' + term() : null;
    }

    /** The seat as text: role, version, since, what is untold, and the name, which alone may have blanks. */
    public String encode() {
        String text = String.join(
                " ",
                role == null ? NONE : role.wire(),
                version,
                Long.toString(since),
                untold == null ? NONE : untold.wire());
        return name == null ? text : text + ' ' + name;
    }

    /** Reads what {@link #encode} wrote. */
    public static Seat decode(String text) {
        String[] parts = text.split(" ", 5);
        return new Seat(
                parts[0].equals(NONE) ? null : Role.ofWire(parts[0]),
                parts[1],
                Long.parseLong(parts[2]),
                parts[3].equals(NONE) ? null : MembershipState.valueOf(parts[3].toUpperCase(Locale.ROOT)),
                parts.length < 5 ? null : parts[4]);
    }

    Seat told() {
        return new Seat(role, version, since, null, name);
    }
}
