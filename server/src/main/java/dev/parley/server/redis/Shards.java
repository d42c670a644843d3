package dev.parley.server.redis;

import dev.parley.server.redis.Shard.Lane;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jboss.logging.Logger;

/**
 * Which shard owns a key, and the shards there are: one for all keys, or those of a Redis Cluster. Owners may be asked for by any thread, all else is the
 * loop's.
 *
 * <p>Where primaries can change, everything is looked at every few seconds, at once when a server says that something moved, and several times a second while
 * a connection is missing. Subscriptions move along with their slot and are interrupted by that, so what was missed meanwhile is looked for.
 */
final class Shards {
    private static final Logger LOG = Logger.getLogger(Shards.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration LOOK_WHEN_DOWN = Duration.ofMillis(250);
    private static final Duration SHORTEST_LOOK = Duration.ofMillis(50);

    /** So long a server is kept to which a redirection led, though nobody says that it owns anything. */
    private static final long GUEST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long COMPLAINT_PAUSE = TimeUnit.SECONDS.toNanos(10);

    /** Numbers tried for a hash tag of a shard's own: one that owns a single slot is found by then, for as good as certain. */
    private static final int TAGS = 1 << 18;

    private final Loop loop;
    private final Topology topology;
    private final Duration timeout;
    private final Runnable changed;
    private final String id = UUID.randomUUID().toString();
    private final Map<Endpoint, Shard> shards = new HashMap<>();
    private final Map<Endpoint, Long> guests = new HashMap<>();
    private final Set<Subscription> homeless = new LinkedHashSet<>();
    private final AtomicInteger postponed = new AtomicInteger();
    private final AtomicLong complained = new AtomicLong(System.nanoTime() - COMPLAINT_PAUSE);
    private volatile AtomicReferenceArray<Shard> owners;
    private volatile List<Shard> owning = List.of();
    private volatile boolean complete;
    private Layout layout;

    /** Whether redirections led to what the layout does not know. */
    private boolean redirected;

    private boolean looking;
    private long looked = System.nanoTime();
    private Long nextLook;
    private boolean closed;

    /** @param changed called on the loop when a shard came up or went down */
    Shards(Loop loop, Topology topology, Duration timeout, Runnable changed) {
        this.loop = loop;
        this.topology = topology;
        this.owners = new AtomicReferenceArray<>(topology.sharded() ? Slots.COUNT : 1);
        this.timeout = timeout;
        this.changed = changed;
    }

    void open() {
        lookNow();
    }

    void close() {
        closed = true;
        shards.values().forEach(Shard::close);
    }

    Duration timeout() {
        return timeout;
    }

    /** Runs something on the loop. Any thread. */
    void run(Runnable task) {
        loop.run(task);
    }

    /** The shard that owns a key; null where none is known to. Any thread. */
    Shard owner(String key) {
        return owners.get(part(key));
    }

    /** Where a key belongs: its slot, or 0 where there is but one place. Any thread. */
    int part(String key) {
        return topology.sharded() ? Slots.of(key) : 0;
    }

    /** Whether everything has an owner, and all connections are open. */
    boolean up() {
        return layout != null && layout.complete() && owning.stream().allMatch(Shard::up);
    }

    /** The shards that own something. Any thread. */
    List<Shard> owning() {
        return owning;
    }

    /** Runs a script. Any thread. */
    CompletionStage<Response> send(Lane lane, Script.Call call) {
        return Question.ask(this, lane, call).thenApply(Question.Answer::response);
    }

    /** A shard by its place, which need not own anything. */
    Shard at(Endpoint endpoint) {
        Shard known = shards.get(endpoint);
        if (known != null) {
            return known;
        }
        guests.put(endpoint, System.nanoTime());
        redirected = true;
        return opened(endpoint);
    }

    /** A server says who owns a slot. @return false where slots have no owners of their own */
    boolean moved(int slot, Endpoint owner) {
        if (!topology.sharded()) {
            LOG.error("This Redis is a cluster: set quarkus.redis.client-type to cluster");
            return false;
        }
        owners.set(slot, at(owner));
        redirected = true;
        look();
        return true;
    }

    /** Runs something after a pause, unless much is waiting like this already. */
    boolean postpone(Duration pause, Runnable task) {
        if (postponed.incrementAndGet() > Pipeline.MOST_WAITING) {
            postponed.decrementAndGet();
            return false;
        }
        loop.run(() -> loop.after(pause, () -> {
            postponed.decrementAndGet();
            task.run();
        }));
        return true;
    }

    /** Redis answered with an error that nobody expected. Any thread. */
    void complain(Shard shard, Throwable error) {
        long last = complained.get();
        if (System.nanoTime() - last > COMPLAINT_PAUSE && complained.compareAndSet(last, System.nanoTime())) {
            LOG.warnf("Redis at %s answered with an error: %s", shard, error.getMessage());
        }
    }

    void join(Subscription subscription) {
        Shard owner = owners.get(subscription.part());
        if (owner == null) {
            homeless.add(subscription);
        } else {
            owner.subscriptions().add(subscription);
        }
    }

    /** Any thread. */
    void leave(Subscription subscription) {
        loop.run(() -> {
            homeless.remove(subscription);
            shards.values().forEach(shard -> shard.subscriptions().remove(subscription));
        });
    }

    /** A shard came up or went down. */
    void changed() {
        changed.run();
        if (!up()) {
            look();
        }
    }

    /** Something may have moved: looks at everything again, soon. */
    void look() {
        if (!topology.changes() || looking || closed) {
            return;
        }
        Duration since = Duration.ofNanos(System.nanoTime() - looked);
        Duration pause = SHORTEST_LOOK.minus(since);
        lookIn(pause.isNegative() ? Duration.ZERO : pause);
    }

    private void lookIn(Duration pause) {
        if (nextLook != null) {
            loop.cancel(nextLook);
        }
        nextLook = loop.after(pause, this::lookNow);
    }

    private void lookNow() {
        nextLook = null;
        looking = true;
        topology.look(Set.copyOf(shards.keySet())).whenComplete((found, failure) -> {
            looking = false;
            looked = System.nanoTime();
            if (closed) {
                return;
            }
            if (failure == null) {
                take(found);
            }
            if (topology.changes()) {
                lookIn(up() ? LOOK : LOOK_WHEN_DOWN);
            }
        });
    }

    private void take(Layout found) {
        if (found.equals(layout) && !redirected) {
            return;
        }
        if (topology.changes() && (layout == null || !found.primaries().equals(layout.primaries()))) {
            LOG.infof("Redis is at %s", found.primaries());
        }
        guests.values().removeIf(since -> System.nanoTime() - since > GUEST_NANOS);
        AtomicReferenceArray<Shard> next =
                new AtomicReferenceArray<>(found.owners().size());
        for (int slot = 0; slot < next.length(); slot++) {
            Endpoint owner = found.owners().get(slot);
            next.set(slot, owner == null ? null : opened(owner));
        }
        owners = next;
        owning = found.primaries().stream().map(shards::get).toList();
        complete = found.complete();
        List<Shard> former = shards.values().stream()
                .filter(shard -> !owning.contains(shard) && !guests.containsKey(shard.endpoint()))
                .toList();
        // At the first look nothing is known yet; later a shard in a new place is trusted until it had time to prove
        // itself.
        owning.forEach(shard -> proveAgain(shard, layout != null));
        layout = found;
        redirected = !guests.isEmpty();
        settle(former);
        changed.run();
    }

    /** Brings every subscription to the shard that owns its key now. */
    private void settle(List<Shard> former) {
        List<Subscription> moving = new ArrayList<>(homeless);
        homeless.clear();
        for (Shard shard : former) {
            shards.remove(shard.endpoint());
            shard.proveBy(null, false);
            moving.addAll(shard.subscriptions().release(any -> true));
        }
        shards.values()
                .forEach(shard -> moving.addAll(shard.subscriptions().release(one -> owners.get(one.part()) != shard)));
        moving.forEach(this::join);
        former.forEach(Shard::close);
    }

    private void proveAgain(Shard shard, boolean trusted) {
        Proof present = shard.proof();
        if (present == null || owner(present.bell().key()) != shard) {
            shard.proveBy(keyOf(shard), trusted);
        }
    }

    /** Whether every key has an owner that lately took a write and brought a ring. Any thread. */
    boolean proven(Duration lately) {
        return complete
                && owning.stream().map(Shard::proof).allMatch(proof -> proof != null && proof.heardWithin(lately));
    }

    private Shard opened(Endpoint endpoint) {
        return shards.computeIfAbsent(endpoint, place -> {
            String label = topology.changes() ? place + " " : "";
            Shard shard = new Shard(this, loop, topology, place, label, timeout);
            shard.open();
            return shard;
        });
    }

    /** A key of its own in a slot that a shard owns, by the smallest hash tag that has one; null where none has. */
    private String keyOf(Shard shard) {
        for (int tag = 0; tag < TAGS; tag++) {
            String key = "parley:{" + tag + "}:probe:" + id;
            if (owner(key) == shard) {
                return key;
            }
        }
        return null;
    }
}
