package dev.parley.server.redis;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** The one event loop on which everything about Redis happens, so that its state needs no locks. */
final class Loop {
    private final Vertx vertx;
    private final Context context;
    final LinkCounters counters = new LinkCounters();

    /**
     * Takes one of Vert.x' event loops.
     *
     * <p>Vert.x gives a new event-loop context to a thread that has none; a thread of our own is one for certain, while the caller may well be a worker or
     * serve a request.
     */
    Loop(Vertx vertx) {
        this.vertx = vertx;
        this.context = CompletableFuture.supplyAsync(
                        vertx::getOrCreateContext, task -> new Thread(task, "redis-context").start())
                .join();
    }

    Vertx vertx() {
        return vertx;
    }

    /** Runs a task on the loop: at once when already there. */
    void run(Runnable task) {
        if (Vertx.currentContext() == context) {
            task.run();
        } else {
            context.runOnContext(none -> task.run());
        }
    }

    /** Runs a task on the loop later, unless cancelled through the returned timer. To be called on the loop, as timers stay on the context they are set on. */
    long after(Duration delay, Runnable task) {
        return vertx.setTimer(Math.max(1, delay.toMillis()), timer -> task.run());
    }

    /** Runs a task on the loop again and again. To be called on the loop. */
    long every(Duration period, LongConsumer task) {
        return vertx.setPeriodic(Math.max(1, period.toMillis()), task::accept);
    }

    void cancel(long timer) {
        vertx.cancelTimer(timer);
    }
}
