package dev.parley.server.gateway;

/**
 * A token bucket: so many requests a second in the long run, so many at once after a rest. Belongs to one connection's event loop.
 */
final class Allowance {
    private static final double NANOS = 1e9;

    private final Rate rate;
    private double left;
    private long at;

    /** How much is allowed, the same for all connections. */
    record Rate(int perSecond, int burst) {}

    Allowance(Rate rate, long now) {
        this.rate = rate;
        this.left = rate.burst;
        this.at = now;
    }

    /** Takes one, if there is one. {@code now} is a {@link System#nanoTime}. */
    boolean take(long now) {
        left = Math.min(rate.burst, left + (now - at) / NANOS * rate.perSecond);
        at = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }

    /** Whether a good part of what may come at once is there again: who asks in such a pace is not pressing. */
    boolean isRested() {
        return left >= rate.burst / 4.0;
    }

    /** Milliseconds until there is one again, at least 1. */
    long millisUntilNext() {
        return Math.max(1, Math.round(Math.ceil((1 - left) / rate.perSecond * 1000)));
    }
}
