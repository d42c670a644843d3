package dev.parley.server.hook;

import java.util.Set;

/**
 * Somebody who is about to connect.
 *
 * @param user the user's id, by a token that was verified
 * @param name the name shown
 * @param roles the token's; never null
 * @param guest whether the hub made the identity up
 * @param address from where, as limits count it: of IPv6 the network only
 * @param connection the id that the connection will have; {@value #BY_CALL} for a call of the HTTP API by a person, each of which is asked about
 */
public record Connecting(
        String user, String name, Set<String> roles, boolean guest, String address, String connection) {

    /** What stands for the connection where there is only a call. */
    public static final String BY_CALL = "http";
}
