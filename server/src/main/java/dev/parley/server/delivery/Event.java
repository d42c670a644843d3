package dev.parley.server.delivery;

import java.util.Arrays;

/**
 * What is rung on a channel's doorbell without being kept, by its first byte: a ready frame for the followers ({@link #FRAME}, then a {@link Stored} header
 * and the frame's JSON; {@link #SIGHT}, then the same, of one that only those may have who may see who is on), or a change of presence ({@link #PRESENCE}, then what the presence package put there).
 */
public final class Event {
    static final byte FRAME = 'f';
    static final byte PRESENCE = 'p';
    static final byte SIGHT = 's';

    private Event() {}

    /**
     * A frame for all followers that {@code who} does not except.
     *
     * @param who the header that says who does not get it
     * @param frame a server frame's JSON, or those of several, one a line
     */
    public static byte[] frame(Stored who, byte[] frame) {
        return tagged(FRAME, who.encode(frame));
    }

    /** Like {@link #frame}, of who comes and goes: for those followers that {@link Follow#seesPresence see} that. Never rung to other instances. */
    static byte[] sight(Stored who, byte[] frame) {
        return tagged(SIGHT, who.encode(frame));
    }

    /** A change of presence, for the presence package of each instance that follows the channel. */
    public static byte[] presence(byte[] change) {
        return tagged(PRESENCE, change);
    }

    static byte[] payload(byte[] event) {
        return Arrays.copyOfRange(event, 1, event.length);
    }

    private static byte[] tagged(byte kind, byte[] payload) {
        byte[] event = new byte[payload.length + 1];
        event[0] = kind;
        System.arraycopy(payload, 0, event, 1, payload.length);
        return event;
    }
}
