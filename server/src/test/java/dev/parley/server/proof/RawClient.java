package dev.parley.server.proof;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A client written from the contract alone: it resumes with its cursors, sends again with the same message id what was not acknowledged, and keeps a record of
 * everything it was told. Made and driven by a test's thread; frames are handled on threads of the HTTP client, under this object's lock.
 */
public final class RawClient implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Set<Integer> COME_BACK = Set.of(1001, Wire.BROKEN, 1012, 1013, 4000);
    private static final int RETRY_MILLIS = 200;
    private static final int FLOODED = 1008;
    private static final int FLOODED_MILLIS = 3000;
    private static final int WATCH_MILLIS = 500;
    private static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** So many of the latest frames somebody keeps who has a witness, to be shown when something is wrong. */
    private static final int KEPT_FRAMES = 300;

    private static final ScheduledExecutorService CLOCK = Executors.newScheduledThreadPool(1, task -> {
        Thread thread = new Thread(task, "raw-clients");
        thread.setDaemon(true);
        return thread;
    });

    private final String name;
    private final Random random;
    private final Heard heard;
    private final List<Acked> acks = new ArrayList<>();
    private final List<Integer> closings = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final Record record;
    private final Map<Object, Pending> pending = new LinkedHashMap<>();
    private String user;
    private String token;
    private Supplier<ServerProcess> target;
    private CompletableFuture<JsonObject> welcome = new CompletableFuture<>();
    private Wire wire;
    private JsonObject welcomed;
    private int dials;
    private int connections;
    private int requests;
    private Long named;
    private boolean open;
    private boolean reading = true;
    private Witness witness;
    private ScheduledFuture<?> watch;
    private long lastSign;
    private long lostAt;
    private long longestAway;

    /** A request without an answer so far; {@code repeated} until there is one, as sends are. */
    private record Pending(JsonObject frame, CompletableFuture<JsonObject> answer, boolean repeated) {}

    private RawClient(String name, String user, String token) {
        this.name = name;
        this.user = user;
        this.token = token;
        this.random = new Random(name.hashCode());
        this.heard = new Heard(name);
        this.record = new Record(violations::add);
    }

    /** Somebody new, who is a guest with the first connection. */
    public static RawClient guest(String name) {
        return new RawClient(name, null, null);
    }

    /** Another device of the same person, not connected yet. */
    public synchronized RawClient device(String label) {
        return new RawClient(name + "/" + label, user, token);
    }

    /** Keeps no record, but tells somebody else as things come. To be called before the first connection. */
    public synchronized RawClient watchedBy(Witness its) {
        witness = its;
        heard.keepLatest(KEPT_FRAMES);
        record.tell(seen -> its.saw(this, seen), channel -> its.mayBeRefused(this, channel));
        return this;
    }

    public String name() {
        return name;
    }

    /** The user's id, known from the first welcome on. */
    public synchronized String user() {
        return user;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Connects, or connects anew after the connection was lost, resuming what was followed. Waits for the welcome. */
    public synchronized RawClient connect(ServerProcess server) {
        CompletableFuture<JsonObject> greeted = dial(server);
        return awaiting(greeted);
    }

    /** Comes back by itself from now on, to what the supplier says then; also when the connection gives no sign of life for as long as the contract says. */
    public synchronized RawClient comingBackTo(Supplier<ServerProcess> servers) {
        target = servers;
        watch = CLOCK.scheduleAtFixedRate(this::dropIfDead, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        return this;
    }

    /** The connection's id. */
    public synchronized String connection() {
        return welcomed.getString("connection");
    }

    /** The latest {@code welcome}. */
    public synchronized JsonObject welcomed() {
        return welcomed;
    }

    public synchronized boolean isOpen() {
        return open;
    }

    /** How often it was welcomed. */
    public synchronized int connections() {
        return connections;
    }

    /** The longest it was without a connection, from the loss to the welcome. */
    public synchronized Duration longestAway() {
        return Duration.ofNanos(longestAway);
    }

    /** Loses the connection without a word. */
    public synchronized void drop() {
        wire.drop();
    }

    /** Reads nothing from now on, or reads on. */
    public synchronized void read(boolean on) {
        reading = on;
        lastSign = System.nanoTime();
        wire.read(on);
    }

    @Override
    public synchronized void close() {
        target = null;
        if (watch != null) {
            watch.cancel(false);
        }
        if (wire != null) {
            wire.close();
        }
    }

    /** Asks for something and waits for the ack; a refusal is a {@link RefusedException}. */
    public JsonObject request(JsonObject frame) {
        return await(ask(frame));
    }

    public JsonObject join(String group) {
        return request(new JsonObject().put("type", "join").put("group", group));
    }

    /** Sends with a message id of its own, again and again until it is acknowledged or refused for good. */
    public CompletableFuture<JsonObject> send(JsonObject to, Object data) {
        return send(frame(to, data));
    }

    public CompletableFuture<JsonObject> send(JsonObject frame) {
        if (!frame.containsKey("messageId")) {
            frame.put("messageId", UUID.randomUUID().toString());
        }
        return ask(frame);
    }

    /** Sends once: what a client would answer with a retry is a {@link RefusedException} as well. */
    public CompletableFuture<JsonObject> sendOnce(JsonObject frame) {
        return ask(frame, false);
    }

    /** Sends and waits for the ack. */
    public JsonObject say(JsonObject to, Object data) {
        return await(send(to, data));
    }

    public static JsonObject frame(JsonObject to, Object data) {
        return new JsonObject().put("type", "send").put("to", to).put("data", data);
    }

    public static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | CompletionException e) {
            throw e.getCause() instanceof RefusedException refused ? refused : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends without a message id, an answer or any care: for what must be refused, or is no frame at all. */
    public synchronized void write(JsonObject frame) {
        wire.write(frame);
    }

    /** All that came. */
    public Heard heard() {
        return heard;
    }

    public Record record() {
        return record;
    }

    public synchronized List<Acked> acks() {
        return List.copyOf(acks);
    }

    /** How many sends were acknowledged. */
    public synchronized int acknowledged() {
        return acks.size();
    }

    /** How many sends have no answer yet. */
    public synchronized int unanswered() {
        return pending.size();
    }

    /** With which codes connections ended. */
    public synchronized List<Integer> closings() {
        return List.copyOf(closings);
    }

    /** Where the server did what the contract does not say. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    private RawClient awaiting(CompletableFuture<JsonObject> greeted) {
        try {
            while (!greeted.isDone()) {
                wait(PATIENCE.toMillis());
                if (!greeted.isDone()) {
                    throw new AssertionError(name + " gets no welcome");
                }
            }
            greeted.join();
            return this;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Connects without waiting for the welcome. */
    public synchronized CompletableFuture<JsonObject> dial(ServerProcess server) {
        welcome = new CompletableFuture<>();
        CompletableFuture<JsonObject> greeted = welcome;
        int dial = ++dials;
        reading = true;
        lastSign = System.nanoTime();
        wire = new Wire(server.uri(), line -> took(dial, line), code -> ended(dial, code, greeted));
        JsonObject hello = new JsonObject()
                .put("type", "hello")
                .put("id", "hello")
                .put("client", new JsonObject().put("name", "raw").put("version", "1"));
        if (token != null) {
            hello.put("token", token);
        }
        Map<String, Place> cursors = record.cursors();
        if (!cursors.isEmpty()) {
            JsonObject resume = new JsonObject();
            cursors.forEach((channel, at) -> resume.put(
                    channel, new JsonObject().put("epoch", at.epoch()).put("seq", at.seq())));
            hello.put("resume", resume);
        }
        wire.write(hello);
        return greeted;
    }

    /** Asks for something; a refusal is a {@link RefusedException}, the end of the connection another one. */
    public CompletableFuture<JsonObject> ask(JsonObject frame) {
        return ask(frame, isKept(frame));
    }

    /** Only what is kept is taken once however often it is sent. */
    private static boolean isKept(JsonObject frame) {
        return frame.getString("type").equals("send")
                && !frame.getBoolean("volatile", false)
                && !frame.getJsonObject("to").containsKey("connection");
    }

    private synchronized CompletableFuture<JsonObject> ask(JsonObject frame, boolean repeated) {
        frame.put("id", ++requests);
        Pending asked = new Pending(frame, new CompletableFuture<>(), repeated);
        if (open || repeated) {
            pending.put(requests, asked);
        } else {
            asked.answer().completeExceptionally(new IllegalStateException(name + " is not connected"));
        }
        if (open) {
            wire.write(frame);
        }
        return asked.answer();
    }

    private synchronized void took(int dial, String line) {
        if (dial != dials) {
            return;
        }
        lastSign = System.nanoTime();
        heard.add(line);
        JsonObject frame = new JsonObject(line);
        if (!open && !Set.of("welcome", "error", "ping").contains(frame.getString("type"))) {
            violations.add("before the welcome: " + line);
        }
        switch (frame.getString("type")) {
            case "welcome" -> welcomed(frame);
            case "ack", "pong" -> answered(frame);
            case "error" -> refused(frame);
            case "message" -> {
                if (frame.containsKey("seq")) {
                    record.message(frame, line);
                } else if (witness != null) {
                    witness.sawVolatile(this, frame);
                }
            }
            case "skip" -> record.skip(frame);
            case "gap" -> record.gap(frame);
            case "membership" -> record.membership(frame);
            case "ping" -> wire.write(new JsonObject().put("type", "pong"));
            case "presence", "typing", "receipt", "expiring" -> {}
            case "draining" -> named = frame.getLong("reconnectAfter");
            default -> violations.add("unknown type: " + line);
        }
    }

    private void welcomed(JsonObject frame) {
        welcomed = frame;
        user = frame.getJsonObject("user").getString("id");
        token = frame.getString("token", token);
        open = true;
        connections++;
        if (lostAt != 0) {
            longestAway = Math.max(longestAway, System.nanoTime() - lostAt);
            lostAt = 0;
        }
        record.welcome(frame.getJsonArray("channels"));
        pending.values().stream().filter(Pending::repeated).forEach(asked -> wire.write(asked.frame()));
        welcome.complete(frame);
        notifyAll();
    }

    private void answered(JsonObject frame) {
        Pending asked = pending.remove(frame.getValue("id"));
        if (asked == null) {
            violations.add("answer without a question: " + frame);
            return;
        }
        String type = asked.frame().getString("type");
        if (type.equals("send") && frame.containsKey("seq")) {
            acked(new Acked(
                    frame.getString("channel"),
                    frame.getString("epoch"),
                    frame.getLong("seq"),
                    frame.getString("messageId"),
                    frame.getBoolean("duplicate"),
                    Boolean.FALSE.equals(asked.frame().getBoolean("echo")) ? Set.of(name) : Set.of(),
                    excepted(asked.frame())));
        } else if (type.equals("join")) {
            record.joined(asked.frame().getJsonObject("since"), frame);
        } else if (type.equals("leave")) {
            String group = asked.frame().getString("group");
            if (group.matches("(chat|dm):.*")) {
                record.leaves("group/" + group);
            } else {
                record.left("group/" + group);
            }
        }
        asked.answer().complete(frame);
    }

    private void acked(Acked ack) {
        if (witness == null) {
            acks.add(ack);
        } else {
            witness.acked(this, ack);
        }
    }

    private static Set<String> excepted(JsonObject send) {
        return send.getJsonArray("except", new JsonArray()).stream()
                .map(String.class::cast)
                .collect(Collectors.toSet());
    }

    private void refused(JsonObject frame) {
        Pending asked = pending.get(frame.getValue("id"));
        if (asked == null) {
            if (open) {
                violations.add("error without a question: " + frame);
            } else if (!frame.getBoolean("retryable")) {
                violations.add("hello refused: " + frame);
            }
        } else if (asked.repeated() && frame.getBoolean("retryable")) {
            int dial = dials;
            CLOCK.schedule(
                    () -> repeat(asked, dial), frame.getLong("retryAfter", (long) RETRY_MILLIS), TimeUnit.MILLISECONDS);
        } else {
            pending.remove(frame.getValue("id"));
            asked.answer().completeExceptionally(new RefusedException(frame));
        }
    }

    /** On the same connection: on another one it was repeated with the welcome. */
    private synchronized void repeat(Pending asked, int dial) {
        if (open && dial == dials && pending.containsValue(asked)) {
            wire.write(asked.frame());
        }
    }

    private synchronized void ended(int dial, int code, CompletableFuture<JsonObject> greeted) {
        if (dial != dials) {
            return;
        }
        dials++; // What this connection still brings is nobody's.
        lostAt = open ? System.nanoTime() : lostAt;
        open = false;
        closings.add(code);
        failUnanswered(code);
        greeted.completeExceptionally(
                new IllegalStateException(name + ": closed with " + code + " instead of a welcome"));
        notifyAll();
        if (target == null) {
            return;
        }
        if (code == FLOODED && witness != null && witness.mayFlood(this)) {
            CLOCK.schedule(this::comeBack, FLOODED_MILLIS, TimeUnit.MILLISECONDS);
        } else if (COME_BACK.contains(code)) {
            CLOCK.schedule(this::comeBack, named != null ? named : 50 + random.nextInt(450), TimeUnit.MILLISECONDS);
            named = null;
        } else {
            violations.add("closed with " + code);
            if (witness != null) {
                CLOCK.schedule(this::comeBack, FLOODED_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Sends are repeated on the next connection; what else was asked may have taken effect or not. */
    private void failUnanswered(int code) {
        List<Pending> unanswered =
                pending.values().stream().filter(asked -> !asked.repeated()).toList();
        pending.values().removeAll(unanswered);
        unanswered.forEach(asked ->
                asked.answer().completeExceptionally(new IllegalStateException(name + ": closed with " + code)));
    }

    private synchronized void dropIfDead() {
        long patience = HELLO_NANOS;
        if (open) {
            JsonObject ping = welcomed.getJsonObject("ping");
            patience = TimeUnit.MILLISECONDS.toNanos(ping.getLong("interval") + ping.getLong("timeout"));
        }
        if (wire != null && reading && System.nanoTime() - lastSign > patience) {
            wire.drop();
        }
    }

    private synchronized void comeBack() {
        if (target != null) {
            dial(target.get());
        }
    }
}
