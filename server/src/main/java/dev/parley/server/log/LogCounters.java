package dev.parley.server.log;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** What the log counts, batch by batch; read by the metrics. Any thread. */
@Singleton
public final class LogCounters {
    /** Entries that found their place. */
    public final LongAdder stored = new LongAdder();

    /** Appends that were repeats, and answered with the place of the first. */
    public final LongAdder repeated = new LongAdder();

    /** Appends whose sender was told {@code unavailable}. */
    public final LongAdder refused = new LongAdder();

    private volatile LongConsumer batchTime = nanos -> {};

    /** Names who hears how long each batch took at Redis, in nanoseconds, its replicas included where they are waited for. */
    public void onBatch(LongConsumer listener) {
        batchTime = listener;
    }

    /** A batch came back after so many nanoseconds. */
    public void batchTook(long nanos) {
        batchTime.accept(nanos);
    }
}
