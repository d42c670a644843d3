package dev.parley.server.security;

import java.util.Set;

/**
 * Who a connection or a caller of the HTTP API is, as its verified token says. Immutable.
 *
 * @param user the user's id, well-formed
 * @param name the name shown, 1 to 80 characters
 * @param roles what the claims {@code groups} and {@code roles} list; never null
 * @param grants what the claim {@code groups} says of groups
 * @param issued when the token was made, milliseconds since 1970; null where it does not say
 * @param tokenId the token's own id; null where it has none
 * @param expires when the token ends, milliseconds since 1970; null for never
 * @param guest whether this hub made the identity up
 */
public record Identity(
        String user,
        String name,
        Set<String> roles,
        Grants grants,
        Long issued,
        String tokenId,
        Long expires,
        boolean guest) {

    private static final String ADMIN = "admin";

    public Identity {
        roles = Set.copyOf(roles);
    }

    /** Of a token that says nothing of groups, of itself and of when it was made. */
    public Identity(String user, String name, Set<String> roles, Long expires, boolean guest) {
        this(user, name, roles, Grants.UNSAID, null, null, expires, guest);
    }

    /** The same user under another name or with other roles, each null to stay. */
    public Identity as(String otherName, Set<String> otherRoles) {
        return new Identity(
                user,
                otherName == null ? name : DisplayName.of(otherName).orElse(name),
                otherRoles == null ? roles : otherRoles,
                grants,
                issued,
                tokenId,
                expires,
                guest);
    }

    /** Whether the user may do everything: broadcast, and use the HTTP API. */
    public boolean admin() {
        return roles.contains(ADMIN);
    }
}
