package dev.parley.server.hook;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * Tells one webhook of events that wait in a store, so that they outlive the instance on which they happened. An event is kept there before whoever caused it is
 * answered, and struck when the webhook has taken it. One instance tells at a time; where it is gone, another begins with all that is not struck, so an event is told
 * twice rather than never. Any thread; one lock, held for a few instructions.
 */
final class SharedDeliveries implements Hearer {
    private static final Logger LOG = Logger.getLogger(SharedDeliveries.class);
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final int RENEW_MILLIS = 1000;
    private static final int LOOK_MILLIS = 100;
    private static final int PAGE = 64;

    /** Events that are taken out of the store before some of them were told. */
    private static final int IN_MEMORY = 512;

    private final String name;
    private final String node;
    private final EventStore store;
    private final Deliveries deliveries;
    private final HookCounters counters;

    /** From when they were read here until they are struck: whoever loses the right and has it again does not tell them a second time meanwhile. */
    private final Set<String> known = new HashSet<>();

    private List<String> finished = new ArrayList<>();
    private String place = EventStore.BEGIN;
    private boolean held;
    private long heldUntil;
    private boolean looking;
    private boolean striking;
    private boolean stopped;
    private long backlog;

    /** @param deliveries tells; has room for {@value #IN_MEMORY} */
    SharedDeliveries(String name, String node, EventStore store, Deliveries deliveries, HookCounters counters) {
        this.name = name;
        this.node = node;
        this.store = store;
        this.deliveries = deliveries;
        this.counters = counters;
    }

    /** Begins to take its turn among the instances. */
    SharedDeliveries start(Vertx vertx) {
        vertx.setPeriodic(1, RENEW_MILLIS, timer -> renew());
        vertx.setPeriodic(LOOK_MILLIS, timer -> look());
        return this;
    }

    @Override
    public CompletionStage<Void> tell(CloudEvent event) {
        return store.keep(event).thenAccept(kept -> {
            if (!kept) {
                counters.dead.increment();
                LOG.warnf("Too many events wait for the webhook %s: %s is given up", name, event.id());
            }
        });
    }

    @Override
    public synchronized int waiting() {
        return known.size();
    }

    @Override
    public synchronized void stop() {
        stopped = true;
    }

    @Override
    public void release() {
        strike();
        synchronized (this) {
            held = false;
            waits(0);
        }
        store.release(node);
    }

    /** A store that does not answer lets the lease run out. */
    private void renew() {
        synchronized (this) {
            if (stopped) {
                return;
            }
        }
        long asked = System.nanoTime();
        store.hold(node, LEASE).thenAccept(waiting -> {
            synchronized (this) {
                if (stopped) {
                    return;
                }
                boolean before = holds();
                held = waiting >= 0;
                heldUntil = asked + LEASE.toNanos();
                if (held && !before) {
                    place = EventStore.BEGIN;
                }
                waits(held ? Math.max(0, waiting - known.size()) : 0);
            }
        });
    }

    private boolean holds() {
        return held && System.nanoTime() - heldUntil < 0;
    }

    /** So many wait that are not read yet. */
    private void waits(long now) {
        counters.waiting.add(now - backlog);
        backlog = now;
    }

    private void look() {
        strike();
        String from;
        synchronized (this) {
            if (stopped || looking || !holds() || known.size() > IN_MEMORY - PAGE) {
                return;
            }
            looking = true;
            from = place;
        }
        store.after(from, PAGE).whenComplete((events, failure) -> {
            List<EventStore.Waiting> taken = failure == null ? take(from, events) : List.of();
            synchronized (this) {
                looking = false;
            }
            taken.forEach(each -> deliveries.tell(each.event(), () -> told(each.place())));
            if (!taken.isEmpty()) {
                look();
            }
        });
    }

    private synchronized List<EventStore.Waiting> take(String from, List<EventStore.Waiting> events) {
        List<EventStore.Waiting> taken = new ArrayList<>();
        if (holds() && place.equals(from)) {
            for (EventStore.Waiting each : events) {
                place = each.place();
                if (known.add(each.place())) {
                    taken.add(each);
                }
            }
        }
        return taken;
    }

    private synchronized void told(String at) {
        finished.add(at);
    }

    private void strike() {
        List<String> now;
        synchronized (this) {
            if (striking || finished.isEmpty()) {
                return;
            }
            striking = true;
            now = finished;
            finished = new ArrayList<>();
        }
        store.strike(now).whenComplete((done, failure) -> {
            synchronized (this) {
                striking = false;
                if (failure == null) {
                    now.forEach(known::remove);
                } else {
                    finished.addAll(now);
                }
            }
        });
    }
}
