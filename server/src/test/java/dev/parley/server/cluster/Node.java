package dev.parley.server.cluster;

import dev.parley.protocol.CloseReason;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.testing.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A node without sockets, with connections to Redis of its own: what it would do to sockets is recorded. */
final class Node implements LocalConnections {
    /** So that a lease lasts longer than a link needs to find a Redis that is back, even on a busy machine. */
    private static final Duration PROBE = Duration.ofMillis(500);

    private static final Duration GRACE = Duration.ofSeconds(1);

    final Map<String, String> users = new ConcurrentHashMap<>();
    final Map<String, byte[]> delivered = new ConcurrentHashMap<>();
    final Map<String, CloseReason> closed = new ConcurrentHashMap<>();
    final Leases leases;
    final Cluster cluster;
    private final Vertx vertx = Vertx.vertx();
    private final String id;
    private final RedisLink link;
    private boolean dead;

    Node(String id, RedisServer redis) {
        this.id = id;
        this.link =
                new RedisLink(vertx, new RedisOptions().setConnectionString(redis.uri()), Duration.ofSeconds(1)).open();
        this.leases = new Leases(id, link, vertx, PROBE, GRACE, "1.0", this::count);
        this.cluster = new Cluster(id, leases, link, () -> this);
        leases.start();
    }

    @Override
    public boolean deliver(String connection, byte[] frame) {
        boolean known = users.containsKey(connection);
        if (known) {
            delivered.put(connection, frame);
        }
        return known;
    }

    @Override
    public List<ConnectionInfo> ofUser(String user) {
        return users.entrySet().stream()
                .filter(entry -> entry.getValue().equals(user))
                .map(entry -> new ConnectionInfo(entry.getKey(), id, 7))
                .toList();
    }

    @Override
    public boolean close(String connection, CloseReason reason) {
        boolean known = users.remove(connection) != null;
        if (known) {
            closed.put(connection, reason);
        }
        return known;
    }

    @Override
    public int closeAll(String user, CloseReason reason) {
        return (int) ofUser(user).stream()
                .filter(connection -> close(connection.connection(), reason))
                .count();
    }

    @Override
    public int revoke(String user, String tokenId, long at) {
        return closeAll(user, CloseReason.REVOKED);
    }

    @Override
    public int count() {
        return users.size();
    }

    /** As by kill -9: nothing is said any more, and the lease runs out. */
    void die() {
        if (!dead) {
            dead = true;
            link.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
