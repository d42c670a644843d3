package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;

/**
 * Where a connection stands in a channel that it follows.
 *
 * @param connection its id
 * @param user whose it is
 * @param at the last place that was written to its socket, or null while that is found out
 * @param hasRoom whether its socket takes more; else it is skipped until it does
 */
public record Standing(String connection, String user, Cursor at, boolean hasRoom) {}
