package dev.parley.server.gateway;

/**
 * A token bucket: so many requests a second in the long run, so many at once after a rest. Belongs to one connection's event loop.
 */
final class Allowance {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private double left;
    private long at;

    Allowance(int perSecond, int burst, long now) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.left = burst;
        this.at = now;
    }

    /** Takes one, if there is one. {@code now} is a {@link System#nanoTime}. */
    boolean take(long now) {
        left = Math.min(burst, left + (now - at) / NANOS * perSecond);
        at = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }

    /** Whether a good part of what may come at once is there again: who asks in such a pace is not pressing. */
    boolean isRested() {
        return left >= burst / 4;
    }

    /** Milliseconds until there is one again, at least 1. */
    long millisUntilNext() {
        return Math.max(1, Math.round(Math.ceil((1 - left) / perSecond * 1000)));
    }
}
