package dev.parley.server.proof;

/** One thing that a receiver was told about a channel that keeps messages. A receiver's record is a list of these, in the order of their arrival. */
public sealed interface Seen {

    /** The channel, as it is written on the wire. */
    String channel();

    /**
     * The receiver follows the channel from here on: the next entry is {@code seq} + 1.
     *
     * @param wished whether the receiver named the place, which may then lie before what it has seen
     */
    record Begun(String channel, String epoch, long seq, boolean wished) implements Seen {

        public Begun(String channel, String epoch, long seq) {
            this(channel, epoch, seq, false);
        }
    }

    /** An entry; {@code content} is the whole frame as it came. */
    record Message(String channel, String epoch, long seq, String messageId, String content) implements Seen {}

    /** Entries that the receiver may not get. */
    record Skip(String channel, String epoch, long from, long to) implements Seen {}

    /** Entries that can no longer be given. */
    record Gap(String channel, String epoch, long from, long to, String reason) implements Seen {}

    /** The receiver follows the channel no more. */
    record Ended(String channel) implements Seen {}
}
