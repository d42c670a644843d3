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
 * @param connection the id that the connection will have
 */
public record Connecting(
        String user, String name, Set<String> roles, boolean guest, String address, String connection) {}
