package dev.parley.server.redis;

import io.vertx.core.Future;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * One connection to Redis that is held open: connected again after a loss, with back-off and jitter, for as long as the process lives. Everything happens on
 * the link's loop, {@link #up} may be read by any thread.
 *
 * <p>Each life of the connection has a driver client of its own. The driver puts a connection that is given back into its pool, silent or not; only
 * closing the client surely closes the socket, and with it what was sent and not answered is given up rather than sent again.
 */
final class Wire {
    private static final Logger LOG = Logger.getLogger(Wire.class);
    private static final Duration FIRST_DELAY = Duration.ofMillis(50);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);

    /** A connection that held so long was a good one: the next loss starts with the shortest delay again. */
    private static final Duration GOOD = Duration.ofSeconds(5);

    /** Who uses the connection. Called on the loop. */
    interface User {

        /** It is open. Called again only after {@link #lost}. */
        void connected(RedisConnection connection);

        /** It is gone; what was not answered never will be. */
        void lost();

        /** Whether something that was asked for is overdue at this {@link System#nanoTime}. Asked some twenty times within the timeout. */
        boolean overdue(long now);
    }

    /** What is asked of a server before its connection is used; a failure ends the connection. */
    interface Greeting {
        Future<?> greet(RedisConnection connection);
    }

    /**
     * What all connections to one server share.
     *
     * @param label tells several servers apart in the log; empty where there is but one
     * @param timeout for a connection, and for an answer
     */
    record Site(Loop loop, RedisOptions options, String label, Duration timeout, Greeting greeting) {}

    private final Loop loop;
    private final RedisOptions options;
    private final String name;
    private final Duration timeout;
    private final Greeting greeting;
    private final User user;

    private Redis client;
    private boolean connected;
    private boolean closed;
    private boolean late;
    private int attempts;
    private long since;
    private volatile boolean up;

    Wire(Site site, String name, User user) {
        this.loop = site.loop;
        this.options = only(site.options, name);
        this.name = site.label + name;
        this.timeout = site.timeout;
        this.greeting = site.greeting;
        this.user = user;
    }

    /** Options for a client that has one connection and no ideas of its own. */
    static RedisOptions only(RedisOptions given, String name) {
        RedisOptions options = new RedisOptions(given);
        options.setPoolName(name)
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                .setPoolCleanerInterval(-1)
                .setPoolRecycleTimeout(-1)
                .setMaxWaitingHandlers(Pipeline.MOST_WAITING + 1);
        NetClientOptions net = new NetClientOptions(given.getNetClientOptions()).setReconnectAttempts(0);
        if (net.getHostnameVerificationAlgorithm() == null) {
            // For TLS: the driver wants to be told, and would refuse each connection otherwise. Whoever does not want
            // it has said so by an empty one.
            net.setHostnameVerificationAlgorithm("HTTPS");
        }
        return options.setNetClientOptions(net);
    }

    boolean up() {
        return up;
    }

    void open() {
        long check = Math.max(5, timeout.toMillis() / 20);
        loop.every(Duration.ofMillis(check), timer -> {
            if (closed) {
                loop.cancel(timer);
            } else {
                look();
            }
        });
        connect();
    }

    /** Gives the connection up at the second look that finds it late: a process that was frozen finds the answers in its socket only after the first. */
    private void look() {
        boolean overdue = connected && user.overdue(System.nanoTime());
        if (overdue && late) {
            hangUp("no answer within " + timeout.toMillis() + " ms");
        }
        late = overdue;
    }

    /** Closes the connection now and opens another. */
    void hangUp(String reason) {
        if (client != null) {
            LOG.infof("Redis, %s: connection given up, %s", name, reason);
            drop(client);
        }
    }

    void close() {
        closed = true;
        if (client != null) {
            drop(client);
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        Redis attempt = Redis.createClient(loop.vertx(), options);
        client = attempt;
        // The driver bounds the opening of the socket but not the greeting after it, which a stalled Redis never
        // answers.
        long patience = loop.after(timeout, () -> {
            if (!connected) {
                drop(attempt);
            }
        });
        Future<RedisConnection> greeted = attempt.connect().compose(connection -> {
            connection.endHandler(none -> loop.run(() -> drop(attempt)));
            connection.exceptionHandler(failure -> loop.run(() -> drop(attempt)));
            return greeting.greet(connection).map(connection);
        });
        greeted.onComplete(result -> {
            loop.cancel(patience);
            if (client != attempt) {
                return;
            }
            if (result.failed()) {
                LOG.debugf("Redis, %s: %s", name, result.cause());
                drop(attempt);
                return;
            }
            connected = true;
            up = true;
            loop.counters.opened.increment();
            since = System.nanoTime();
            user.connected(result.result());
        });
    }

    /** Ends one life of the connection; what is still said about an earlier one is ignored. */
    private void drop(Redis life) {
        if (client != life) {
            return;
        }
        client = null;
        up = false;
        life.close();
        if (connected) {
            connected = false;
            loop.counters.lost.increment();
            attempts = System.nanoTime() - since > GOOD.toNanos() ? 0 : attempts;
            user.lost();
        }
        if (!closed) {
            loop.after(delay(), this::connect);
        }
    }

    private Duration delay() {
        long most = Math.min(LONGEST_DELAY.toMillis(), FIRST_DELAY.toMillis() << Math.min(attempts++, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(FIRST_DELAY.toMillis() / 2, most + 1));
    }
}
