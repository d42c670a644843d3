package dev.parley.server.presence;

import io.vertx.core.Vertx;
import java.time.Duration;

/** A timer that is set again and again and runs once for the earliest time it was set to. Set under its {@link Room}'s lock, runs without it. */
final class Alarm {
    private final Vertx vertx;
    private final Runnable task;
    private long timer = -1;
    private long due;

    Alarm(Vertx vertx, Runnable task) {
        this.vertx = vertx;
        this.task = task;
    }

    void in(Duration delay) {
        at(System.nanoTime() + delay.toNanos());
    }

    /** @param nanos as {@link System#nanoTime} */
    synchronized void at(long nanos) {
        if (timer >= 0 && due - nanos <= 0) {
            return;
        }
        stop();
        due = nanos;
        // A millisecond more, as whoever is woken a moment too early would only set it again.
        long millis = Math.max(0, (nanos - System.nanoTime()) / 1_000_000) + 1;
        timer = vertx.setTimer(millis, this::ring);
    }

    synchronized void stop() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private void ring(long rung) {
        synchronized (this) {
            if (timer != rung) {
                return;
            }
            timer = -1;
        }
        task.run();
    }
}
