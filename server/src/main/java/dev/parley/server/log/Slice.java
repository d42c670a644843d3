package dev.parley.server.log;

import dev.parley.protocol.Cursor;
import java.util.List;

/**
 * A piece of a log, read in one step together with the head.
 *
 * @param head the last place at that moment
 * @param entries in rising seq without holes, except for what the log no longer has
 * @param more whether the range may hold further entries, on the far side of these: the read ended at its limit or its size
 */
public record Slice(Cursor head, List<Entry> entries, boolean more) {}
