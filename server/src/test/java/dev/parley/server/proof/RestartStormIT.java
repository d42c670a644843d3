package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.RedisServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An instance dies with all its connections, each of which has something to resume in three channels and comes to the one that is left. What that costs Redis is
 * counted by Redis itself.
 *
 * <p>{@code ./mvnw verify -pl server -am -Dit.test=RestartStormIT -Dparley.proof.connections=10000} does it with ten thousand connections.
 */
class RestartStormIT {
    private static final int CLIENTS = Integer.getInteger("parley.proof.connections", 5000);
    private static final int SMALL = 50;
    private static final int LARGE = 500;
    private static final int MISSED = 20;
    private static final int MISSED_INBOX = 2;
    private static final int AT_ONCE = 500;

    /** On a machine that is busy with other things; by itself it takes a few seconds. */
    private static final Duration ALL_BACK = Duration.ofSeconds(360);

    /**
     * What one connection that comes back costs Redis, commands within scripts included: its inbox is looked up, subscribed and read, the user is noted and its
     * groups are listed; everything about a group is asked once for many. The faster they come the more of them share an answer: 15 on a quiet machine, 24 where
     * hellos came at 70 a second.
     */
    private static final double COMMANDS_EACH = 30;

    /** What a connection costs besides for as long as it takes until all are back: its channels are looked up once a minute. */
    private static final double COMMANDS_EACH_A_MINUTE = 12;

    /** Of an appended message, which the bystanders go on sending: the script and what it does. */
    private static final double COMMANDS_A_MESSAGE = 8;

    /** {@code parley.limits.handshakes}, and a burst of a quarter of it. */
    private static final double COMMANDS_A_SECOND = 2500 * COMMANDS_EACH;

    private static final Duration PROCESSOR_TIME_EACH = Duration.ofMillis(20);

    @RegisterExtension
    final Hub hub =
            new Hub(2).with("parley.limits.sends-per-second", "100000").with("parley.limits.in-flight", "10000");

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
    private final List<RawClient> bystanders = new ArrayList<>();

    @Test
    void allComeBackSoonAndRedisHardlyNotices() {
        try (Swarm swarm = new Swarm(CLIENTS, hub::any, i -> List.of("small-" + i / SMALL, "large-" + i / LARGE))) {
            ServerProcess left = stay();
            swarm.arrive(hub.server(0));
            Queue<Long> before = probe(left, Duration.ofSeconds(3));

            swarm.hold();
            hub.server(0).kill();
            Map<String, Place> heads = miss(swarm, left);
            swarm.await("all have noticed", () -> swarm.count(Swarm.Member::isOpen) == 0);

            Commands idle = Commands.of(hub.redis());
            List<Sample> samples = new ArrayList<>();
            long began = System.nanoTime();
            var sampling = clock.scheduleWithFixedDelay(
                    () -> samples.add(new Sample(System.nanoTime(), Commands.total(hub.redis()))),
                    0,
                    250,
                    TimeUnit.MILLISECONDS);
            Prober prober = new Prober(left);
            Duration busy = left.processorTime();
            swarm.release();
            swarm.await("all are back and have everything", () -> swarm.count(Swarm.Member::isCaughtUp) == CLIENTS);
            long took = System.nanoTime() - began;
            Duration processor = left.processorTime().minus(busy);
            Queue<Long> during = prober.stop();
            sampling.cancel(false);
            Commands storm = Commands.of(hub.redis()).minus(idle);

            double each = (storm.all() - during.size() * COMMANDS_A_MESSAGE) / CLIENTS;
            long peak = IntStream.range(1, samples.size())
                    .mapToLong(i -> samples.get(i).rateSince(samples.get(i - 1)))
                    .max()
                    .orElse(0);
            Histogram back = new Histogram(500);
            swarm.members().forEach(member -> back.add(member.backAt() - began));
            System.out.printf(
                    "STORM of %d connections: back with everything after %.1f s and %.2f ms of processor time each;"
                            + " refused %s; welcomed by half second %s%n"
                            + "STORM Redis: %.1f commands a connection, %d a second at most; %s%n"
                            + "STORM others' acks, ms p50/p99/max: before %s, meanwhile %s; %s%n",
                    CLIENTS,
                    Swarm.seconds(took),
                    processor.toNanos() / 1e6 / CLIENTS,
                    swarm.refusals(),
                    back,
                    each,
                    peak,
                    storm.each(CLIENTS),
                    percentiles(before),
                    percentiles(during),
                    left.memory());

            assertThat(swarm.gaps()).isZero();
            assertThat(swarm.members())
                    .allSatisfy(member -> assertThat(member.returns()).isEqualTo(1));
            assertThat(swarm.members())
                    .allSatisfy(member -> heads.forEach((channel, head) -> {
                        if (member.cursor(channel) != null) {
                            assertThat(member.cursor(channel)).as(channel).isEqualTo(head);
                        }
                    }));
            assertThat(Duration.ofNanos(took)).isLessThan(ALL_BACK);
            assertThat(each)
                    .as("commands a connection")
                    .isLessThan(COMMANDS_EACH + COMMANDS_EACH_A_MINUTE * Swarm.seconds(took) / 60);
            assertThat(peak).as("commands a second").isLessThan((long) COMMANDS_A_SECOND);
            assertThat(processor.dividedBy(CLIENTS))
                    .as("processor time of each")
                    .isLessThan(PROCESSOR_TIME_EACH);
        } finally {
            clock.shutdownNow();
            bystanders.forEach(RawClient::close);
        }
    }

    /** Those whom it does not concern, on the instance that stays. */
    private ServerProcess stay() {
        ServerProcess left = hub.server(1);
        for (int i = 0; i < 10; i++) {
            RawClient bystander = RawClient.guest("bystander-" + i).connect(left);
            bystander.join("calm");
            bystanders.add(bystander);
        }
        return left;
    }

    /** What is said while they are away: to each group, and to each of them. Says where the groups stand then. */
    private Map<String, Place> miss(Swarm swarm, ServerProcess left) {
        RawClient sender = RawClient.guest("sender").connect(left);
        bystanders.add(sender);
        List<CompletableFuture<JsonObject>> sent = new ArrayList<>();
        for (Swarm.Member member : swarm.members()) {
            for (int i = 0; i < MISSED_INBOX; i++) {
                sent.add(sender.send(new JsonObject().put("user", member.user()), "while you were away"));
            }
            if (sent.size() % AT_ONCE == 0) {
                RawClient.await(sent.get(sent.size() - 1));
            }
        }
        Map<String, Place> heads = new TreeMap<>();
        for (int i = 0; i < (CLIENTS + SMALL - 1) / SMALL; i++) {
            say(sender, "small-" + i, sent);
        }
        for (int i = 0; i < (CLIENTS + LARGE - 1) / LARGE; i++) {
            say(sender, "large-" + i, sent);
        }
        for (CompletableFuture<JsonObject> each : sent) {
            JsonObject ack = RawClient.await(each);
            heads.merge(
                    ack.getString("channel"),
                    new Place(ack.getString("epoch"), ack.getLong("seq")),
                    (one, other) -> one.seq() > other.seq() ? one : other);
        }
        return heads;
    }

    private static void say(RawClient sender, String group, List<CompletableFuture<JsonObject>> sent) {
        sender.join(group);
        for (int i = 0; i < MISSED; i++) {
            sent.add(sender.send(To.group(group), new JsonObject().put("text", "while you were away, number " + i)));
        }
        sender.request(new JsonObject().put("type", "leave").put("group", group));
    }

    private Queue<Long> probe(ServerProcess server, Duration time) {
        Prober prober = new Prober(server);
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return prober.stop();
    }

    /** Sends to the bystanders' group, twenty times a second, and takes the time until each ack. */
    private final class Prober {
        private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        private final Future<?> sending;

        Prober(ServerProcess server) {
            RawClient one = bystanders.get(0);
            sending = clock.scheduleAtFixedRate(
                    () -> {
                        long begin = System.nanoTime();
                        one.send(To.group("calm"), 1).thenRun(() -> nanos.add(System.nanoTime() - begin));
                    },
                    0,
                    50,
                    TimeUnit.MILLISECONDS);
        }

        Queue<Long> stop() {
            sending.cancel(false);
            return nanos;
        }
    }

    private static String percentiles(Queue<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(each -> each).sorted().toArray();
        return sorted.length == 0
                ? "none"
                : "%.1f/%.1f/%.1f of %d"
                        .formatted(
                                sorted[sorted.length / 2] / 1e6,
                                sorted[(int) (sorted.length * 0.99)] / 1e6,
                                sorted[sorted.length - 1] / 1e6,
                                sorted.length);
    }

    /** How many commands Redis had run when. Asked for late on a busy machine, so the time counts that it truly was. */
    private record Sample(long at, long commands) {

        /** Commands a second since another one. */
        long rateSince(Sample before) {
            return TimeUnit.SECONDS.toNanos(commands - before.commands) / Math.max(1, at - before.at);
        }
    }

    /** How often Redis ran which command. */
    private record Commands(Map<String, Long> calls) {
        private static final Pattern CALLS = Pattern.compile("cmdstat_(\\S+?):calls=(\\d+)");
        private static final Pattern TOTAL = Pattern.compile("total_commands_processed:(\\d+)");

        static Commands of(RedisServer redis) {
            Map<String, Long> calls = new TreeMap<>();
            Matcher found = CALLS.matcher(redis.command("INFO", "commandstats"));
            while (found.find()) {
                calls.put(found.group(1), Long.parseLong(found.group(2)));
            }
            return new Commands(calls);
        }

        static long total(RedisServer redis) {
            Matcher found = TOTAL.matcher(redis.command("INFO", "stats"));
            return found.find() ? Long.parseLong(found.group(1)) : 0;
        }

        Commands minus(Commands before) {
            Map<String, Long> more = new TreeMap<>(calls);
            before.calls.forEach((command, count) -> more.merge(command, -count, Long::sum));
            more.values().removeIf(count -> count == 0);
            return new Commands(more);
        }

        long all() {
            return calls.values().stream().mapToLong(each -> each).sum();
        }

        Map<String, String> each(int connections) {
            Map<String, String> each = new TreeMap<>();
            calls.forEach((command, count) -> each.put(command, "%.2f".formatted(count / (double) connections)));
            each.values().removeIf("0.00"::equals);
            return each;
        }
    }
}
