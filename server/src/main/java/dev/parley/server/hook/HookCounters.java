package dev.parley.server.hook;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;

/** What hooks have decided and webhooks have told since the start; read by the metrics. */
@Singleton
public final class HookCounters {
    /** Connections and messages that a hook refused. */
    public final LongAdder refused = new LongAdder();

    /** Decisions that came too late, or failed. */
    public final LongAdder failed = new LongAdder();

    /** Events that a webhook took. */
    public final LongAdder delivered = new LongAdder();

    /** Calls of a webhook with an event that it did not take, and that were or will be repeated. */
    public final LongAdder retried = new LongAdder();

    /** Events that were given up: the webhook did not take them in all attempts, or too many waited. */
    public final LongAdder dead = new LongAdder();

    /** Events that wait for their webhook to take them. */
    public final LongAdder waiting = new LongAdder();
}
