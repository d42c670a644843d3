package dev.parley.client;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ServerFrame;

/**
 * What a client hears.
 *
 * <p>All methods of one client's listener are called on one thread of its own, one after the other, in the order of the wire. They may take their time and
 * may wait for answers: reading from the socket pauses when too many calls are outstanding, and a server that gives up on the connection meanwhile is resumed
 * where it was left. What a method throws is logged and the next call follows.
 */
public interface ParleyListener {

    /** A message; each entry of a channel comes once, in order. Without {@code at} it is kept nowhere. */
    default void onMessage(ServerFrame.Message message) {}

    /** Entries that can no longer be given. Load what is shown of the channel anew. */
    default void onGap(ServerFrame.Gap gap) {}

    /** Somebody came to or left a group, or in a large one only how many are on. */
    default void onPresence(ServerFrame.Presence presence) {}

    /** Somebody began or stopped typing; take it as stopped after five seconds. */
    default void onTyping(ServerFrame.Typing typing) {}

    /** A member has read up to a place; of oneself, on another device, with what is left. */
    default void onReceipt(ServerFrame.Receipt receipt) {}

    /** Another device of the user's has set something for a group. */
    default void onSettings(ServerFrame.Settings settings) {}

    /** One's own membership of a durable group changed. */
    default void onMembership(ServerFrame.Membership membership) {}

    /** The connection came, went, or is being made. */
    default void onState(ConnectionState state) {}

    /**
     * A channel that was to be resumed is followed no longer.
     *
     * @param channel its name
     * @param code why
     */
    default void onUnfollowed(String channel, ErrorCode code) {}

    /** An error that answers no request. */
    default void onError(ServerFrame.Error error) {}

    /** The server broke the protocol; the connection goes on. */
    default void onViolation(Violation violation) {}
}
