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
     * @param tag the entry's own tag, random: two logs that agree on the tag of an entry agree on all before it
     * @param entry the bytes as appended; read only
     */
    void entry(String epoch, long seq, long previous, long tag, byte[] entry);

    /**
     * Something that is not kept was rung.
     *
     * @param event as given to {@link ChannelLog#ring}
     */
    void event(byte[] event);

    /** Rings may have been missed, since the way they come was interrupted; it works again now. */
    void interrupted();
}
