package dev.parley.server.limit;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;

/** How often each limit was reached since the start. Counted where somebody is refused or slowed down, on any thread; read by the metrics. */
@Singleton
public final class Exceeded {
    private final LongAdder[] counts = new LongAdder[Limit.values().length];

    public Exceeded() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Somebody has reached it. */
    public void count(Limit limit) {
        counts[limit.ordinal()].increment();
    }

    /** How often it was reached. */
    public long of(Limit limit) {
        return counts[limit.ordinal()].sum();
    }
}
