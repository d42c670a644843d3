package dev.parley.server.log;

import dev.parley.protocol.Cursor;

/**
 * A place of a log together with what stands there: two logs that agree on a mark agree on everything before it, while a place alone may hold one entry before
 * a failover and another after it.
 *
 * @param at the place
 * @param tag the tag of the entry at {@code at}; 0 where it is not known or there is no entry
 */
public record Mark(Cursor at, long tag) {}
