package dev.parley.server.delivery;

import dev.parley.protocol.CloseReason;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** What delivery counts; read by the metrics. Any thread. */
@Singleton
public final class Counters {
    /** Batches that found a follower's socket full, who is then caught up from the log. */
    public final LongAdder behind = new LongAdder();

    /** Volatile frames not written because the socket was full, one for each follower. */
    public final LongAdder volatileDropped = new LongAdder();

    /** Volatile frames not handed to an event loop, as it had too much to take already. */
    public final LongAdder volatileDroppedAtLoop = new LongAdder();

    /** Volatile frames not even put into their channel's queue, as it was full. */
    public final LongAdder volatileDroppedAtQueue = new LongAdder();

    /** Entries written, one for each follower; those read back for somebody who was behind are not in it. */
    public final LongAdder deliveries = new LongAdder();

    /** Reads of the log for one connection that was away or behind. */
    public final LongAdder catchUps = new LongAdder();

    /** Such reads that are under way; added to and taken from. */
    public final LongAdder catchingUp = new LongAdder();

    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

    /** One of so many batches is timed. */
    static final int SAMPLE = 8;

    private volatile LongConsumer fanoutTime = nanos -> {};
    private volatile LongConsumer delay = nanos -> {};

    /** With everything at nought. */
    public Counters() {
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    /** Connections that this instance has ended for a reason, those whose end the peer never heard of included. */
    public LongAdder closed(CloseReason reason) {
        return closed.get(reason);
    }

    /**
     * Names who hears of times, in nanoseconds, of one batch in {@value #SAMPLE}.
     *
     * @param fanoutTime how long one event loop took to write a batch to all its followers of a channel
     * @param delay from when a batch's first entry was heard here until it was written to them
     */
    public void onBatch(LongConsumer fanoutTime, LongConsumer delay) {
        this.fanoutTime = fanoutTime;
        this.delay = delay;
    }

    void batchWritten(long heard, long began, long ended) {
        fanoutTime.accept(ended - began);
        delay.accept(ended - heard);
    }

    /** Gap frames written: entries that a client was told it cannot have. */
    public final LongAdder gapsDeclared = new LongAdder();

    /** Times a live channel had to read entries that no doorbell had brought. */
    public final LongAdder gapsFilled = new LongAdder();

    /** Times the audit found a channel behind its log. */
    public final LongAdder auditFindings = new LongAdder();

    /** Entries handed to the event loops. */
    public final LongAdder entries = new LongAdder();
}
