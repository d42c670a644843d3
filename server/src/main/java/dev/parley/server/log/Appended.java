package dev.parley.server.log;

import dev.parley.protocol.Cursor;

/**
 * What became of an append.
 *
 * @param at the place of the entry
 * @param time the entry's time, milliseconds since 1970 (of a repeat: the first one's)
 * @param duplicate whether it is the repeat of an entry that stands there already
 */
public record Appended(Cursor at, long time, boolean duplicate) {}
