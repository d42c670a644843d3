package dev.parley.server.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * All subscriptions of this instance on one shard, over one connection. Called on the loop only, and messages are handed out there.
 *
 * <p>What is wanted and what Redis confirmed are brought into accord by commands of up to {@value #BATCH} keys. One such round is under way at a time, and
 * what is asked meanwhile gathers for the next. The driver completes these commands when they are written, so only Redis' own confirmation counts. No other
 * command is ever sent here: the driver would take a message for its answer.
 *
 * <p>A key that nobody hears any more stays subscribed for some seconds, since people who change between groups, or load a page again, come back. What is
 * published there meanwhile is heard by nobody. Whoever comes back hears everything from then on and must look for what was before, as after any subscription.
 */
final class Subscriptions implements Wire.User {
    private static final Logger LOG = Logger.getLogger(Subscriptions.class);

    /** Keys in one command: a burst of 10,000 joins costs 20 commands, and none keeps Redis from other work for long. */
    static final int BATCH = 512;

    /** How long a key stays subscribed that nobody hears. */
    static final Duration LINGER = Duration.ofSeconds(5);

    /** Time for a cluster to settle before what it refused is asked for again. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Loop loop;
    private final Wire wire;
    private final Shard shard;
    private final long timeout;
    private final Map<String, Topic> topics = new HashMap<>();
    private final Set<String> unsettled = new LinkedHashSet<>();
    private final Set<String> underWay = new HashSet<>();
    private final Queue<Left> left = new ArrayDeque<>();
    private RedisConnection connection;
    private long deadline;
    private boolean pausing;
    private boolean lingering;

    /** A key that is wanted, or that Redis still has for us. */
    private static final class Topic {
        /** Replaced, never changed: nearly always one. */
        List<Subscription> hearing = List.of();

        boolean confirmed;
        boolean lingers;
        long leftAt;

        boolean isWanted() {
            return lingers || !hearing.isEmpty();
        }
    }

    /** Nobody hears a key any more; of no meaning once somebody has come back. */
    private record Left(String key, Topic topic, long at) {
        boolean holds() {
            return topic.lingers && topic.leftAt == at;
        }
    }

    Subscriptions(Wire.Site site, Shard shard) {
        this.loop = site.loop();
        this.wire = new Wire(site, "subscriptions", this);
        this.shard = shard;
        this.timeout = site.timeout().toNanos();
    }

    void add(Subscription subscription) {
        String key = subscription.key();
        Topic topic = topics.computeIfAbsent(key, its -> new Topic());
        topic.hearing = topic.hearing.isEmpty() ? List.of(subscription) : both(topic.hearing, subscription);
        topic.lingers = false;
        if (topic.confirmed && !underWay.contains(key)) {
            subscription.confirmed();
        } else {
            unsettled.add(key);
            settle();
        }
    }

    /** Hears no more for this one; does nothing where it is not heard. */
    void remove(Subscription subscription) {
        String key = subscription.key();
        Topic topic = topics.get(key);
        if (topic == null || !topic.hearing.contains(subscription)) {
            return;
        }
        topic.hearing =
                topic.hearing.stream().filter(one -> one != subscription).toList();
        if (topic.hearing.isEmpty() && topic.confirmed) {
            linger(key, topic);
        } else if (topic.hearing.isEmpty()) {
            unsettled.add(key);
            settle();
        }
    }

    private void linger(String key, Topic topic) {
        topic.lingers = true;
        topic.leftAt = System.nanoTime();
        left.add(new Left(key, topic, topic.leftAt));
        if (!lingering) {
            lingering = true;
            loop.after(LINGER, this::endLingering);
        }
    }

    private void endLingering() {
        long now = System.nanoTime();
        Left first = left.peek();
        while (first != null && (!first.holds() || now - first.at >= LINGER.toNanos())) {
            left.remove();
            if (first.holds()) {
                first.topic.lingers = false;
                unsettled.add(first.key);
            }
            first = left.peek();
        }
        lingering = first != null;
        if (first != null) {
            loop.after(Duration.ofNanos(first.at + LINGER.toNanos() - now), this::endLingering);
        }
        settle();
    }

    /** Gives away those whose keys belong elsewhere. */
    List<Subscription> release(Predicate<Subscription> elsewhere) {
        List<Subscription> released = new ArrayList<>();
        topics.forEach((key, topic) -> {
            if (!topic.hearing.isEmpty() && elsewhere.test(topic.hearing.get(0))) {
                released.addAll(topic.hearing);
                topic.hearing = List.of();
                unsettled.add(key);
            }
        });
        settle();
        return released;
    }

    Wire wire() {
        return wire;
    }

    private static List<Subscription> both(List<Subscription> some, Subscription more) {
        List<Subscription> all = new ArrayList<>(some);
        all.add(more);
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
            Topic topic = topics.get(key);
            if (topic != null && topic.isWanted() != topic.confirmed) {
                (topic.confirmed ? leave : join).add(key);
            } else if (topic != null && !topic.confirmed) {
                topics.remove(key);
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
                Topic topic = topics.computeIfAbsent(key, its -> new Topic());
                topic.confirmed = true;
                if (!underWay.remove(key) || !topic.isWanted()) {
                    unsettled.add(key);
                }
                topic.hearing.forEach(Subscription::confirmed);
                settle();
            }
            case "unsubscribe", "sunsubscribe" -> unsubscribed(key);
            default -> LOG.debugf("Redis, subscriptions: unexpected push %s", push.get(0));
        }
    }

    private void unsubscribed(String key) {
        boolean asked = underWay.remove(key);
        Topic topic = topics.get(key);
        if (topic != null) {
            topic.confirmed = false;
            topic.lingers = false;
            unsettled.add(key);
        }
        if (asked || topic == null || !topic.isWanted()) {
            settle();
        } else {
            // Not asked for: its slot went elsewhere.
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
        Topic topic = topics.get(key);
        if (topic == null) {
            return;
        }
        for (Subscription one : topic.hearing) {
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
        topics.values().removeIf(topic -> topic.hearing.isEmpty());
        topics.values().forEach(topic -> topic.confirmed = false);
        left.clear();
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
