package dev.parley.client.bench;

/** What happens to members, told on each one's reactor's thread: so from several at once. */
public interface Listener {

    /** What a receiver finds wrong with a channel. */
    enum Fault {
        /** An entry that came again. */
        DUPLICATE,
        /** An entry that did not come before its successor. */
        HOLE,
        /** An entry of which the server says that it can no longer be given. */
        GAP,
        /** Something that breaks the protocol. */
        MALFORMED
    }

    /** It is signed in and follows its channels. */
    default void ready(Member member) {}

    /**
     * A message came.
     *
     * @param channel the channel's index
     * @param due what its payload says, by {@link System#nanoTime}; −1 where it has none
     */
    default void delivered(Member member, int channel, long due) {}

    /** A message of this member was acknowledged; {@code due} is when it was to be sent. */
    default void acknowledged(Member member, int channel, long due) {}

    /** A message of this member was refused. */
    default void refused(Member member, int channel, String code) {}

    /** The server said no to something else. */
    default void refused(Member member, String code) {}

    /** Something is wrong with what came; {@code entries} says how many are concerned. */
    default void fault(Member member, Fault fault, long entries) {}

    /** The server could not let it in yet, and ended the connection: it is to come back after so many milliseconds. */
    default void turnedAway(Member member, long millis) {}

    /** Its connection is over, as it was told to. */
    default void left(Member member) {}

    /** Its connection is over without having been told to end, or did not come about. */
    default void lost(Member member, String why) {}
}
