package dev.parley.server.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * All subscriptions of this instance over one connection. Any thread may subscribe; the state is the loop's, and messages are handed out on the loop.
 *
 * <p>What is wanted ({@code topics}) and what Redis confirmed ({@code confirmed}) are brought into accord by commands of up to {@value #BATCH} keys. One
 * SUBSCRIBE and one UNSUBSCRIBE are under way at a time, and what is asked meanwhile gathers for the next. The driver completes these commands when they are
 * written, so only Redis' own confirmation counts. No other command is ever sent here: the driver would take a message for its answer.
 */
public final class Subscriptions implements Wire.User {
    private static final Logger LOG = Logger.getLogger(Subscriptions.class);

    /** Keys in one command: a burst of 10,000 joins costs 20 commands, and none keeps Redis from other work for long. */
    static final int BATCH = 512;

    private final Loop loop;
    private final Wire wire;
    private final Duration timeout;
    private final Runnable changed;
    private final Map<String, List<Subscription>> topics = new HashMap<>();
    private final Set<String> confirmed = new HashSet<>();
    private final Set<String> unsettled = new LinkedHashSet<>();
    private final Set<String> underWay = new HashSet<>();
    private RedisConnection connection;
    private long deadline;

    Subscriptions(Loop loop, RedisOptions options, Duration timeout, Runnable changed) {
        this.loop = loop;
        this.wire = new Wire(loop, options, "subscriptions", timeout, this);
        this.timeout = timeout;
        this.changed = changed;
    }

    /**
     * Hears a pub/sub channel from now on.
     *
     * @param key its name
     * @param messages gets each message, on the link's loop: one at a time, and must not block
     */
    public Subscription subscribe(String key, Consumer<byte[]> messages) {
        return subscribe(key, messages, () -> {});
    }

    /**
     * Hears a pub/sub channel from now on.
     *
     * @param key its name
     * @param messages gets each message, on the link's loop: one at a time, and must not block
     * @param interrupted called likewise when the channel is heard again after messages may have been missed
     */
    public Subscription subscribe(String key, Consumer<byte[]> messages, Runnable interrupted) {
        Subscription subscription = new Subscription(this, key, messages, interrupted);
        loop.run(() -> {
            topics.merge(key, List.of(subscription), Subscriptions::both);
            if (confirmed.contains(key) && !underWay.contains(key)) {
                subscription.confirmed();
            } else {
                unsettled.add(key);
                settle();
            }
        });
        return subscription;
    }

    void leave(Subscription subscription) {
        loop.run(() -> {
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
        });
    }

    Duration timeout() {
        return timeout;
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
        if (connection == null || !underWay.isEmpty()) {
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
        ask(Command.SUBSCRIBE, join);
        ask(Command.UNSUBSCRIBE, leave);
    }

    private void ask(Command command, List<String> keys) {
        if (!keys.isEmpty()) {
            underWay.addAll(keys);
            deadline = System.nanoTime() + timeout.toNanos();
            connection.send(Request.cmd(command, keys.toArray()));
        }
    }

    private void heard(Response push) {
        if (push == null || push.size() < 3) {
            return;
        }
        String key = push.get(1).toString();
        switch (push.get(0).toString()) {
            case "message" -> message(key, push.get(2).toBytes());
            case "subscribe" -> {
                confirmed.add(key);
                underWay.remove(key);
                topics.getOrDefault(key, List.of()).forEach(Subscription::confirmed);
                settle();
            }
            case "unsubscribe" -> {
                confirmed.remove(key);
                underWay.remove(key);
                settle();
            }
            default -> LOG.debugf("Redis, subscriptions: unexpected push %s", push.get(0));
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
        opened.handler(push -> loop.run(() -> heard(push)));
        settle();
        changed.run();
    }

    @Override
    public void lost() {
        connection = null;
        confirmed.clear();
        underWay.clear();
        unsettled.clear();
        unsettled.addAll(topics.keySet());
        changed.run();
    }

    @Override
    public boolean overdue(long now) {
        return !underWay.isEmpty() && now - deadline > 0;
    }
}
