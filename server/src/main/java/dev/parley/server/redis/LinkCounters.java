package dev.parley.server.redis;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** What a {@link RedisLink} counts; read by the metrics. Counted on the link's loop, read by any thread. */
public final class LinkCounters {
    /** Connections opened, the first ones included. */
    public final LongAdder opened = new LongAdder();

    /** Connections lost that had been open. */
    public final LongAdder lost = new LongAdder();

    private volatile LongConsumer ringTime = nanos -> {};

    LinkCounters() {}

    /** Names who hears how long each ring of the probe took to come back, in nanoseconds. */
    public void onRing(LongConsumer listener) {
        ringTime = listener;
    }

    void rang(long nanos) {
        ringTime.accept(nanos);
    }
}
