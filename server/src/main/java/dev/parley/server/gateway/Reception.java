package dev.parley.server.gateway;

import dev.parley.server.config.ParleyConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Lets hellos in: so many a second, and so many under way at a time, so that those who come all at once after a crash neither drown the log nor each other. The
 * others wait in their order. Who would wait longer than clients do is told when to come back; that time follows from how fast it goes, and is spread, since
 * clients come back exactly then. Any event loop; one lock, held for a few instructions.
 *
 * <p>Without a bound, thousands of greetings go on at once, each so slowly that all of them run into their time limit, and come back all at once.
 */
@Singleton
final class Reception {

    /** Each takes some five round trips to Redis: enough for thousands a second. With more of them, a busy machine does not end them in time. */
    static final int UNDER_WAY = 64;

    /** Clients give up after ten seconds, and the greeting itself may take five of them. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

    private static final double NANOS = 1e9;
    private static final long RETRY_MIN_MILLIS = 500;

    /** Further ahead nobody knows how fast it will go. Less would have them come in vain, and to send them away again takes time from those who could come in. */
    private static final long RETRY_MAX_MILLIS = 60_000;

    /** How much a single greeting counts in the mean time between two. */
    private static final double WEIGHT = 0.02;

    private final double perSecond;
    private final LongSupplier clock;
    private final Allowance rate;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int underWay;
    private boolean timed;
    private double meanNanos;
    private long last;
    private double booked;

    /** Somebody at the door. Called on any thread. */
    interface Guest {

        /** Comes in; {@link #left} is to be called when that has succeeded or failed. */
        void enter();

        /** Is to come back in so many milliseconds. */
        void comeBack(long millis);

        /** Calls {@link Reception#reminded} in so many milliseconds. */
        void remind(long millis);
    }

    private record Waiting(Guest guest, long since) {}

    @Inject
    Reception(ParleyConfig config) {
        this(config.limits().handshakes(), System::nanoTime);
    }

    /** @param clock a {@link System#nanoTime} */
    Reception(int perSecond, LongSupplier clock) {
        this.perSecond = perSecond;
        this.clock = clock;
        this.rate = new Allowance(new Allowance.Rate(perSecond, Math.max(1, perSecond / 4)), clock.getAsLong());
        this.meanNanos = NANOS / perSecond;
    }

    /** A hello came. Its guest enters now or later, or is told to come back. */
    void arrive(Guest guest) {
        long retry = 0;
        synchronized (this) {
            if (expectedWait() > LONGEST_WAIT.toNanos()) {
                retry = retryAfter();
            } else {
                waiting.add(new Waiting(guest, clock.getAsLong()));
            }
        }
        if (retry > 0) {
            guest.comeBack(retry);
        } else {
            proceed();
        }
    }

    /** A greeting has come to its end, good or bad. */
    void left() {
        synchronized (this) {
            underWay--;
            long now = clock.getAsLong();
            // With nobody waiting it says how many come, not how many could; so it slowly goes back to what may.
            double sample = waiting.isEmpty() || last == 0 ? NANOS / perSecond : now - last;
            meanNanos += WEIGHT * (sample - meanNanos);
            last = waiting.isEmpty() ? 0 : now;
        }
        proceed();
    }

    /** Lets in who may. */
    void proceed() {
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    /**
     * When somebody who cannot be served now is to come back, in milliseconds: each gets the next free place behind those who wait and those who were told before,
     * at the pace at which it goes.
     */
    synchronized long retryAfter() {
        long now = clock.getAsLong();
        double least = now + expectedWait();
        booked = Math.max(booked, least) + meanNanos;
        long millis = (long) ((booked - now) / 1e6);
        double jitter = ThreadLocalRandom.current().nextDouble();
        if (millis > RETRY_MAX_MILLIS) {
            booked = now + RETRY_MAX_MILLIS * 1e6;
            return (long) (RETRY_MAX_MILLIS * (1 + jitter) / 2);
        }
        return Math.max(millis, (long) (RETRY_MIN_MILLIS * (1 + jitter)));
    }

    private double expectedWait() {
        return waiting.size() * meanNanos;
    }

    private synchronized Runnable next() {
        Waiting first = waiting.peek();
        if (first == null || underWay >= UNDER_WAY) {
            return null;
        }
        long now = clock.getAsLong();
        if (now - first.since > LONGEST_WAIT.toNanos()) {
            waiting.remove();
            long retry = retryAfter();
            return () -> first.guest.comeBack(retry);
        }
        if (!rate.take(now)) {
            if (timed) {
                return null;
            }
            timed = true;
            long millis = rate.millisUntilNext();
            return () -> first.guest.remind(millis);
        }
        waiting.remove();
        underWay++;
        return first.guest::enter;
    }

    /** The time that was asked for by {@link Guest#remind} is over. */
    void reminded() {
        synchronized (this) {
            timed = false;
        }
        proceed();
    }
}
