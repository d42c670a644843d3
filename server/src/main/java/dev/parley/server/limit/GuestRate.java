package dev.parley.server.limit;

import dev.parley.server.config.ParleyConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How many guests are made for one address: each of them is kept for months by what knows users. Asked by the gateway and the HTTP API, on any thread.
 *
 * <p>An address is remembered until its guests are made up for, at most an hour.
 */
@Singleton
public final class GuestRate {
    private static final double SECONDS = Duration.ofHours(1).toSeconds();

    /** After so many further addresses those are forgotten that are made up for. */
    private static final int SWEEP = 1024;

    private final Rate rate;
    private final Exceeded exceeded;
    private final LongSupplier clock;
    private final Map<String, Long> until = new ConcurrentHashMap<>();
    private int sweepAt = SWEEP;

    @Inject
    GuestRate(ParleyConfig config, Exceeded exceeded) {
        this(config.limits().guestsPerAddress(), exceeded, System::nanoTime);
    }

    /** @param clock a {@link System#nanoTime} */
    GuestRate(int perHour, Exceeded exceeded, LongSupplier clock) {
        this.rate = Rate.of(perHour / SECONDS, perHour);
        this.exceeded = exceeded;
        this.clock = clock;
    }

    /**
     * Counts a guest that is about to be made.
     *
     * @param address as {@link ClientAddress} says it
     * @return 0 if it may be; else it does not count, and there will be room for one in so many milliseconds
     */
    public long take(String address) {
        long now = clock.getAsLong();
        long[] wait = {0};
        until.compute(address, (known, before) -> {
            long next = rate.take(before == null ? now : before, now, 1);
            long excess = rate.excess(next, now);
            wait[0] = Math.max(0, excess / 1_000_000);
            return wait[0] > 0 ? before : Long.valueOf(next);
        });
        if (wait[0] > 0) {
            exceeded.count(Limit.GUESTS_PER_ADDRESS);
        }
        sweep(now);
        return wait[0];
    }

    /** How many addresses are remembered. */
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
