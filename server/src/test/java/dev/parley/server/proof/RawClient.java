package dev.parley.server.proof;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A client written from the contract alone: it resumes with its cursors, sends again with the same message id what was not acknowledged, and keeps a record of
 * everything it was told. Made and driven by a test's thread; frames are handled on threads of the HTTP client, under this object's lock.
 */
public final class RawClient implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<Integer> COME_BACK = Set.of(1001, Wire.BROKEN, 1012, 1013, 4000);
    private static final int RETRY_MILLIS = 200;
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
    private final Record record = new Record(violations::add);
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

    /** A request without an answer so far; {@code repeated} until there is one, as sends are. */
    private record Pending(JsonObject frame, CompletableFuture<JsonObject> answer, boolean repeated) {}

    private RawClient(String name, String user, String token) {
        this.name = name;
        this.user = user;
        this.token = token;
        this.random = new Random(name.hashCode());
        this.heard = new Heard(name);
    }

    /** Somebody new, who is a guest with the first connection. */
    public static RawClient guest(String name) {
        return new RawClient(name, null, null);
    }

    /** Another device of the same person, not connected yet. */
    public synchronized RawClient device(String label) {
        return new RawClient(name + "/" + label, user, token);
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

    /** Comes back by itself from now on, to what the supplier says then. */
    public synchronized RawClient comingBackTo(Supplier<ServerProcess> servers) {
        target = servers;
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

    /** Loses the connection without a word. */
    public synchronized void drop() {
        wire.drop();
    }

    /** Reads nothing from now on, or reads on. */
    public synchronized void read(boolean on) {
        wire.read(on);
    }

    @Override
    public synchronized void close() {
        target = null;
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

    private CompletableFuture<JsonObject> ask(JsonObject frame) {
        return ask(frame, frame.getString("type").equals("send"));
    }

    private synchronized CompletableFuture<JsonObject> ask(JsonObject frame, boolean repeated) {
        frame.put("id", ++requests);
        Pending asked = new Pending(frame, new CompletableFuture<>(), repeated);
        pending.put(requests, asked);
        if (open) {
            wire.write(frame);
        }
        return asked.answer();
    }

    private synchronized void took(int dial, String line) {
        if (dial != dials) {
            return;
        }
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
            acks.add(new Acked(
                    frame.getString("channel"),
                    frame.getString("epoch"),
                    frame.getLong("seq"),
                    frame.getString("messageId"),
                    frame.getBoolean("duplicate"),
                    mayMiss(asked.frame())));
        } else if (type.equals("join")) {
            record.joined(asked.frame().getJsonObject("since"), frame);
        } else if (type.equals("leave") && !asked.frame().getString("group").matches("(chat|dm):.*")) {
            record.left("group/" + asked.frame().getString("group"));
        }
        asked.answer().complete(frame);
    }

    private Set<String> mayMiss(JsonObject send) {
        Set<String> users = new HashSet<>();
        send.getJsonArray("except", new JsonArray()).forEach(excepted -> users.add((String) excepted));
        if (Boolean.FALSE.equals(send.getBoolean("echo"))) {
            users.add(user);
        }
        return users;
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
            CLOCK.schedule(
                    () -> repeat(asked), frame.getLong("retryAfter", (long) RETRY_MILLIS), TimeUnit.MILLISECONDS);
        } else {
            pending.remove(frame.getValue("id"));
            asked.answer().completeExceptionally(new RefusedException(frame));
        }
    }

    private synchronized void repeat(Pending asked) {
        if (open && pending.containsValue(asked)) {
            wire.write(asked.frame());
        }
    }

    private synchronized void ended(int dial, int code, CompletableFuture<JsonObject> greeted) {
        if (dial != dials) {
            return;
        }
        dials++; // What this connection still brings is nobody's.
        open = false;
        closings.add(code);
        greeted.completeExceptionally(
                new IllegalStateException(name + ": closed with " + code + " instead of a welcome"));
        notifyAll();
        if (target == null) {
            return;
        }
        if (COME_BACK.contains(code)) {
            CLOCK.schedule(this::comeBack, named != null ? named : 50 + random.nextInt(450), TimeUnit.MILLISECONDS);
            named = null;
        } else {
            violations.add("closed with " + code);
        }
    }

    private synchronized void comeBack() {
        if (target != null) {
            dial(target.get());
        }
    }
}
