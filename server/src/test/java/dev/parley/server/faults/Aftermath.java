package dev.parley.server.faults;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.parley.server.proof.Checker;
import dev.parley.server.proof.Place;
import dev.parley.server.proof.ServerProcess;
import dev.parley.server.proof.To;
import dev.parley.server.testing.RedisServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What must be true when all is healed and nobody talks any more. Each question waits until the answer is right, for as long as it may take, and then says what is not. */
final class Aftermath {

    /** For answers, returns and what was missed: far more than it should take, on a machine that has other work. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Each group is compared with the store once a minute, which is what it takes after a loss; without one two leases and five seconds. */
    private static final Duration PRESENCE = Duration.ofSeconds(90);

    /** What an instance hears for itself: its bell, and the probes of its links. */
    private static final Pattern OWN_BELL = Pattern.compile("^parley:(node:|\\{\\d+}:probe:)");

    private static final long ANSWER_SECONDS = 15;
    private static final int POLL_MILLIS = 200;
    private static final long MEGA = 1 << 20;

    /** Heap that is in use after a collection, with all clients connected and once they are gone. */
    static final long HEAP_MEGABYTES = 96;

    /** Memory outside of the heap that Netty holds, most of it in its pool. */
    static final long DIRECT_MEGABYTES = 64;

    /** Of that memory, what is in use when nobody is connected. */
    private static final long PINNED_BYTES = MEGA;

    private final Workload workload;
    private final Injector injector;
    private final Checker checker;
    private final Anomalies anomalies;

    Aftermath(Workload workload, Injector injector, Checker checker, Anomalies anomalies) {
        this.workload = workload;
        this.injector = injector;
        this.checker = checker;
        this.anomalies = anomalies;
    }

    /** Goes through all of it. In the end everybody is gone and all instances have ended. */
    void check() throws InterruptedException {
        awaitAnswers();
        if (workload.isLossy()) {
            workload.joinChatsAgain().forEach(this::await);
            awaitAnswers();
        }
        awaitPongs();
        Map<String, Place> heads = closingLines();
        awaitHeads(heads);
        checker.missing(heads).forEach(anomalies::add);
        checkContract();
        checkPresence();
        checkMemory("with everybody connected");
        Set<String> users = new HashSet<>();
        workload.people().forEach(person -> users.add(person.client.user()));
        workload.close();
        checkLeaks();
        checkMemory("with nobody connected");
        endInstances();
    }

    private void awaitAnswers() throws InterruptedException {
        workload.people().forEach(person -> person.slow(false));
        within(PATIENCE, Anomalies.Kind.STUCK, () -> {
            Map<String, String> stuck = new TreeMap<>();
            for (Person person : workload.people()) {
                if (!person.client.isOpen()) {
                    stuck.put(
                            person.toString(),
                            "is not back; its connections ended with " + lastOf(person.client.closings()));
                } else if (person.client.unanswered() > 0) {
                    stuck.put(person.toString(), person.client.unanswered() + " requests have no answer");
                }
            }
            return stuck;
        });
    }

    private void awaitPongs() {
        Map<Person, CompletableFuture<JsonObject>> pongs = new LinkedHashMap<>();
        workload.people().forEach(person -> pongs.put(person, person.client.ask(new JsonObject().put("type", "ping"))));
        pongs.forEach((person, pong) -> {
            if (await(pong) == null) {
                anomalies.add(Anomalies.Kind.STUCK, person + " gets no pong");
            }
        });
    }

    /** Sends one more message to each channel that somebody follows. Its ack says where the channel ends. */
    private Map<String, Place> closingLines() {
        Map<String, CompletableFuture<JsonObject>> lines = new LinkedHashMap<>();
        for (Person person : workload.people()) {
            for (String channel : person.client.record().cursors().keySet()) {
                if (!lines.containsKey(channel)) {
                    lines.put(channel, person.client.send(address(person, channel), "the end"));
                }
            }
        }
        Map<String, Place> heads = new HashMap<>();
        lines.forEach((channel, line) -> {
            JsonObject ack = await(line);
            // Who was not connected anew since Redis lost its data is a user of which it does not know.
            boolean forgotten = workload.isLossy() && failureOf(line).contains("unknown_user");
            if (ack == null && !forgotten) {
                anomalies.add(Anomalies.Kind.STUCK, "nothing can be sent to " + channel + ": " + failureOf(line));
            } else if (ack != null) {
                heads.put(channel, new Place(ack.getString("epoch"), ack.getLong("seq")));
            }
        });
        return heads;
    }

    /** Who has not come to the end by then has lost something, which the checker says. */
    private void awaitHeads(Map<String, Place> heads) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && !workload.people().stream().allMatch(person -> isAt(person, heads))) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean isAt(Person person, Map<String, Place> heads) {
        return person.client.record().cursors().entrySet().stream()
                .allMatch(at -> at.getValue().equals(heads.getOrDefault(at.getKey(), at.getValue())));
    }

    private void checkContract() {
        for (Person person : workload.people()) {
            person.client
                    .violations()
                    .forEach(violation -> anomalies.add(Anomalies.Kind.CONTRACT, person + ": " + violation));
        }
    }

    /** On every instance, every group has exactly those users who have a connection in it. */
    private void checkPresence() throws InterruptedException {
        Map<String, Set<String>> expected = new TreeMap<>();
        for (Person person : workload.people()) {
            for (String channel : person.client.record().cursors().keySet()) {
                if (channel.startsWith("group/")) {
                    expected.computeIfAbsent(channel.substring("group/".length()), group -> new TreeSet<>())
                            .add(person.client.user());
                }
            }
        }
        within(PRESENCE, Anomalies.Kind.GHOST, () -> {
            Map<String, String> wrong = new TreeMap<>();
            for (ServerProcess server : injector.instances()) {
                expected.forEach((group, users) -> {
                    Set<String> shown = present(server, group);
                    if (!shown.equals(users)) {
                        wrong.put(group + " on " + server.name(), difference(shown, users));
                    }
                });
            }
            return wrong;
        });
    }

    private static Set<String> present(ServerProcess server, String group) {
        JsonArray users = server.get("/v1/groups/" + group + "/presence").body().getJsonArray("users", new JsonArray());
        Set<String> shown = new TreeSet<>();
        users.forEach(user -> shown.add(((JsonObject) user).getString("user")));
        return shown;
    }

    private static String difference(Set<String> shown, Set<String> users) {
        Set<String> ghosts = new TreeSet<>(shown);
        ghosts.removeAll(users);
        Set<String> missing = new TreeSet<>(users);
        missing.removeAll(shown);
        return "shown though gone: " + ghosts + ", there but not shown: " + missing;
    }

    /** When all are gone, instances hear their own bells and nothing else. */
    private void checkLeaks() throws InterruptedException {
        within(PATIENCE, Anomalies.Kind.LEAKED, () -> {
            Map<String, String> leaked = new TreeMap<>();
            Set<String> heard = subscriptions(injector.redis());
            long bells =
                    heard.stream().filter(key -> key.startsWith("parley:node:")).count();
            heard.removeIf(OWN_BELL.asPredicate());
            if (!heard.isEmpty() || bells != injector.instances().size()) {
                leaked.put("Redis", bells + " bells of nodes are heard, and " + heard);
            }
            for (ServerProcess server : injector.instances()) {
                double connections = server.metric("parley_connections ");
                double channels = server.metric("parley_channels");
                double pinned = direct(server, "pinned");
                if (connections > 0 || channels > 0 || pinned > PINNED_BYTES) {
                    leaked.put(
                            server.name(),
                            connections + " connections, " + channels + " channels, " + pinned + " bytes of buffers");
                }
            }
            return leaked;
        });
    }

    private void checkMemory(String when) {
        for (ServerProcess server : injector.instances()) {
            server.collectGarbage();
            long heap = (long) server.metric("jvm_memory_used_bytes{area=\"heap\"") / MEGA;
            long direct = (long) direct(server, "used") / MEGA;
            if (heap > HEAP_MEGABYTES || direct > DIRECT_MEGABYTES) {
                anomalies.add(
                        Anomalies.Kind.MEMORY,
                        server.name() + ", " + when + ": " + heap + " MB of heap, " + direct + " MB outside of it");
            }
        }
    }

    private static double direct(ServerProcess server, String state) {
        return Arrays.stream(new String[] {"Pooled", "Unpooled"})
                .mapToDouble(kind -> server.metric("netty_allocator_memory_" + state + "{allocator_type=\"" + kind
                        + "ByteBufAllocator\",memory_type=\"direct\""))
                .sum();
    }

    private void endInstances() {
        injector.instances().forEach(ServerProcess::terminate);
        for (ServerProcess server : injector.instances()) {
            try {
                int status = server.awaitEnd();
                if (status != 0) {
                    anomalies.add(Anomalies.Kind.LOG, server.name() + " ended with status " + status);
                }
            } catch (AssertionError e) {
                anomalies.add(Anomalies.Kind.STUCK, e.getMessage());
            }
        }
    }

    private static Set<String> subscriptions(RedisServer redis) {
        // The answer is an array of bulk strings: every other line is one.
        String[] lines = redis.command("PUBSUB", "CHANNELS").split("\r\n");
        Set<String> keys = new TreeSet<>();
        for (int i = 2; i < lines.length; i += 2) {
            keys.add(lines[i]);
        }
        return keys;
    }

    /** Asks again and again what is wrong, until nothing is, or until it must be said. */
    private void within(Duration patience, Anomalies.Kind kind, Supplier<Map<String, String>> wrong)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Map<String, String> last;
        do {
            try {
                last = wrong.get();
            } catch (UncheckedIOException notNow) {
                last = Map.of("an instance does not answer", notNow.toString());
            }
            if (last.isEmpty()) {
                return;
            }
            Thread.sleep(POLL_MILLIS);
        } while (System.nanoTime() < deadline);
        last.forEach((who, what) -> anomalies.add(kind, who + ": " + what));
    }

    private JsonObject await(CompletableFuture<JsonObject> answer) {
        try {
            return answer.get(ANSWER_SECONDS, SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String failureOf(CompletableFuture<JsonObject> answer) {
        return answer.isCompletedExceptionally()
                ? answer.handle((value, failure) -> String.valueOf(failure.getMessage()))
                        .join()
                : "no answer";
    }

    private static JsonObject address(Person person, String channel) {
        String name = channel.substring(channel.indexOf('/') + 1);
        Map<String, Function<String, JsonObject>> kinds =
                Map.of("all", all -> To.all(), "group", To::group, "user", user -> To.user(person.client));
        return kinds.get(channel.split("/")[0]).apply(name);
    }

    private static List<Integer> lastOf(List<Integer> codes) {
        return codes.subList(Math.max(0, codes.size() - 5), codes.size());
    }
}
