package dev.parley.server.hook;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tells one webhook of events, each again and again until it is taken or given up. Events of one lane go one after the other; of different lanes, some at a time.
 * Any thread; one lock, held for a few instructions.
 */
final class Deliveries implements Hearer {
    private static final CompletionStage<Void> TOLD = CompletableFuture.completedStage(null);
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
    private final Map<String, Queue<Order>> lanes = new HashMap<>();

    private final Queue<String> ready = new ArrayDeque<>();
    private int waiting;
    private int underWay;

    /** An event, and what to do once it was taken or given up. */
    private record Order(CloudEvent event, Runnable then) {}

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

    @Override
    public CompletionStage<Void> tell(CloudEvent event) {
        tell(event, () -> {});
        return TOLD;
    }

    /**
     * Has the webhook told of an event.
     *
     * @param then is run when it was taken, or given up
     */
    void tell(CloudEvent event, Runnable then) {
        if (admit(new Order(event, then))) {
            proceed();
        } else {
            counters.dead.increment();
            LOG.warnf("The webhook %s has too many events waiting: %s is given up", name, event.id());
            then.run();
        }
    }

    private synchronized boolean admit(Order order) {
        if (waiting >= most) {
            return false;
        }
        waiting++;
        counters.waiting.increment();
        String lane = order.event.lane();
        Queue<Order> before = lanes.get(lane);
        if (before == null) {
            before = new ArrayDeque<>(2);
            lanes.put(lane, before);
            ready.add(lane);
        }
        before.add(order);
        return true;
    }

    @Override
    public synchronized int waiting() {
        return waiting;
    }

    @Override
    public void stop() {
        // What waits here waits nowhere else, so it is told for as long as there is time.
    }

    @Override
    public void release() {
        // Nobody else could go on.
    }

    private void proceed() {
        for (Order next = next(); next != null; next = next()) {
            attempt(next, 1);
        }
    }

    private synchronized Order next() {
        if (underWay >= AT_ONCE || ready.isEmpty()) {
            return null;
        }
        underWay++;
        return lanes.get(ready.remove()).peek();
    }

    private void attempt(Order order, int number) {
        endpoint.call(order.event).whenComplete((taken, failure) -> {
            if (failure == null) {
                counters.delivered.increment();
                done(order);
            } else if (number >= attempts) {
                counters.dead.increment();
                LOG.warnf(
                        "The webhook %s did not take %s in %d attempts: it is given up",
                        name, order.event.id(), number);
                done(order);
            } else {
                counters.retried.increment();
                Executor later = CompletableFuture.delayedExecutor(pause(number), TimeUnit.MILLISECONDS);
                later.execute(() -> attempt(order, number + 1));
            }
        });
    }

    /** Twice as long each time, up to a minute; spread, since what fails for one event fails for all. */
    private long pause(int number) {
        long longest = Math.min(LONGEST_MILLIS, firstMillis << Math.min(number - 1, 20));
        return longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
    }

    private void done(Order order) {
        CloudEvent event = order.event;
        synchronized (this) {
            underWay--;
            waiting--;
            counters.waiting.decrement();
            Queue<Order> lane = lanes.get(event.lane());
            lane.remove();
            if (lane.isEmpty()) {
                lanes.remove(event.lane());
            } else {
                ready.add(event.lane());
            }
        }
        order.then.run();
        proceed();
    }
}
