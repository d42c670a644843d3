package dev.parley.server.log;

/**
 * Hears what is appended to a channel while it is followed. Rings may be missed (never invented): whoever needs every entry compares {@code seq} and reads
 * what is missing.
 *
 * <p>Called by one thread at a time, which must not be blocked.
 */
public interface Doorbell {

    /**
     * An entry was appended.
     *
     * @param epoch the log's epoch
     * @param seq the entry's place
     * @param previous the tag of the entry before it, 0 for the first
     * @param tag the tag of the entry, random, shared with those that were appended together with it: two logs that have an entry of the same tag at the same
     *     place agree on all before it
     * @param entry the bytes as appended; read only
     */
    void entry(String epoch, long seq, long previous, long tag, byte[] entry);

    /**
     * Something that is not kept was rung.
     *
     * @param event as given to {@link ChannelLog#ring}
     */
    void event(byte[] event);

    /** Something was appended that did not come along: it is to be read from the log. */
    default void missed() {
        interrupted();
    }

    /** Rings may have been missed, since the way they come was interrupted; it works again now. */
    void interrupted();
}
