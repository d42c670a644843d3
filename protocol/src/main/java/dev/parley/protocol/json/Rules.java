package dev.parley.protocol.json;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.ProtocolException;

/**
 * What JSON is taken: plain RFC 8259, no deeper and with no longer numbers than this. Used by {@link FrameReader} and {@link JsonScanner}.
 *
 * @param depthMax objects and arrays inside each other, the outermost included
 * @param numberMax digits of a number
 */
record Rules(int depthMax, int numberMax) {

    /** Longest number; nobody computes with more digits, and converting them is slow for whoever tries. */
    private static final int NUMBER_MAX = 1000;

    /** A message stands deeper than it was sent in an ack: two levels in a page of history, four in a conversation. */
    private static final int PAGE_LEVELS = 4;

    /** For frames of clients, and envelopes. */
    static final Rules FRAMES = new Rules(Limits.DEPTH_MAX, NUMBER_MAX);

    /** For frames of the server. */
    static final Rules PAGES = new Rules(Limits.DEPTH_MAX + PAGE_LEVELS, NUMBER_MAX);

    /** For looking for the id in what is refused, however deep it goes. */
    static final Rules UNBOUNDED = new Rules(Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** Tells that one of the bounds is passed. */
    static ProtocolException tooMuch() {
        return new ProtocolException(
                ErrorCode.BAD_FRAME,
                "nested deeper than " + Limits.DEPTH_MAX + ", or with a number of more than " + NUMBER_MAX + " digits");
    }
}
