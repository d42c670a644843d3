package dev.parley.server.hook;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tells one webhook of events, each again and again until it is taken or given up. Events of one lane go one after the other; of different lanes, some at a time.
 * Any thread; one lock, held for a few instructions.
 */
final class Deliveries {
    private static final Logger LOG = Logger.getLogger(Deliveries.class);
    private static final int AT_ONCE = 16;
    private static final long FIRST_MILLIS = 500;
    private static final long LONGEST_MILLIS = 60_000;

    private final String name;
    private final Endpoint endpoint;
    private final int most;
    private final int attempts;
    private final long firstMillis;
    private final HookCounters counters;
    /** What waits, by lane; a lane is in it while one of its events is being told. */
    private final Map<String, Queue<CloudEvent>> lanes = new HashMap<>();

    private final Queue<String> ready = new ArrayDeque<>();
    private int waiting;
    private int underWay;

    /**
     * Deliveries.
     *
     * @param most so many events may wait; what comes then is given up at once
     * @param attempts so often each is tried
     */
    Deliveries(String name, Endpoint endpoint, int most, int attempts, HookCounters counters) {
        this(name, endpoint, most, attempts, FIRST_MILLIS, counters);
    }

    Deliveries(String name, Endpoint endpoint, int most, int attempts, long firstMillis, HookCounters counters) {
        this.name = name;
        this.endpoint = endpoint;
        this.most = most;
        this.attempts = attempts;
        this.firstMillis = firstMillis;
        this.counters = counters;
    }

    /** Has the webhook told of an event. */
    void tell(CloudEvent event) {
        synchronized (this) {
            if (waiting >= most) {
                counters.dead.increment();
                LOG.warnf("The webhook %s has %d events waiting: %s is given up", name, waiting, event.id());
                return;
            }
            waiting++;
            counters.waiting.increment();
            Queue<CloudEvent> lane = lanes.get(event.lane());
            if (lane != null) {
                lane.add(event);
                return;
            }
            lane = new ArrayDeque<>(2);
            lane.add(event);
            lanes.put(event.lane(), lane);
            ready.add(event.lane());
        }
        proceed();
    }

    /** How many wait or are being told. */
    synchronized int waiting() {
        return waiting;
    }

    private void proceed() {
        for (CloudEvent next = next(); next != null; next = next()) {
            attempt(next, 1);
        }
    }

    private synchronized CloudEvent next() {
        if (underWay >= AT_ONCE || ready.isEmpty()) {
            return null;
        }
        underWay++;
        return lanes.get(ready.remove()).peek();
    }

    private void attempt(CloudEvent event, int number) {
        endpoint.call(event).whenComplete((taken, failure) -> {
            if (failure == null) {
                counters.delivered.increment();
                done(event);
            } else if (number >= attempts) {
                counters.dead.increment();
                LOG.warnf("The webhook %s did not take %s in %d attempts: it is given up", name, event.id(), number);
                done(event);
            } else {
                counters.retried.increment();
                Executor later = CompletableFuture.delayedExecutor(pause(number), TimeUnit.MILLISECONDS);
                later.execute(() -> attempt(event, number + 1));
            }
        });
    }

    /** Twice as long each time, up to a minute; spread, since what fails for one event fails for all. */
    private long pause(int number) {
        long longest = Math.min(LONGEST_MILLIS, firstMillis << Math.min(number - 1, 20));
        return longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
    }

    private void done(CloudEvent event) {
        synchronized (this) {
            underWay--;
            waiting--;
            counters.waiting.decrement();
            Queue<CloudEvent> lane = lanes.get(event.lane());
            lane.remove();
            if (lane.isEmpty()) {
                lanes.remove(event.lane());
            } else {
                ready.add(event.lane());
            }
        }
        proceed();
    }
}
