package dev.parley.server.redis;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Commands over one wire: sent at once, answered in order, never sent again. Called for {@link RedisLink} on any thread, its state is the loop's.
 *
 * <p>Nothing waits unboundedly: without a connection a command fails at once, as it does when {@value #MOST_WAITING} are unanswered; and when the oldest has had
 * no answer within the timeout, the connection is given up and everything unanswered fails.
 */
final class Pipeline implements Wire.User {

    /** Commands unanswered at the same time. */
    static final int MOST_WAITING = 4096;

    private final Loop loop;
    private final Wire wire;
    private final long timeout;
    private final Runnable changed;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ArrayDeque<Asked> asked = new ArrayDeque<>();
    private RedisConnection connection;

    private record Asked(CompletableFuture<Response> answer, long deadline) {}

    /** @param changed called on the loop when the connection came or went */
    Pipeline(Wire.Site site, String name, Runnable changed) {
        this.loop = site.loop();
        this.wire = new Wire(site, name, this);
        this.timeout = site.timeout().toNanos();
        this.changed = changed;
    }

    static ProtocolException unavailable() {
        return new ProtocolException(ErrorCode.UNAVAILABLE, "the hub's store cannot be reached now; try again");
    }

    Wire wire() {
        return wire;
    }

    /**
     * Sends a command.
     *
     * @return the answer; fails with {@code unavailable} without one, and with the driver's own exception when the answer is an error
     */
    CompletableFuture<Response> send(Request request) {
        return send(request, false);
    }

    /** Sends a command that another server redirected here for once ({@code ASK}). */
    CompletableFuture<Response> sendAsking(Request request) {
        return send(request, true);
    }

    private CompletableFuture<Response> send(Request request, boolean asking) {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        if (!wire.up()) {
            answer.completeExceptionally(unavailable());
        } else if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            answer.completeExceptionally(unavailable());
        } else {
            loop.run(() -> {
                if (asking) {
                    waiting.incrementAndGet();
                    issue(Request.cmd(Command.ASKING), new CompletableFuture<>());
                }
                issue(request, answer);
            });
        }
        return answer;
    }

    private void issue(Request request, CompletableFuture<Response> answer) {
        if (connection == null) {
            waiting.decrementAndGet();
            answer.completeExceptionally(unavailable());
            return;
        }
        asked.add(new Asked(answer, System.nanoTime() + timeout));
        connection.send(request).onComplete(result -> {
            if (answer.isDone()) {
                return;
            }
            settle(answer);
            if (result.succeeded()) {
                answer.complete(result.result());
            } else if (result.cause() instanceof Response) {
                answer.completeExceptionally(result.cause());
            } else {
                answer.completeExceptionally(unavailable());
            }
        });
    }

    private void settle(CompletableFuture<Response> answer) {
        waiting.decrementAndGet();
        Asked first = asked.peek();
        if (first != null && first.answer == answer) {
            asked.remove();
        } else {
            asked.removeIf(one -> one.answer == answer);
        }
    }

    @Override
    public void connected(RedisConnection opened) {
        connection = opened;
        changed.run();
    }

    @Override
    public void lost() {
        connection = null;
        List<Asked> unanswered = new ArrayList<>(asked);
        asked.clear();
        waiting.addAndGet(-unanswered.size());
        for (Asked one : unanswered) {
            one.answer.completeExceptionally(unavailable());
        }
        changed.run();
    }

    @Override
    public boolean overdue(long now) {
        Asked oldest = asked.peek();
        return oldest != null && now - oldest.deadline > 0;
    }
}
