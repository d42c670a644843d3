package dev.parley.server.limit;

import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The same rate for each of many: addresses, users. Each is remembered until what it took is made up for, at most a period. Any thread. */
final class KeyedRate {

    /** After so many further keys those are forgotten that are made up for. */
    private static final int SWEEP = 1024;

    private final Rate rate;
    private final LongSupplier clock;
    private final Map<String, Long> until = new ConcurrentHashMap<>();
    private int sweepAt = SWEEP;

    /**
     * A rate.
     *
     * @param most in a period, also at once
     * @param clock a {@link System#nanoTime}
     */
    KeyedRate(int most, Duration period, LongSupplier clock) {
        this.rate = Rate.of(most / (double) period.toSeconds(), most);
        this.clock = clock;
    }

    /**
     * Takes one.
     *
     * @return 0 if it may be; else it does not count, and there will be room for one in so many milliseconds
     */
    long take(String key) {
        long now = clock.getAsLong();
        long[] wait = {0};
        until.compute(key, (known, before) -> {
            long next = rate.take(before == null ? now : before, now, 1);
            wait[0] = Math.max(0, rate.excess(next, now) / 1_000_000);
            return wait[0] > 0 ? before : Long.valueOf(next);
        });
        sweep(now);
        return wait[0];
    }

    /** How many keys are remembered. */
    int size() {
        return until.size();
    }

    private synchronized void sweep(long now) {
        if (until.size() < sweepAt) {
            return;
        }
        for (Iterator<Long> each = until.values().iterator(); each.hasNext(); ) {
            if (each.next() - now <= 0) {
                each.remove();
            }
        }
        sweepAt = until.size() + SWEEP;
    }
}
