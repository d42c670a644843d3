package dev.parley.server.hook;

import java.util.Set;

/** What becomes of a connection. */
public sealed interface ConnectDecision {

    /** It is let in as it is. */
    ConnectDecision ACCEPT = new Accept(null, null);

    /**
     * It is let in, perhaps as somebody else than the token says.
     *
     * @param name the name shown, 1 to 80 characters, or null for the token's
     * @param roles the roles, or null for the token's
     */
    record Accept(String name, Set<String> roles) implements ConnectDecision {}

    /**
     * It is refused with {@code forbidden}, and closed with 1008.
     *
     * @param detail one sentence for the user
     */
    record Refuse(String detail) implements ConnectDecision {}
}
