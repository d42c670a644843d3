package dev.parley.protocol;

/**
 * What one connection may do, as told in {@code welcome}; and the bounds that are part of the protocol itself.
 *
 * @param frame largest WebSocket message in bytes; a larger one closes the connection with 1009
 * @param message largest JSON object in bytes; a larger one is {@code too_large}
 * @param sendsPerSecond sends a second in the long run
 * @param sendBurst sends at once after a rest
 * @param inFlight requests under way without an answer
 * @param groups groups followed at once
 */
public record Limits(int frame, int message, int sendsPerSecond, int sendBurst, int inFlight, int groups) {

    /** The largest counting number: 2<sup>53</sup> − 1, what a JavaScript number holds exactly. */
    public static final long COUNT_MAX = (1L << 53) - 1;

    /** Deepest nesting of arrays and objects in a frame, the frame's own object included. */
    public static final int DEPTH_MAX = 200;

    /** Most entries of a history page. */
    public static final int HISTORY_MAX = 200;

    /** Entries of a history page where no limit is given. */
    public static final int HISTORY_DEFAULT = 50;

    /** Most members of a page. */
    public static final int MEMBERS_MAX = 200;

    /** Members of a page where no limit is given. */
    public static final int MEMBERS_DEFAULT = 50;

    /** Longest cursor of a page in characters. */
    public static final int CURSOR_MAX = 256;

    /** Most users in {@code except}. */
    public static final int EXCEPT_MAX = 200;

    /** Most users in {@code mentions}. */
    public static final int MENTIONS_MAX = 50;

    /** Longest title of a group in characters. */
    public static final int TITLE_MAX = 100;

    /** Longest topic of a group in characters. */
    public static final int TOPIC_MAX = 300;

    /** Most messages that a search finds at a time. */
    public static final int SEARCH_MAX = 50;

    /** Messages that a search finds where no limit is given. */
    public static final int SEARCH_DEFAULT = 20;

    /** Longest text to search for in characters. */
    public static final int SEARCH_TEXT_MAX = 100;

    /** Most bytes of a user's settings for a group. */
    public static final int SETTINGS_MAX = 1024;

    /** As far as unread messages are counted: there are so many, or more. */
    public static final int UNREAD_MAX = 100;

    /** Longest token in characters. */
    public static final int TOKEN_MAX = 8192;
}
