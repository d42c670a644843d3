package dev.parley.client;

import dev.parley.protocol.Cursor;
import java.util.Map;

/**
 * Keeps cursors beyond the life of a process, so that the next one goes on where this one left off.
 *
 * <p>A cursor is saved after the listener has returned from what it stands at: a process that dies in between gets that entry again. {@link #load} is called
 * once, when the client is built; the others on the listener's thread, where they may block. What they throw is logged.
 */
public interface CursorStore {

    /** The cursors saved so far, by channel. Groups among them are followed again. */
    Map<String, Cursor> load();

    /** Everything up to the cursor has been handled. */
    void save(String channel, Cursor cursor);

    /** The channel is followed no longer. */
    void remove(String channel);
}
