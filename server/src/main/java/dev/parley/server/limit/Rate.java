package dev.parley.server.limit;

/**
 * So many in the long run, so many at once after a rest. Immutable and shared: whoever is held to it keeps one number, the time until which what was taken is not
 * made up for yet (the generic cell rate algorithm).
 *
 * @param nanosEach how long one takes to be made up for
 * @param burstNanos how far what was taken may be ahead of time
 */
public record Rate(double nanosEach, long burstNanos) {
    private static final double NANOS = 1e9;

    /**
     * A rate.
     *
     * @param perSecond in the long run
     * @param burst at once
     */
    public static Rate of(double perSecond, double burst) {
        return new Rate(NANOS / perSecond, (long) (burst / perSecond * NANOS));
    }

    /**
     * Takes some.
     *
     * @param until the number kept; a {@link System#nanoTime} for who comes new
     * @param now a {@link System#nanoTime}
     * @param some how many
     * @return the number to keep from now on
     */
    public long take(long until, long now, long some) {
        return (until - now > 0 ? until : now) + (long) (some * nanosEach);
    }

    /** How long to wait until what was taken is within bounds, in nanoseconds; none where it is not positive. */
    public long excess(long until, long now) {
        return until - now - burstNanos;
    }
}
