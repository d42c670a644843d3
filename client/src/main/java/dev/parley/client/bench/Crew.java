package dev.parley.client.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The reactors of a run. The run's thread makes it and waits with it; nothing here runs on a reactor. */
public final class Crew implements AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final List<Reactor> reactors = new ArrayList<>();
    private final Duration patience;

    /**
     * Starts the threads.
     *
     * @param patience how long nothing may happen where something should
     */
    public Crew(int threads, Duration patience) {
        this.patience = patience;
        for (int i = 0; i < threads; i++) {
            reactors.add(new Reactor(i));
        }
    }

    /** The reactors, by number. */
    public List<Reactor> reactors() {
        return List.copyOf(reactors);
    }

    /** The reactor of a member. */
    public Reactor of(int member) {
        return reactors.get(member % reactors.size());
    }

    int threads() {
        return reactors.size();
    }

    /** Waits until {@code done}, and gives up when {@code progress} stays the same for too long; says whether it was done. */
    boolean await(BooleanSupplier done, LongSupplier progress) {
        long seen = progress.getAsLong();
        long since = System.nanoTime();
        while (!done.getAsBoolean()) {
            rest();
            long now = progress.getAsLong();
            if (now != seen) {
                seen = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > patience.toNanos()) {
                return false;
            }
        }
        return true;
    }

    /** Waits until a time, or until {@code enough}. */
    void await(long until, BooleanSupplier enough) {
        while (System.nanoTime() < until && !enough.getAsBoolean()) {
            rest();
        }
    }

    private void rest() {
        LockSupport.parkNanos(LOOK_NANOS);
        if (Thread.interrupted()) {
            throw new BenchException("interrupted");
        }
        for (Reactor reactor : reactors) {
            if (reactor.failure() != null) {
                throw new BenchException("a thread broke: " + reactor.failure(), reactor.failure());
            }
        }
    }

    /** Waits until every thread has come round once: what they did before is then seen here. */
    void settle() {
        CountDownLatch seen = new CountDownLatch(reactors.size());
        reactors.forEach(reactor -> reactor.execute(seen::countDown));
        await(() -> seen.getCount() == 0, () -> 0);
    }

    /** Processor time of the busiest thread, as a share of the time since; {@code before} holds each one's nanoseconds then. */
    double busiest(long[] before, long nanos) {
        long most = 0;
        for (Reactor reactor : reactors) {
            most = Math.max(most, reactor.cpuNanos() - before[reactor.number()]);
        }
        return (double) most / nanos;
    }

    long[] cpuNanos() {
        return reactors.stream().mapToLong(Reactor::cpuNanos).toArray();
    }

    Duration patience() {
        return patience;
    }

    @Override
    public void close() {
        reactors.forEach(Reactor::close);
    }
}
