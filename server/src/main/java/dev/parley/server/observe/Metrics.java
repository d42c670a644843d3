package dev.parley.server.observe;

import dev.parley.server.cluster.Leases;
import dev.parley.server.cluster.LocalConnections;
import dev.parley.server.delivery.Counters;
import dev.parley.server.delivery.LiveChannels;
import dev.parley.server.hook.HookCounters;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.limit.Limit;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;

/**
 * The names under which Parley's figures are found at {@code /q/metrics}, where dots are underscores and counters end in {@code _total}. All of this instance
 * only. Bound once at the start; read when somebody asks, so that counting costs no more than an addition.
 */
@Singleton
public final class Metrics {

    /** Gauge: open connections, those before their hello included. */
    public static final String CONNECTIONS = "parley.connections";

    /** Gauge: channels that connections of this instance follow. */
    public static final String CHANNELS = "parley.channels";

    /** Gauge: living instances, this one included. */
    public static final String NODES = "parley.nodes";

    /** Counter: entries handed to the event loops. */
    public static final String ENTRIES = "parley.delivery.entries";

    /** Counter: batches that found a follower's socket full, who is caught up from the log later. */
    public static final String BEHIND = "parley.delivery.behind";

    /** Counter: volatile frames not written because the socket was full. */
    public static final String VOLATILE_DROPPED = "parley.delivery.volatile.dropped";

    /** Counter: gaps told to clients, entries they cannot have any more. */
    public static final String GAPS_DECLARED = "parley.delivery.gaps.declared";

    /** Counter: times a live channel read entries that no doorbell had brought. */
    public static final String GAPS_FILLED = "parley.delivery.gaps.filled";

    /** Counter: times the audit found a channel behind its log. */
    public static final String AUDIT_FINDINGS = "parley.delivery.audit.findings";

    /** Counter: times a limit was reached, by the tag {@code limit}, which is the property's name below {@code parley.limits}. */
    public static final String LIMITS_EXCEEDED = "parley.limits.exceeded";

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
            Exceeded exceeded,
            HookCounters hooks) {
        Gauge.builder(CONNECTIONS, connections, LocalConnections::count)
                .description("Open connections")
                .register(registry);
        Gauge.builder(CHANNELS, channels, LiveChannels::count)
                .description("Channels followed by connections here")
                .register(registry);
        Gauge.builder(NODES, leases, known -> known.alive().size())
                .description("Living instances")
                .register(registry);
        count(ENTRIES, "Entries handed to the event loops", counters.entries);
        count(BEHIND, "Batches that found a follower's socket full", counters.behind);
        count(VOLATILE_DROPPED, "Volatile frames dropped at a full socket", counters.volatileDropped);
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

    private void count(String name, String description, LongAdder counter) {
        FunctionCounter.builder(name, counter, LongAdder::sum)
                .description(description)
                .register(registry);
    }
}
