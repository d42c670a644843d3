package dev.parley.server.presence;

import io.vertx.core.Vertx;

/** A timer that is set again and again and runs once for the earliest time it was set to. Set under its {@link Room}'s lock, runs without it. */
final class Alarm {
    private final Vertx vertx;
    private long timer = -1;
    private long due;

    Alarm(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Sets it, unless it is set to an earlier time already.
     *
     * @param nanos as {@link System#nanoTime}
     * @param task the same each time
     */
    synchronized void at(long nanos, Runnable task) {
        if (timer >= 0 && due - nanos <= 0) {
            return;
        }
        stop();
        due = nanos;
        // A millisecond more, as whoever is woken a moment too early would only set it again.
        long millis = Math.max(0, (nanos - System.nanoTime()) / 1_000_000) + 1;
        timer = vertx.setTimer(millis, rung -> ring(rung, task));
    }

    private void stop() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private void ring(long rung, Runnable task) {
        synchronized (this) {
            if (timer != rung) {
                return;
            }
            timer = -1;
        }
        task.run();
    }
}
