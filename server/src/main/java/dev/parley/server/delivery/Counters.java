package dev.parley.server.delivery;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;

/** What delivery counts; read by the metrics. Any thread. */
@Singleton
public final class Counters {
    /** Batches that found a follower's socket full, who is then caught up from the log. */
    public final LongAdder behind = new LongAdder();

    /** Volatile frames not written because the socket was full. */
    public final LongAdder volatileDropped = new LongAdder();

    /** Gap frames written: entries that a client was told it cannot have. */
    public final LongAdder gapsDeclared = new LongAdder();

    /** Times a live channel had to read entries that no doorbell had brought. */
    public final LongAdder gapsFilled = new LongAdder();

    /** Times the audit found a channel behind its log. */
    public final LongAdder auditFindings = new LongAdder();

    /** Entries handed to the event loops. */
    public final LongAdder entries = new LongAdder();
}
