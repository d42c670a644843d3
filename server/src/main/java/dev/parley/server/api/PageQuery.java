package dev.parley.server.api;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.ServerFrame.Message;
import dev.parley.protocol.ServerFrame.Result.Page;
import dev.parley.protocol.json.FrameWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The bounds of a page of history, from a query.
 *
 * @param before only smaller seq, or null
 * @param after only greater seq, or null
 * @param limit 1 to {@value Limits#HISTORY_MAX}
 * @param epoch the life of the log that a bound belongs to, or null
 */
record PageQuery(Long before, Long after, int limit, String epoch) {

    /** Digits of 2<sup>53</sup>. */
    private static final int DIGITS_MAX = 16;

    /**
     * Reads the query's parameters, each null where absent.
     *
     * @throws ProtocolException ({@code bad_frame}) for what is no count, or both bounds at once
     */
    static PageQuery of(String before, String after, String limit) {
        if (before != null && after != null) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "give either before or after, not both");
        }
        Long entries = count("limit", limit);
        long clamped = entries == null ? Limits.HISTORY_DEFAULT : Math.max(1, Math.min(entries, Limits.HISTORY_MAX));
        return new PageQuery(count("before", before), count("after", after), (int) clamped, null);
    }

    /** How many a search is to find. */
    int found(String asked) {
        return asked == null ? Limits.SEARCH_DEFAULT : Math.min(limit, Limits.SEARCH_MAX);
    }

    /**
     * The same from an opaque cursor on.
     *
     * @param cursor what {@link #answer} gave as {@code next}, or null
     */
    PageQuery from(String cursor) {
        if (cursor == null) {
            return this;
        }
        if (before != null || after != null) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "a cursor goes with neither before nor after");
        }
        OpaqueCursor.Page page = OpaqueCursor.page(cursor);
        Long bound = page.at().seq();
        return new PageQuery(
                page.older() ? bound : null,
                page.older() ? null : bound,
                limit,
                page.at().epoch());
    }

    /**
     * The page as an answer, with the cursor of the following one where there is more.
     *
     * @throws ProtocolException ({@code conflict}) where the log began anew since the cursor was given
     */
    byte[] answer(Page found) {
        byte[] json = FrameWriter.result(found);
        List<Message> messages = found.messages();
        if (messages.isEmpty()) {
            return json;
        }
        Cursor first = messages.get(0).at();
        if (epoch != null && !epoch.equals(first.epoch())) {
            throw new ProtocolException(ErrorCode.CONFLICT, "the log began anew since this cursor was given");
        }
        if (!found.more()) {
            return json;
        }
        Cursor far = after == null ? first : messages.get(messages.size() - 1).at();
        String next = ",\"next\":\"" + OpaqueCursor.of(new OpaqueCursor.Page(far, after == null)) + "\"}";
        byte[] tail = next.getBytes(StandardCharsets.US_ASCII);
        byte[] answer = Arrays.copyOf(json, json.length - 1 + tail.length);
        System.arraycopy(tail, 0, answer, json.length - 1, tail.length);
        return answer;
    }

    private static Long count(String name, String value) {
        if (value == null) {
            return null;
        }
        boolean digits = !value.isEmpty()
                && value.length() <= DIGITS_MAX
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        long count = digits ? Long.parseLong(value) : -1;
        if (count < 0 || count > Limits.COUNT_MAX) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, name + " is not an integer from 0 to 2^53-1");
        }
        return count;
    }
}
