package dev.parley.server.proof;

import dev.parley.server.proof.ServerProcess.Answer;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A program that pushes over HTTP, one message after the other, each with its key until some instance takes it. On a thread of its own. */
public final class Backend {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Hub hub;
    private final Random random;
    private final List<Acked> acks = new ArrayList<>();
    private volatile boolean stopped;
    private volatile boolean abandoned;
    private Thread thread;

    public Backend(Hub hub, Random random) {
        this.hub = hub;
        this.random = random;
    }

    public void push(JsonObject to) {
        thread = new Thread(() -> run(to), "backend");
        thread.start();
    }

    public synchronized int acknowledged() {
        return acks.size();
    }

    /** Lets it end with an answer to its last push; says what was acknowledged. */
    public List<Acked> stop() {
        stopped = true;
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            return List.copyOf(acks);
        }
    }

    /** Ends even though its last push has no answer. */
    public void abandon() {
        abandoned = true;
        stop();
    }

    private void run(JsonObject to) {
        while (!stopped) {
            String id = UUID.randomUUID().toString();
            JsonObject push = new JsonObject().put("to", to).put("data", random.nextInt());
            JsonObject taken = null;
            while (taken == null && !abandoned) {
                taken = attempt(id, push);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            if (taken != null) {
                remember(taken);
            }
        }
    }

    /** The answer, or null where it has to be tried again: the instance died over it, or has no log. */
    private JsonObject attempt(String id, JsonObject push) {
        try {
            Answer answer = hub.any().post("/v1/messages", push, Map.of("Idempotency-Key", id));
            if (answer.status() < 500 && answer.status() != 202) {
                throw new AssertionError("a push is refused: " + answer);
            }
            return answer.status() == 202 ? answer.body() : null;
        } catch (UncheckedIOException gone) {
            return null;
        }
    }

    private synchronized void remember(JsonObject taken) {
        acks.add(new Acked(
                taken.getString("channel"),
                taken.getString("epoch"),
                taken.getLong("seq"),
                taken.getString("messageId"),
                taken.getBoolean("duplicate"),
                Set.of()));
    }
}
