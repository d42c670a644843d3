package dev.parley.server.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * One primary: a held connection for appends, other commands, reads and subscriptions each. Made and closed by {@link Shards}; its state is the loop's, what
 * is volatile may be read by any thread.
 */
final class Shard {
    private static final Logger LOG = Logger.getLogger(Shard.class);

    /** Which connection a command takes. */
    enum Lane {
        APPENDS,
        COMMANDS,
        READS
    }

    private final Shards shards;
    private final LinkCounters counters;
    private final Endpoint endpoint;
    private final String label;
    private final Pipeline appends;
    private final Pipeline commands;
    private final Pipeline reads;
    private final Subscriptions subscriptions;
    private final Replication replication;
    private final RedisClock clock = new RedisClock();
    private volatile boolean sharded;
    private volatile boolean up;
    private volatile Proof proof;

    /** @param label tells it apart from others in the log; empty where there is but one */
    Shard(Shards shards, Loop loop, Topology topology, Endpoint endpoint, String label, Duration timeout) {
        this.shards = shards;
        this.counters = loop.counters;
        this.endpoint = endpoint;
        this.label = label;
        Wire.Site site = new Wire.Site(
                loop, topology.options(endpoint), label, timeout, connection -> greet(topology, connection));
        this.appends = new Pipeline(site, "appends", this::changed);
        this.commands = new Pipeline(site, "commands", this::changed);
        this.reads = new Pipeline(site, "reads", this::changed);
        this.subscriptions = new Subscriptions(site, this);
        this.replication = new Replication(appends);
    }

    void open() {
        wires().forEach(Wire::open);
    }

    void close() {
        wires().forEach(Wire::close);
    }

    /** Closes all its connections and opens new ones. */
    void restart(String reason) {
        wires().forEach(wire -> wire.hangUp(reason));
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Pipeline pipeline(Lane lane) {
        return switch (lane) {
            case APPENDS -> appends;
            case COMMANDS -> commands;
            case READS -> reads;
        };
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    Replication replication() {
        return replication;
    }

    RedisClock clock() {
        return clock;
    }

    /** Whether all its connections are open. Any thread. */
    boolean up() {
        return up;
    }

    /** Whether its pub/sub is that of shards, as Redis Cluster has it from 7.0 on; found out anew by each connection. Any thread. */
    boolean sharded() {
        return sharded;
    }

    /** The command by which its bells are rung. Any thread. */
    Command publish() {
        return sharded ? Command.SPUBLISH : Command.PUBLISH;
    }

    /** What is proved through it; null where it owns nothing. Any thread. */
    Proof proof() {
        return proof;
    }

    /**
     * Proves it by this key from now on, which it owns; by none with null.
     *
     * @param trusted whether it counts as proven until it had the time
     */
    void proveBy(String key, boolean trusted) {
        if (proof != null) {
            subscriptions.remove(proof.bell());
        }
        proof = key == null ? null : new Proof(shards, counters, key, trusted);
        if (proof != null) {
            subscriptions.add(proof.bell());
        }
    }

    /** Rings for the proof, and begins anew with all connections when the ring stays away though they are open. */
    void prove(Duration holds, Duration patience) {
        Proof present = proof;
        if (present == null || !up) {
            return;
        }
        if (present.silentFor(patience)) {
            present.forgive();
            restart("rings do not come back");
        }
        // A failure needs no handling: the ring stays away.
        present.bell().ready().thenRun(() -> shards.send(Lane.COMMANDS, present.ring(holds)));
    }

    /** What it says of its memory; fails when it does not. */
    CompletableFuture<RedisMemory> memory() {
        return commands.send(Request.cmd(Command.INFO, "memory")).thenApply(info -> RedisMemory.of(info.toString()));
    }

    /** A server refused something in a way that suggests that things moved. */
    void look() {
        shards.look();
    }

    /** Redis answered with an error that nobody expected. */
    void refused(Throwable error) {
        shards.complain(this, error);
    }

    /** A connection came or went. */
    void changed() {
        boolean now = wires().stream().allMatch(Wire::up);
        if (now == up) {
            return;
        }
        up = now;
        if (proof != null) {
            proof.forgive();
        }
        if (now) {
            readClock();
        }
        shards.changed();
    }

    private List<Wire> wires() {
        return List.of(appends.wire(), commands.wire(), reads.wire(), subscriptions.wire());
    }

    private Future<?> greet(Topology topology, RedisConnection connection) {
        return topology.greet(connection).onSuccess(found -> sharded = found).onFailure(failure -> {
            LOG.debugf("Redis, %s%s", label, failure.getMessage());
            shards.look();
        });
    }

    private void readClock() {
        long asked = System.nanoTime();
        commands.send(Request.cmd(Command.TIME)).thenAccept(time -> {
            long micros = time.get(0).toLong() * 1_000_000 + time.get(1).toLong();
            clock.observe(micros / 1000, asked);
        });
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }
}
