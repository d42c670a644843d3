package dev.parley.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Delays with full jitter: each is drawn evenly from zero to a ceiling that doubles until it reaches its limit. Belongs to one thread. */
final class Backoff {
    private final long min;
    private final long max;
    private final DoubleSupplier jitter;
    private int failures;

    /**
     * @param min the first ceiling
     * @param max the last one
     * @param jitter gives numbers from 0 (inclusive) to 1 (exclusive)
     */
    Backoff(Duration min, Duration max, DoubleSupplier jitter) {
        this.min = min.toNanos();
        this.max = max.toNanos();
        this.jitter = jitter;
    }

    Duration next() {
        // Doubling stops at 2^30, long after any sensible limit, so that the ceiling cannot overflow.
        double ceiling = Math.min((double) max, min * (double) (1L << Math.min(failures, 30)));
        failures++;
        return Duration.ofNanos((long) (ceiling * jitter.getAsDouble()));
    }

    /** The longest delay there is. */
    Duration longest() {
        return Duration.ofNanos(max);
    }

    void reset() {
        failures = 0;
    }
}
