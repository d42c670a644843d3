package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.ProtocolException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a stream stands in all its channels, which is the id of each of its events: {@code group/lobby=k3.42,all=a1.3}. Clients give it back and do not read it.
 * Belongs to the stream's event loop.
 */
public final class EventId {
    /** Of as many channels as a stream may have, with the longest names. */
    private static final int LENGTH_MAX = 8 * 1024;

    private static final int SEQ_DIGITS_MAX = 16;

    private final Map<String, Cursor> places = new LinkedHashMap<>(4);

    EventId() {}

    /** A channel's place has moved. */
    void moved(String channel, Cursor at) {
        places.put(channel, at);
    }

    /** The id. */
    String text() {
        StringBuilder text = new StringBuilder(64);
        places.forEach((channel, at) -> text.append(text.isEmpty() ? "" : ",")
                .append(channel)
                .append('=')
                .append(at.epoch())
                .append('.')
                .append(at.seq()));
        return text.toString();
    }

    /**
     * Reads an id.
     *
     * @param id as a client gave it; empty for none
     * @return by channel, the place
     * @throws ProtocolException ({@code bad_frame}) for anything that no stream wrote
     */
    public static Map<String, Cursor> parse(String id) {
        Map<String, Cursor> places = new LinkedHashMap<>();
        if (id.isEmpty()) {
            return places;
        }
        if (id.length() > LENGTH_MAX) {
            throw malformed();
        }
        for (String place : id.split(",", -1)) {
            int equals = place.indexOf('=');
            int dot = place.lastIndexOf('.');
            if (equals < 1 || dot < equals) {
                throw malformed();
            }
            places.put(
                    place.substring(0, equals),
                    new Cursor(place.substring(equals + 1, dot), seq(place.substring(dot + 1))));
        }
        return places;
    }

    private static long seq(String digits) {
        boolean isCount = !digits.isEmpty()
                && digits.length() <= SEQ_DIGITS_MAX
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        long seq = isCount ? Long.parseLong(digits) : -1;
        if (seq < 0 || seq > Limits.COUNT_MAX) {
            throw malformed();
        }
        return seq;
    }

    private static ProtocolException malformed() {
        return new ProtocolException(ErrorCode.BAD_FRAME, "the Last-Event-ID is none that a stream gave");
    }
}
