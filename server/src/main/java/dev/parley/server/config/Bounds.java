package dev.parley.server.config;

import static dev.parley.server.config.Bound.count;
import static dev.parley.server.config.Bound.duration;

import java.util.List;
import java.util.stream.Stream;

/** Every {@link Bound} of the tree. The least values keep a mistake from shutting everybody out, the largest are far beyond sense. */
final class Bounds {
    private static final long MIB = 1 << 20;

    private Bounds() {}

    static final List<Bound<ParleyConfig>> FIXED = List.of(
            duration("parley.guests.lifetime", c -> c.guests().lifetime(), "1M", "3650D"),
            duration("parley.tokens.jwks.refresh", c -> c.tokens().jwks().refresh(), "10S", "24H"),
            duration("parley.tokens.jwks.pause", c -> c.tokens().jwks().pause(), "0.1S", "10M"),
            duration("parley.tokens.leeway", c -> c.tokens().leeway(), "0S", "5M"),
            duration("parley.tokens.longest-life", c -> c.tokens().longestLife(), "1M", "3650D"),
            count("parley.limits.message", "bytes", c -> c.limits().message(), 1024, 16 * MIB),
            count("parley.limits.frame", "bytes", c -> c.limits().frame(), 1024, 64 * MIB),
            count(
                    "parley.limits.sends-per-second",
                    "sends a second",
                    c -> c.limits().sendsPerSecond(),
                    1,
                    1_000_000),
            count("parley.limits.send-burst", "sends", Bounds::sendBurst, 1, 2_000_000),
            count(
                    "parley.limits.requests-per-second",
                    "requests a second",
                    c -> c.limits().requestsPerSecond(),
                    1,
                    1_000_000),
            count(
                    "parley.limits.frames-per-second",
                    "frames a second",
                    c -> c.limits().framesPerSecond().orElse(10),
                    10,
                    10_000_000),
            count(
                    "parley.limits.bytes-per-second",
                    "bytes a second",
                    c -> c.limits().bytesPerSecond(),
                    1024,
                    1L << 40),
            count("parley.limits.in-flight", "sends", c -> c.limits().inFlight(), 1, 10_000),
            count("parley.limits.groups", "groups", c -> c.limits().groups(), 1, 100_000),
            count("parley.limits.connections", "connections", c -> c.limits().connections(), 1, 10_000_000),
            count(
                    "parley.limits.connections-per-address",
                    "connections",
                    c -> c.limits().connectionsPerAddress(),
                    1,
                    10_000_000),
            count(
                    "parley.limits.connections-per-user",
                    "connections",
                    c -> c.limits().connectionsPerUser(),
                    1,
                    10_000_000),
            count(
                    "parley.limits.guests-per-address",
                    "guests an hour",
                    c -> c.limits().guestsPerAddress(),
                    1,
                    10_000_000),
            count(
                    "parley.limits.tickets-per-user",
                    "tickets a minute",
                    c -> c.limits().ticketsPerUser(),
                    1,
                    1_000_000),
            count("parley.limits.group-name", "characters", c -> c.limits().groupName(), 8, 128),
            count("parley.limits.history-page", "entries", c -> c.limits().historyPage(), 1, 200),
            count("parley.limits.body", "bytes", c -> c.limits().body(), 1024, 64 * MIB),
            count("parley.limits.handshakes", "hellos a second", c -> c.limits().handshakes(), 1, 1_000_000),
            count("parley.limits.outgoing", "bytes", c -> c.limits().outgoing(), 64 * 1024, 256 * MIB),
            duration("parley.limits.hello", c -> c.limits().hello(), "1S", "10M"),
            duration("parley.limits.send-timeout", c -> c.limits().sendTimeout(), "0.1S", "1M"),
            duration("parley.hooks.deadline", c -> c.hooks().deadline(), "0.01S", "1M"),
            duration("parley.heartbeat.interval", c -> c.heartbeat().interval(), "1S", "1H"),
            duration("parley.heartbeat.timeout", c -> c.heartbeat().timeout(), "1S", "1H"),
            duration("parley.drain.pause", c -> c.drain().pause(), "0S", "1H"),
            duration("parley.drain.window", c -> c.drain().window(), "0S", "24H"),
            count("parley.memory.bytes", "bytes", c -> c.memory().bytes(), MIB, MIB << 20),
            duration("parley.redis.probe", c -> c.redis().probe(), "0.1S", "1M"),
            count("parley.redis.wait-replicas", "replicas", c -> c.redis().waitReplicas(), 0, 16));

    /** Of one namespace, whose name stands for {@code <name>}. */
    static final List<Bound<ParleyConfig.Namespace>> OF_NAMESPACE = List.of(
            count(
                    "parley.namespaces.\"<name>\".max-members",
                    "members",
                    n -> n.maxMembers().orElse(1),
                    1,
                    10_000_000),
            count(
                    "parley.namespaces.\"<name>\".history.size",
                    "entries",
                    n -> n.history().size(),
                    1,
                    10_000_000),
            duration(
                    "parley.namespaces.\"<name>\".history.age", n -> n.history().age(), "1S", "3650D"));

    /** Of one webhook, whose name stands for {@code <name>}. */
    static final List<Bound<ParleyConfig.Webhook>> OF_WEBHOOK = List.of(
            duration("parley.webhooks.\"<name>\".deadline", w -> w.deadline(), "0.01S", "1M"),
            count("parley.webhooks.\"<name>\".queue", "events", w -> w.queue(), 1, 10_000_000),
            count("parley.webhooks.\"<name>\".attempts", "attempts", w -> w.attempts(), 1, 1000));

    static Stream<String> complaints(String name, ParleyConfig.Webhook webhook) {
        return OF_WEBHOOK.stream()
                .filter(bound -> !bound.holds(webhook))
                .map(bound -> bound.complaint(webhook).replace("<name>", name));
    }

    static Stream<String> complaints(ParleyConfig config) {
        return FIXED.stream().filter(bound -> !bound.holds(config)).map(bound -> bound.complaint(config));
    }

    static Stream<String> complaints(String name, ParleyConfig.Namespace namespace) {
        return OF_NAMESPACE.stream()
                .filter(bound -> !bound.holds(namespace))
                .map(bound -> bound.complaint(namespace).replace("<name>", name));
    }

    /** What is not set follows from the rate, and is in bounds when that is. */
    private static long sendBurst(ParleyConfig config) {
        return config.limits().sendBurst().orElse(1);
    }
}
