package dev.parley.server.observe;

import dev.parley.protocol.CloseReason;
import dev.parley.server.cluster.Drain;
import dev.parley.server.cluster.Leases;
import dev.parley.server.cluster.LocalConnections;
import dev.parley.server.delivery.Counters;
import dev.parley.server.delivery.LiveChannels;
import dev.parley.server.hook.HookCounters;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.limit.Limit;
import dev.parley.server.log.LogCounters;
import dev.parley.server.redis.RedisLink;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The names under which Parley's figures are found at {@code /q/metrics}, where dots are underscores and counters end in {@code _total}. All of this instance
 * only. Bound once at the start; read when somebody asks, so that counting costs no more than an addition.
 */
@Singleton
public final class Metrics {

    /** Gauge: open connections, those before their hello included. */
    public static final String CONNECTIONS = "parley.connections";

    /** Counter: connections that this instance ended, by the tag {@code code}: the close code of the contract. */
    public static final String CLOSED = "parley.connections.closed";

    /** Gauge: channels that connections of this instance follow. */
    public static final String CHANNELS = "parley.channels";

    /** Gauge: living instances, this one included. */
    public static final String NODES = "parley.nodes";

    /** Counter: entries handed to the event loops. */
    public static final String ENTRIES = "parley.delivery.entries";

    /** Counter: batches that found a follower's socket full, who is caught up from the log later. */
    public static final String BEHIND = "parley.delivery.behind";

    /** Counter: entries written, one for each follower, without those read back from the log. */
    public static final String DELIVERIES = "parley.delivery.deliveries";

    /** Timer: what one event loop takes to write a batch to its followers of a channel. One in eight is timed. */
    public static final String FANOUT = "parley.delivery.fanout";

    /** Timer: from a batch's being heard on this instance until it was written to the followers on one loop. One in eight is timed. */
    public static final String DELAY = "parley.delivery.delay";

    /** Counter: reads of the log for one connection that was away or behind. */
    public static final String CATCH_UPS = "parley.delivery.catchups";

    /** Gauge: such reads under way. */
    public static final String CATCHING_UP = "parley.delivery.catching.up";

    /** Counter: volatile frames dropped, by the tag {@code cause}: a full {@code socket}, {@code loop} or {@code queue}. */
    public static final String VOLATILE_DROPPED = "parley.delivery.volatile.dropped";

    /** Counter: gaps told to clients, entries they cannot have any more. */
    public static final String GAPS_DECLARED = "parley.delivery.gaps.declared";

    /** Counter: times a live channel read entries that no doorbell had brought. */
    public static final String GAPS_FILLED = "parley.delivery.gaps.filled";

    /** Counter: times the audit found a channel behind its log. */
    public static final String AUDIT_FINDINGS = "parley.delivery.audit.findings";

    /** Counter: times a limit was reached, by the tag {@code limit}, which is the property's name below {@code parley.limits}. */
    public static final String LIMITS_EXCEEDED = "parley.limits.exceeded";

    /** Counter: appends by the tag {@code result}: {@code stored}, {@code repeated} or {@code refused}. */
    public static final String APPENDS = "parley.appends";

    /** Timer: a batch of appends, from its leaving for Redis to the answer. */
    public static final String REDIS_APPEND = "parley.redis.append";

    /** Timer: a ring of the probe, from its leaving for Redis until it is heard here. */
    public static final String REDIS_RING = "parley.redis.ring";

    /** Counter: connections to Redis opened, the first ones included. */
    public static final String REDIS_OPENED = "parley.redis.connections.opened";

    /** Counter: connections to Redis lost. */
    public static final String REDIS_LOST = "parley.redis.connections.lost";

    /** Gauge: 1 while the way through the log works, or there is no Redis; else 0. */
    public static final String LOG_REACHABLE = "parley.log.reachable";

    /** Gauge: bytes that all primaries of Redis use. */
    public static final String REDIS_MEMORY_USED = "parley.redis.memory.used";

    /** Gauge: bytes that all primaries of Redis may use; 0 without a limit. */
    public static final String REDIS_MEMORY_MAX = "parley.redis.memory.max";

    /** Gauge: 1 when Redis would throw messages away to make room; else 0. */
    public static final String REDIS_EVICTS = "parley.redis.evicts";

    /** Timer: by how much an event loop is late, looked at twice a second. */
    public static final String LOOP_DELAY = "parley.loop.delay";

    /** Gauge: 1 once this instance is on its way out; else 0. */
    public static final String DRAINING = "parley.draining";

    /** Counter: connections and messages that a hook refused. */
    public static final String HOOKS_REFUSED = "parley.hooks.refused";

    /** Counter: decisions of hooks that came too late, or failed. */
    public static final String HOOKS_FAILED = "parley.hooks.failed";

    /** Counter: events that webhooks took. */
    public static final String WEBHOOKS_DELIVERED = "parley.webhooks.delivered";

    /** Counter: calls with an event that were not taken, and are repeated. */
    public static final String WEBHOOKS_RETRIED = "parley.webhooks.retried";

    /** Counter: events given up. */
    public static final String WEBHOOKS_DEAD = "parley.webhooks.dead";

    /** Gauge: events that wait for their webhook. */
    public static final String WEBHOOKS_WAITING = "parley.webhooks.waiting";

    /** Bounds of the buckets of all timers. */
    private static final Duration[] BUCKETS = Stream.of(
                    100,
                    250,
                    500,
                    1_000,
                    2_500,
                    5_000,
                    10_000,
                    25_000,
                    50_000,
                    100_000,
                    250_000,
                    500_000,
                    1_000_000,
                    2_500_000,
                    10_000_000)
            .map(micros -> Duration.ofNanos(1000L * micros))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;

    Metrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void bind(
            @Observes StartupEvent event,
            LocalConnections connections,
            LiveChannels channels,
            Leases leases,
            Counters counters,
            LogCounters log,
            Exceeded exceeded,
            HookCounters hooks) {
        Gauge.builder(CONNECTIONS, connections, LocalConnections::count)
                .description("Open connections")
                .register(registry);
        for (CloseReason reason : CloseReason.values()) {
            String code = Integer.toString(reason.code());
            count(CLOSED, "Connections ended by this instance", counters.closed(reason), "code", code);
        }
        Gauge.builder(CHANNELS, channels, LiveChannels::count)
                .description("Channels followed by connections here")
                .register(registry);
        Gauge.builder(NODES, leases, known -> known.alive().size())
                .description("Living instances")
                .register(registry);
        count(ENTRIES, "Entries handed to the event loops", counters.entries);
        count(BEHIND, "Batches that found a follower's socket full", counters.behind);
        count(DELIVERIES, "Entries written, one for each follower", counters.deliveries);
        count(CATCH_UPS, "Reads of the log for one connection", counters.catchUps);
        Gauge.builder(CATCHING_UP, counters.catchingUp, LongAdder::sum)
                .description("Reads of the log for one connection, under way")
                .register(registry);
        Timer fanout = timer(FANOUT, "Writing a batch to the followers on one event loop");
        Timer delay = timer(DELAY, "From hearing of a batch until it is written");
        counters.onBatch(
                nanos -> fanout.record(nanos, TimeUnit.NANOSECONDS),
                nanos -> delay.record(nanos, TimeUnit.NANOSECONDS));
        Map.of(
                        "socket", counters.volatileDropped,
                        "loop", counters.volatileDroppedAtLoop,
                        "queue", counters.volatileDroppedAtQueue)
                .forEach((cause, counter) ->
                        count(VOLATILE_DROPPED, "Volatile frames dropped", counter, "cause", cause));
        Map.of("stored", log.stored, "repeated", log.repeated, "refused", log.refused)
                .forEach((result, counter) -> count(APPENDS, "Appends to the log", counter, "result", result));
        Timer append = timer(REDIS_APPEND, "A batch of appends at Redis");
        log.onBatch(nanos -> append.record(nanos, TimeUnit.NANOSECONDS));
        count(GAPS_DECLARED, "Gaps told to clients", counters.gapsDeclared);
        count(GAPS_FILLED, "Reads for entries that no doorbell brought", counters.gapsFilled);
        for (Limit limit : Limit.values()) {
            FunctionCounter.builder(LIMITS_EXCEEDED, exceeded, counts -> counts.of(limit))
                    .tag("limit", limit.tag())
                    .description("Times a limit was reached")
                    .register(registry);
        }
        count(HOOKS_REFUSED, "Connections and messages that a hook refused", hooks.refused);
        count(HOOKS_FAILED, "Decisions that came too late, or failed", hooks.failed);
        count(WEBHOOKS_DELIVERED, "Events that webhooks took", hooks.delivered);
        count(WEBHOOKS_RETRIED, "Calls with an event that are repeated", hooks.retried);
        count(WEBHOOKS_DEAD, "Events given up", hooks.dead);
        Gauge.builder(WEBHOOKS_WAITING, hooks.waiting, LongAdder::sum)
                .description("Events that wait for their webhook")
                .register(registry);
        count(AUDIT_FINDINGS, "Channels the audit found behind their log", counters.auditFindings);
    }

    void bindRedis(
            @Observes StartupEvent event, RedisLink link, RedisCare care, Leases leases, Drain drain, Pulse pulse) {
        Timer ring = timer(REDIS_RING, "A ring through Redis and back");
        link.counters().onRing(nanos -> ring.record(nanos, TimeUnit.NANOSECONDS));
        count(REDIS_OPENED, "Connections to Redis opened", link.counters().opened);
        count(REDIS_LOST, "Connections to Redis lost", link.counters().lost);
        gauge(REDIS_MEMORY_USED, "Memory that Redis uses", care, RedisCare::used, "bytes");
        gauge(REDIS_MEMORY_MAX, "Memory that Redis may use", care, RedisCare::most, "bytes");
        gauge(REDIS_EVICTS, "Whether Redis would drop messages", care, known -> known.evicts() ? 1 : 0, null);
        gauge(LOG_REACHABLE, "Whether the way through the log works", leases, known -> known.reachable() ? 1 : 0, null);
        gauge(DRAINING, "Whether this instance is on its way out", drain, known -> known.draining() ? 1 : 0, null);
        Timer late = timer(LOOP_DELAY, "By how much an event loop is late");
        pulse.onBeat(nanos -> late.record(nanos, TimeUnit.NANOSECONDS));
    }

    private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value, String unit) {
        Gauge.builder(name, of, value).description(description).baseUnit(unit).register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private void count(String name, String description, LongAdder counter, String... tags) {
        FunctionCounter.builder(name, counter, LongAdder::sum)
                .tags(tags)
                .description(description)
                .register(registry);
    }
}
