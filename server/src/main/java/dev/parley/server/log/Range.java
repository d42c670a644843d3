package dev.parley.server.log;

/**
 * Which entries to read: those with {@code from <= seq <= to}, at most {@code limit} of them.
 *
 * @param channel the channel's name
 * @param from the first seq, at least 1
 * @param to the last seq, {@link Long#MAX_VALUE} for up to the newest
 * @param limit 1 or more
 * @param newest whether the limit keeps the newest ones rather than the oldest
 */
public record Range(String channel, long from, long to, int limit, boolean newest) {

    /** The oldest entries after a place. */
    public static Range after(String channel, long seq, int limit) {
        return new Range(channel, seq + 1, Long.MAX_VALUE, limit, false);
    }
}
