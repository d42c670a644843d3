package dev.parley.server.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * All subscriptions of this instance on one shard, over one connection. Called on the loop only, and messages are handed out there.
 *
 * <p>What is wanted ({@code topics}) and what Redis confirmed ({@code confirmed}) are brought into accord by commands of up to {@value #BATCH} keys. One
 * such round is under way at a time, and what is asked meanwhile gathers for the next. The driver completes these commands when they are written, so only
 * Redis' own confirmation counts. No other command is ever sent here: the driver would take a message for its answer.
 */
final class Subscriptions implements Wire.User {
    private static final Logger LOG = Logger.getLogger(Subscriptions.class);

    /** Keys in one command: a burst of 10,000 joins costs 20 commands, and none keeps Redis from other work for long. */
    static final int BATCH = 512;

    /** Time for a cluster to settle before what it refused is asked for again. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Loop loop;
    private final Wire wire;
    private final Shard shard;
    private final long timeout;
    private final Map<String, List<Subscription>> topics = new HashMap<>();
    private final Set<String> confirmed = new HashSet<>();
    private final Set<String> unsettled = new LinkedHashSet<>();
    private final Set<String> underWay = new HashSet<>();
    private RedisConnection connection;
    private long deadline;
    private boolean pausing;

    Subscriptions(Wire.Site site, Shard shard) {
        this.loop = site.loop();
        this.wire = new Wire(site, "subscriptions", this);
        this.shard = shard;
        this.timeout = site.timeout().toNanos();
    }

    void add(Subscription subscription) {
        String key = subscription.key();
        topics.merge(key, List.of(subscription), Subscriptions::both);
        if (confirmed.contains(key) && !underWay.contains(key)) {
            subscription.confirmed();
        } else {
            unsettled.add(key);
            settle();
        }
    }

    /** Hears no more for this one; does nothing where it is not heard. */
    void remove(Subscription subscription) {
        String key = subscription.key();
        List<Subscription> all = topics.get(key);
        if (all == null || !all.contains(subscription)) {
            return;
        }
        List<Subscription> rest =
                all.stream().filter(one -> one != subscription).toList();
        if (!rest.isEmpty()) {
            topics.put(key, rest);
            return;
        }
        topics.remove(key);
        unsettled.add(key);
        settle();
    }

    /** Gives away those whose keys belong elsewhere. */
    List<Subscription> release(Predicate<Subscription> elsewhere) {
        List<Subscription> released = new ArrayList<>();
        topics.values().removeIf(all -> {
            boolean leaves = elsewhere.test(all.get(0));
            if (leaves) {
                released.addAll(all);
                unsettled.add(all.get(0).key());
            }
            return leaves;
        });
        settle();
        return released;
    }

    Wire wire() {
        return wire;
    }

    private static List<Subscription> both(List<Subscription> some, List<Subscription> more) {
        List<Subscription> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    /** Asks Redis for what differs from what is wanted, unless it is still busy with the last such question. */
    private void settle() {
        if (connection == null || pausing || !underWay.isEmpty()) {
            return;
        }
        List<String> join = new ArrayList<>();
        List<String> leave = new ArrayList<>();
        Iterator<String> keys = unsettled.iterator();
        while (keys.hasNext() && join.size() < BATCH && leave.size() < BATCH) {
            String key = keys.next();
            keys.remove();
            boolean wanted = topics.containsKey(key);
            if (wanted != confirmed.contains(key)) {
                (wanted ? join : leave).add(key);
            }
        }
        if (shard.sharded()) {
            ask(Command.SSUBSCRIBE, bySlot(join));
            ask(Command.SUNSUBSCRIBE, bySlot(leave));
        } else {
            ask(Command.SUBSCRIBE, List.of(join));
            ask(Command.UNSUBSCRIBE, List.of(leave));
        }
    }

    /** The keys of one sharded command must share a slot. */
    private static Collection<List<String>> bySlot(List<String> keys) {
        return keys.stream().collect(Collectors.groupingBy(Slots::of)).values();
    }

    private void ask(Command command, Collection<List<String>> all) {
        for (List<String> keys : all) {
            if (!keys.isEmpty()) {
                underWay.addAll(keys);
                deadline = System.nanoTime() + timeout;
                connection.send(Request.cmd(command, keys.toArray()));
            }
        }
    }

    private void heard(Response push) {
        if (push != null && push.type() == ResponseType.ERROR) {
            refused((Throwable) push);
        } else if (push != null && push.size() >= 3) {
            told(push);
        }
    }

    private void told(Response push) {
        String key = push.get(1).toString();
        switch (push.get(0).toString()) {
            case "message", "smessage" -> message(key, push.get(2).toBytes());
            case "subscribe", "ssubscribe" -> {
                confirmed.add(key);
                underWay.remove(key);
                topics.getOrDefault(key, List.of()).forEach(Subscription::confirmed);
                settle();
            }
            case "unsubscribe", "sunsubscribe" -> unsubscribed(key);
            default -> LOG.debugf("Redis, subscriptions: unexpected push %s", push.get(0));
        }
    }

    private void unsubscribed(String key) {
        confirmed.remove(key);
        if (underWay.remove(key) || !topics.containsKey(key)) {
            settle();
        } else {
            // Not asked for: its slot went elsewhere.
            unsettled.add(key);
            askAgain();
        }
    }

    /** An error does not tell which command it answers, so all that is under way is asked for again. */
    private void refused(Throwable error) {
        shard.refused(error);
        unsettled.addAll(underWay);
        underWay.clear();
        askAgain();
    }

    private void askAgain() {
        shard.look();
        if (!pausing) {
            pausing = true;
            loop.after(AGAIN, () -> {
                pausing = false;
                settle();
            });
        }
    }

    private void message(String key, byte[] message) {
        for (Subscription one : topics.getOrDefault(key, List.of())) {
            try {
                one.message(message);
            } catch (RuntimeException failure) {
                // One listener's fault must not cost the others their messages, nor the connection.
                LOG.errorf(failure, "A message on %s could not be taken", key);
            }
        }
    }

    @Override
    public void connected(RedisConnection opened) {
        connection = opened;
        // What an earlier connection still brings was confirmed to that one, and may come a second time by this one.
        opened.handler(push -> loop.run(() -> {
            if (connection == opened) {
                heard(push);
            }
        }));
        settle();
        shard.changed();
    }

    @Override
    public void lost() {
        connection = null;
        confirmed.clear();
        underWay.clear();
        unsettled.clear();
        unsettled.addAll(topics.keySet());
        shard.changed();
    }

    @Override
    public boolean overdue(long now) {
        return !underWay.isEmpty() && now - deadline > 0;
    }
}
