package dev.parley.server.limit;

import java.util.Locale;

/** The limits whose reaching is counted, under these names. */
public enum Limit {
    CONNECTIONS,
    CONNECTIONS_PER_ADDRESS,
    CONNECTIONS_PER_USER,
    GUESTS_PER_ADDRESS,
    TICKETS_PER_USER,
    HANDSHAKES,
    HELLO,
    FRAMES_PER_SECOND,
    BYTES_PER_SECOND,
    SENDS_PER_SECOND,
    REQUESTS_PER_SECOND,
    IN_FLIGHT,
    GROUPS,
    GROUP_NAME,
    FRAME,
    MESSAGE,
    HISTORY_PAGE,
    BODY;

    /** The name as metrics have it: that of the property, without {@code parley.limits}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
