package dev.parley.server.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for replicas on behalf of all that was appended over one connection. One {@code WAIT} is under way at a time and serves everything answered before it
 * was sent, as it keeps the connection from other work. Called on the loop.
 */
final class Replication {
    private final Pipeline appends;
    private List<Waiting> waiting = new ArrayList<>();
    private boolean underWay;

    private record Waiting(int replicas, Duration patience, CompletableFuture<Integer> reached) {}

    Replication(Pipeline appends) {
        this.appends = appends;
    }

    /**
     * How many replicas have all that was answered on this connection so far. To be asked in the very turn of the loop in which an append was answered: a
     * connection opened since then would know nothing of it, and claim everything.
     */
    CompletableFuture<Integer> reached(int replicas, Duration patience) {
        Waiting one = new Waiting(replicas, patience, new CompletableFuture<>());
        waiting.add(one);
        next();
        return one.reached;
    }

    private void next() {
        if (underWay || waiting.isEmpty()) {
            return;
        }
        underWay = true;
        List<Waiting> served = waiting;
        waiting = new ArrayList<>();
        int replicas = served.stream().mapToInt(Waiting::replicas).max().orElseThrow();
        long patience =
                served.stream().mapToLong(one -> one.patience.toMillis()).max().orElseThrow();
        appends.send(Request.cmd(Command.WAIT, replicas, patience)).whenComplete((have, failure) -> {
            underWay = false;
            next();
            served.forEach(one -> tell(one.reached, have, failure));
        });
    }

    private static void tell(CompletableFuture<Integer> reached, Response have, Throwable failure) {
        if (failure == null) {
            reached.complete(have.toInteger());
        } else {
            reached.completeExceptionally(failure);
        }
    }
}
