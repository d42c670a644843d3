package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.delivery.EventId;
import io.vertx.core.MultiMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is asked of {@code GET /v1/stream}.
 *
 * @param channels what is to be followed, at least one
 * @param from by channel, where the client stands; of others it takes what comes from now on
 * @param last of a channel without a place, so many of the newest entries come first
 * @param comesBack whether the client comes back by itself where a stream ends, as browsers do
 */
record StreamRequest(List<Address> channels, Map<String, Cursor> from, int last, boolean comesBack) {

    /** The ids of events hold a place for each, and have to fit into a header of the next request. */
    static final int CHANNELS_MAX = 32;

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final int DIGITS_MAX = 3;

    /**
     * Reads a request.
     *
     * @param query its parameters
     * @param headers its headers, of which {@code Last-Event-ID} wins over the parameter {@code lastEventId}
     * @throws ProtocolException ({@code bad_frame}) for anything that cannot be followed
     */
    static StreamRequest of(MultiMap query, MultiMap headers) {
        Set<Address> channels = new LinkedHashSet<>();
        for (String channel : query.getAll("channel")) {
            Address address = Address.ofChannel(channel);
            if (!address.keepsMessages()) {
                throw new ProtocolException(ErrorCode.BAD_FRAME, "a connection keeps nothing that could be streamed");
            }
            channels.add(address);
        }
        if (channels.isEmpty() || channels.size() > CHANNELS_MAX) {
            throw new ProtocolException(
                    ErrorCode.BAD_FRAME,
                    "say which channels, 1 to " + CHANNELS_MAX + " of them: ?channel=group/…&channel=all");
        }
        String id = headers.contains(LAST_EVENT_ID) ? headers.get(LAST_EVENT_ID) : query.get("lastEventId");
        String accept = headers.get("Accept");
        return new StreamRequest(
                List.copyOf(channels),
                EventId.parse(id == null ? "" : id),
                last(query.get("last")),
                accept != null && accept.contains("text/event-stream"));
    }

    private static int last(String entries) {
        if (entries == null) {
            return 0;
        }
        boolean isCount = !entries.isEmpty()
                && entries.length() <= DIGITS_MAX
                && entries.chars().allMatch(c -> c >= '0' && c <= '9');
        int last = isCount ? Integer.parseInt(entries) : -1;
        if (last < 0 || last > Limits.HISTORY_MAX) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "last is not a number from 0 to " + Limits.HISTORY_MAX);
        }
        return last;
    }
}
