package dev.parley.client;

/**
 * A token bucket that keeps sends within what the server allows. Being refused would do no harm but to the order: what is sent behind a refused message
 * arrives before it. Belongs to one thread.
 */
final class Pace {
    private final double perNano;
    private final double burst;
    private double tokens;
    private long filledAt;

    /**
     * @param perSecond sends a second in the long run; none or less means no bound
     * @param burst sends at once after a rest
     * @param now the clock, in nanoseconds
     */
    Pace(int perSecond, int burst, long now) {
        this.perNano = perSecond <= 0 ? Double.POSITIVE_INFINITY : perSecond / 1e9;
        this.burst = Math.max(1, burst);
        this.tokens = this.burst;
        this.filledAt = now;
    }

    /**
     * Takes one send.
     *
     * @param now the clock, in nanoseconds
     * @return 0 when it may go now, else the nanoseconds until it may be asked for again
     */
    long take(long now) {
        if (Double.isInfinite(perNano)) {
            return 0;
        }
        tokens = Math.min(burst, tokens + (now - filledAt) * perNano);
        filledAt = now;
        if (tokens >= 1) {
            tokens--;
            return 0;
        }
        return (long) Math.ceil((1 - tokens) / perNano);
    }
}
