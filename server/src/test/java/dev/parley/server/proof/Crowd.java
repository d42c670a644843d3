package dev.parley.server.proof;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Clients on all instances of a hub that talk to everyone, groups and each other, and a backend that pushes, while a test breaks things; in the end the
 * checker has all their records. What is said to whom follows from the seed, which is printed; when, from the machine.
 */
public final class Crowd implements AutoCloseable {
    private static final List<String> GROUPS = List.of("red", "green", "blue");
    private static final String CHAT = "chat:crowd";
    private static final int PAUSE_MILLIS = 50;
    private static final int UNANSWERED_MAX = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Hub hub;
    private final Random random;
    private final boolean durable;
    private final List<RawClient> clients = new ArrayList<>();
    private final Map<RawClient, List<String>> groups = new HashMap<>();
    private final ScheduledExecutorService talkers = Executors.newScheduledThreadPool(1);
    private final List<Future<?>> talking = new ArrayList<>();
    private final Backend backend;

    /**
     * Connects clients, evenly to all servers, and lets each join two of three groups.
     *
     * @param durable whether what Redis alone knows is used too: memberships, and that users exist
     */
    public Crowd(Hub hub, int size, boolean durable) {
        long seed = Long.getLong("parley.proof.seed", System.nanoTime());
        System.out.println("seed of the crowd: -Dparley.proof.seed=" + seed);
        this.hub = hub;
        this.random = new Random(seed);
        this.durable = durable;
        this.backend = new Backend(hub, new Random(seed));
        for (int i = 0; i < size; i++) {
            ServerProcess server = hub.server(i % hub.size());
            RawClient client = RawClient.guest("client-" + i).connect(server);
            client.comingBackTo(hub::any);
            clients.add(client);
            int leftOut = random.nextInt(GROUPS.size());
            List<String> own = new ArrayList<>(GROUPS);
            own.remove(leftOut);
            own.forEach(client::join);
            groups.put(client, own);
            if (durable) {
                client.join(CHAT);
            }
        }
    }

    public List<RawClient> clients() {
        return clients;
    }

    /** Begins to send, each client some twenty messages a second. */
    public Crowd talk() {
        for (RawClient client : clients) {
            talking.add(talkers.scheduleAtFixedRate(
                    () -> sayOne(client), random.nextInt(PAUSE_MILLIS), PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        }
        backend.push(To.group(GROUPS.get(0)));
        return this;
    }

    /** Again and again lets some clients lose their connection, without a word to the server. */
    public void loseConnections(int times) {
        for (int i = 0; i < times; i++) {
            awaitAcks(60);
            clients.stream()
                    .filter(client ->
                            client.isOpen() && ThreadLocalRandom.current().nextInt(4) == 0)
                    .forEach(RawClient::drop);
        }
        awaitAcks(60);
    }

    /** Waits until so many more messages are acknowledged. */
    public void awaitAcks(int more) {
        int before = acknowledged();
        Awaitility.await(more + " more acks").atMost(PATIENCE).until(() -> acknowledged() >= before + more);
    }

    /** Stops sending, waits until everything sent is acknowledged and everybody has everything, and says what is wrong. */
    public List<Fault> settle(String... allowedGaps) {
        return settle(PATIENCE, allowedGaps);
    }

    /** Likewise, with a bound for how long it waits for those who are behind. */
    public List<Fault> settle(Duration patience, String... allowedGaps) {
        talking.forEach(each -> each.cancel(false));
        List<Acked> pushed = backend.stop();
        Awaitility.await("everything sent is acknowledged")
                .atMost(PATIENCE)
                .until(() -> clients.stream().allMatch(client -> client.unanswered() == 0));
        Map<String, Place> heads = heads();
        awaitAllAt(heads, patience);
        Checker checker = new Checker(allowedGaps);
        pushed.forEach(checker::acked);
        clients.forEach(checker::take);
        System.out.println(summary(pushed.size()));
        return checker.faults(heads);
    }

    private void awaitAllAt(Map<String, Place> heads, Duration patience) {
        try {
            Awaitility.await("everybody has everything")
                    .atMost(patience)
                    .until(() -> clients.stream()
                            .allMatch(client -> behind(client, heads).isEmpty()));
        } catch (ConditionTimeoutException late) {
            // Whoever is behind still is found by the checker, which tells what is missing.
        }
    }

    @Override
    public void close() {
        talkers.shutdownNow();
        backend.abandon();
        clients.forEach(RawClient::close);
    }

    private String summary(int pushed) {
        int entries =
                clients.stream().mapToInt(client -> client.record().size()).sum();
        int returns =
                clients.stream().mapToInt(client -> client.connections() - 1).sum();
        return acknowledged() + " messages acknowledged, " + pushed + " of them pushes; " + entries + " things told to "
                + clients.size() + " receivers, who came back " + returns + " times";
    }

    private int acknowledged() {
        return clients.stream().mapToInt(client -> client.acknowledged()).sum() + backend.acknowledged();
    }

    private void sayOne(RawClient client) {
        if (client.unanswered() >= UNANSWERED_MAX) {
            return;
        }
        int kind = random.nextInt(100);
        List<String> own = groups.get(client);
        JsonObject to;
        if (durable && kind < 20) {
            to = To.group(CHAT);
        } else if (durable && kind < 30) {
            to = To.user(clients.get(random.nextInt(clients.size())));
        } else if (kind < 35) {
            to = To.all();
        } else {
            to = To.group(own.get(random.nextInt(own.size())));
        }
        JsonObject send = RawClient.frame(to, new JsonObject().put("text", Long.toString(random.nextLong(), 36)));
        if (kind >= 95) {
            send.put("echo", false);
        }
        client.send(send);
    }

    /** Where all channels stand that have entries, as their history says: what a welcome says is how far its instance has come. */
    private Map<String, Place> heads() {
        Map<String, Place> heads = new HashMap<>();
        for (RawClient client : clients) {
            try (RawClient witness = client.device("witness").connect(hub.any())) {
                groups.get(client).forEach(witness::join);
                client.record().cursors().keySet().stream()
                        .filter(channel -> !heads.containsKey(channel))
                        .forEach(channel -> newest(witness, channel).ifPresent(head -> heads.put(channel, head)));
            }
        }
        return heads;
    }

    private static Optional<Place> newest(RawClient witness, String channel) {
        JsonArray messages = witness.request(new JsonObject()
                        .put("type", "history")
                        .put("channel", channel)
                        .put("limit", 1))
                .getJsonArray("messages");
        return messages.stream()
                .map(JsonObject.class::cast)
                .map(message -> new Place(message.getString("epoch"), message.getLong("seq")))
                .findFirst();
    }

    private static Map<String, String> behind(RawClient client, Map<String, Place> heads) {
        Map<String, String> behind = new HashMap<>();
        client.record().cursors().forEach((channel, at) -> {
            if (heads.containsKey(channel) && !at.equals(heads.get(channel))) {
                behind.put(channel, at + " of " + heads.get(channel));
            }
        });
        return behind;
    }
}
