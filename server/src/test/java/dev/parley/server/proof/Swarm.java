package dev.parley.server.proof;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/**
 * Thousands of clients in this process, which keep their cursors and nothing else: each entry must follow the one before. They come back as the contract says,
 * with full jitter or when the server told them to. Driven by a test's thread; each connection lives on one event loop of the test's own Vert.x.
 */
final class Swarm implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(360);
    private static final Set<Integer> COME_BACK = Set.of(1001, Wire.BROKEN, 1012, 1013, 4000);
    private static final int AT_ONCE = 200;
    private static final String JOIN = "join ";
    private static final int DELAY_MIN = 500;
    private static final int DELAY_MAX = 20_000;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final WebSocketClient client;
    private final Supplier<ServerProcess> servers;
    private final List<Member> members = new ArrayList<>();
    private final Semaphore connecting = new Semaphore(AT_ONCE);
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final Map<Integer, AtomicInteger> closings = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> refusals = new ConcurrentHashMap<>();
    private final AtomicInteger drainings = new AtomicInteger();
    private final AtomicInteger gaps = new AtomicInteger();
    private volatile boolean ended;
    private volatile boolean held;

    /**
     * @param size how many clients there are
     * @param servers where each of them goes, every time it connects
     * @param groups which groups a client joins, by its number from 0
     */
    Swarm(int size, Supplier<ServerProcess> servers, IntFunction<List<String>> groups) {
        this.servers = servers;
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(size)
                .setConnectTimeout((int) PATIENCE.toMillis())
                .setMaxFrameSize(1 << 20));
        for (int i = 0; i < size; i++) {
            members.add(new Member(groups.apply(i)));
        }
    }

    /** Connects all, a few at a time, and waits until each has its groups. */
    Swarm arrive() {
        return arrive(servers);
    }

    /** Likewise, all to one server. */
    Swarm arrive(ServerProcess server) {
        return arrive(() -> server);
    }

    private Swarm arrive(Supplier<ServerProcess> where) {
        for (Member member : members) {
            connecting.acquireUninterruptibly();
            member.dial(where);
        }
        await("all have arrived", () -> members.stream().allMatch(Member::isSettled));
        return this;
    }

    int size() {
        return members.size();
    }

    List<Member> members() {
        return members;
    }

    /** Who loses the connection from now on does not come back before {@link #release}. */
    void hold() {
        held = true;
    }

    /** Has all who wait come back, each after its delay. */
    void release() {
        held = false;
        members.forEach(Member::comeBack);
    }

    /** What went against the contract. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** How connections ended: how many with which code. */
    Map<Integer, Integer> closings() {
        return counts(closings);
    }

    /** How attempts to connect were refused: how many with what. */
    Map<String, Integer> refusals() {
        return counts(refusals);
    }

    int drainings() {
        return drainings.get();
    }

    int gaps() {
        return gaps.get();
    }

    long count(Predicate<Member> which) {
        return members.stream().filter(which).count();
    }

    /** Waits for a condition, as long as nothing goes against the contract. */
    void await(String what, BooleanSupplier condition) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !troubles.isEmpty() || condition.getAsBoolean());
        } catch (RuntimeException late) {
            throw new AssertionError(
                    what + " not in time: " + count(Member::isOpen) + " of " + size() + " open, closed with "
                            + closings() + ", refused with " + refusals(),
                    late);
        }
        if (!troubles.isEmpty()) {
            throw new AssertionError(what + ": " + troubles.stream().limit(20).toList());
        }
    }

    @Override
    public void close() {
        ended = true;
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static <K extends Comparable<K>> Map<K, Integer> counts(Map<K, AtomicInteger> counters) {
        Map<K, Integer> counts = new TreeMap<>();
        counters.forEach((key, counter) -> counts.put(key, counter.get()));
        return counts;
    }

    private static <K> void count(Map<K, AtomicInteger> counters, K key) {
        counters.computeIfAbsent(key, none -> new AtomicInteger()).incrementAndGet();
    }

    /** One client. Its state is under its lock; frames come one at a time. */
    final class Member {
        private final List<String> groups;
        private final Map<String, Place> cursors = new LinkedHashMap<>();
        private final Map<String, Long> heads = new HashMap<>();
        private String user;
        private String token;
        private WebSocket socket;
        private boolean open;
        private boolean waits;
        private boolean counted;
        private int joined;
        private int attempts;
        private Integer named;
        private long lostAt;
        private long backAt;
        private long triedAt;
        private int returns;

        private Member(List<String> groups) {
            this.groups = groups;
        }

        synchronized String user() {
            return user;
        }

        synchronized boolean isOpen() {
            return open;
        }

        /** Welcomed, and in all its groups. */
        synchronized boolean isSettled() {
            return open && joined == groups.size();
        }

        /** Where it stands in a channel. */
        synchronized Place cursor(String channel) {
            return cursors.get(channel);
        }

        /** Whether it has all that there was when it was welcomed. */
        synchronized boolean isCaughtUp() {
            return open
                    && heads.entrySet().stream()
                            .allMatch(head -> cursors.get(head.getKey()).seq() >= head.getValue());
        }

        /** When the last connection was lost, and the next welcomed: {@link System#nanoTime}. */
        synchronized long lostAt() {
            return lostAt;
        }

        synchronized long backAt() {
            return backAt;
        }

        /** When it first tried to come back, likewise. */
        synchronized long triedAt() {
            return triedAt;
        }

        /** How often it came back. */
        synchronized int returns() {
            return returns;
        }

        synchronized void send(JsonObject frame) {
            socket.writeTextMessage(frame.encode());
        }

        private void dial() {
            dial(servers);
        }

        private synchronized void dial(Supplier<ServerProcess> where) {
            if (attempts <= 1) {
                triedAt = System.nanoTime();
            }
            URI server;
            try {
                server = where.get().uri();
            } catch (IllegalArgumentException nobodyServes) {
                later("no server");
                return;
            }
            WebSocketConnectOptions to = new WebSocketConnectOptions()
                    .setHost(server.getHost())
                    .setPort(server.getPort())
                    .setURI("/v1/connect")
                    .addSubProtocol("parley.v1.json");
            client.connect(to).onSuccess(this::connected).onFailure(failure -> {
                String what = failure instanceof UpgradeRejectedException refused
                        ? "HTTP " + refused.getStatus()
                        : failure.getClass().getSimpleName();
                later(what);
            });
        }

        private synchronized void connected(WebSocket opened) {
            socket = opened;
            opened.textMessageHandler(text -> text.lines().forEach(line -> took(opened, line)));
            opened.closeHandler(closed -> lost(opened));
            JsonObject hello = new JsonObject().put("type", "hello").put("id", "hello");
            if (token != null) {
                hello.put("token", token);
            }
            if (!cursors.isEmpty()) {
                JsonObject resume = new JsonObject();
                cursors.forEach((channel, at) -> resume.put(
                        channel, new JsonObject().put("epoch", at.epoch()).put("seq", at.seq())));
                hello.put("resume", resume);
            }
            opened.writeTextMessage(hello.encode());
        }

        private synchronized void took(WebSocket from, String line) {
            if (from != socket) {
                return;
            }
            if (line.startsWith("{\"type\":\"message\"")) {
                if (line.contains("\"seq\":")) {
                    String channel = text(line, "\"channel\":\"");
                    String epoch = text(line, "\"epoch\":\"");
                    long seq = number(line);
                    advance(channel, epoch, seq, seq);
                }
                return;
            }
            JsonObject frame = new JsonObject(line);
            switch (frame.getString("type")) {
                case "welcome" -> welcomed(frame);
                case "skip" ->
                    advance(
                            frame.getString("channel"),
                            frame.getString("epoch"),
                            frame.getLong("from"),
                            frame.getLong("to"));
                case "gap" -> {
                    gaps.incrementAndGet();
                    cursors.put(frame.getString("channel"), new Place(frame.getString("epoch"), frame.getLong("to")));
                }
                case "ack" -> {
                    if (frame.getValue("id") instanceof String group && group.startsWith(JOIN)) {
                        cursors.put(
                                "group/" + frame.getString("group"),
                                new Place(frame.getString("epoch"), frame.getLong("seq")));
                        joined++;
                    }
                }
                case "ping" -> from.writeTextMessage("{\"type\":\"pong\"}");
                case "draining" -> {
                    drainings.incrementAndGet();
                    named = frame.getInteger("reconnectAfter");
                }
                case "error" -> refused(frame);
                case "presence", "typing", "receipt", "expiring" -> {}
                default -> troubles.add(user + " does not know " + line);
            }
        }

        private void advance(String channel, String epoch, long from, long to) {
            Place at = cursors.get(channel);
            if (at == null || !at.epoch().equals(epoch) || at.seq() + 1 != from) {
                troubles.add(
                        user + " stands at " + at + " of " + channel + " and gets " + epoch + " " + from + "–" + to);
            }
            cursors.put(channel, new Place(epoch, to));
        }

        private void welcomed(JsonObject welcome) {
            user = welcome.getJsonObject("user").getString("id");
            token = welcome.getString("token", token);
            boolean first = cursors.isEmpty();
            JsonArray channels = welcome.getJsonArray("channels");
            heads.clear();
            for (int i = 0; i < channels.size(); i++) {
                JsonObject each = channels.getJsonObject(i);
                String channel = each.getString("channel");
                if (each.containsKey("error")) {
                    troubles.add(user + " cannot go on: " + each);
                } else if (first) {
                    cursors.put(channel, new Place(each.getString("epoch"), each.getLong("seq")));
                } else {
                    heads.put(channel, each.getLong("seq"));
                }
            }
            open = true;
            attempts = 0;
            backAt = System.nanoTime();
            if (first) {
                groups.forEach(this::join);
            } else {
                returns++;
            }
            counted();
        }

        private void join(String group) {
            send(new JsonObject().put("type", "join").put("id", JOIN + group).put("group", group));
        }

        private synchronized void joinAgain(WebSocket on, String group) {
            if (on == socket) {
                join(group);
            }
        }

        private void counted() {
            if (!counted) {
                counted = true;
                connecting.release();
            }
        }

        private void refused(JsonObject error) {
            boolean join = open && error.getValue("id") instanceof String id && id.startsWith(JOIN);
            if (!error.getBoolean("retryable") || open && !join) {
                troubles.add(user + " is refused: " + error);
            } else if (join) {
                WebSocket on = socket;
                String group = error.getString("id").substring(JOIN.length());
                vertx.setTimer(error.getInteger("retryAfter", DELAY_MIN), timer -> joinAgain(on, group));
                count(refusals, "join " + error.getString("code"));
            } else {
                named = error.getInteger("retryAfter", named);
                count(refusals, error.getString("code"));
            }
        }

        private synchronized void lost(WebSocket from) {
            if (from != socket || ended) {
                return;
            }
            socket = null;
            int code = from.closeStatusCode() == null ? Wire.BROKEN : from.closeStatusCode();
            if (!COME_BACK.contains(code)) {
                troubles.add(user + " is sent away with " + code);
                return;
            }
            if (open) {
                count(closings, code);
                open = false;
                lostAt = System.nanoTime();
                waits = held;
                if (!waits) {
                    vertx.setTimer(delay(), timer -> dial());
                }
            } else {
                later("closed with " + code);
            }
        }

        private synchronized void later(String refusal) {
            if (!ended) {
                count(refusals, refusal);
                vertx.setTimer(delay(), timer -> dial());
            }
        }

        private synchronized void comeBack() {
            if (waits) {
                waits = false;
                lostAt = System.nanoTime();
                vertx.setTimer(delay(), timer -> dial());
            }
        }

        private long delay() {
            Integer told = named;
            named = null;
            int ceiling = (int) Math.min(DELAY_MAX, (long) DELAY_MIN << Math.min(attempts++, 10));
            return Math.max(1, told != null ? told : ThreadLocalRandom.current().nextInt(ceiling));
        }

        private static String text(String line, String field) {
            int from = line.indexOf(field) + field.length();
            return line.substring(from, line.indexOf('"', from));
        }

        private static long number(String line) {
            int from = line.indexOf("\"seq\":") + "\"seq\":".length();
            int to = from;
            while (Character.isDigit(line.charAt(to))) {
                to++;
            }
            return Long.parseLong(line, from, to, 10);
        }
    }

    static double seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) / 1000.0;
    }
}
