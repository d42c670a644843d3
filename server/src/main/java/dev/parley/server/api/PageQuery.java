package dev.parley.server.api;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.ProtocolException;

/**
 * The bounds of a page of history, from a query.
 *
 * @param before only smaller seq, or null
 * @param after only greater seq, or null
 * @param limit 1 to {@value Limits#HISTORY_MAX}
 */
record PageQuery(Long before, Long after, int limit) {

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
        return new PageQuery(count("before", before), count("after", after), (int) clamped);
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
