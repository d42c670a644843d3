package dev.parley.server.redis;

import dev.parley.server.redis.Question.Answer;
import dev.parley.server.redis.Question.Wording;
import dev.parley.server.redis.Shard.Lane;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The only way to Redis, whether that is one server, one behind Sentinels or a Cluster: held connections to each primary for appends, other commands, reads
 * and subscriptions. Stores call it on any thread; nothing blocks, and stages complete on the link's loop (or at once), where whoever goes on must not block
 * either.
 *
 * <p>Stages fail with {@code ProtocolException} {@code unavailable} when there is no connection, no answer within the timeout, or an error for an answer. A
 * command is sent a second time only when Redis said that it was not executed; otherwise whether it took effect is then unknown, except that an error means it
 * did not.
 */
public final class RedisLink {
    private static final Logger LOG = Logger.getLogger(RedisLink.class);

    private final Loop loop;
    private final LinkCounters counters;
    private final Shards shards;
    private final boolean sharded;
    private final List<Consumer<Boolean>> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean reachable;
    private boolean closed;

    /**
     * A link that is yet to be {@link #open opened}.
     *
     * @param vertx lends one of its event loops
     * @param options how to connect, or null where no Redis is configured: then nothing is opened and everything fails
     * @param timeout for a connection, a command and a subscription
     */
    public RedisLink(Vertx vertx, RedisOptions options, Duration timeout) {
        if (options == null) {
            loop = null;
            counters = new LinkCounters();
            shards = null;
            sharded = false;
            return;
        }
        loop = new Loop(vertx);
        counters = loop.counters;
        Topology topology = Topology.of(loop, options, timeout);
        sharded = topology.sharded();
        shards = new Shards(loop, topology, timeout, this::changed);
    }

    /** Opens the connections and keeps them open. Once. */
    public RedisLink open() {
        if (configured()) {
            loop.run(shards::open);
        }
        return this;
    }

    /** Whether there is a Redis at all. Fixed for the life of the process. */
    public boolean configured() {
        return loop != null;
    }

    /** What is counted; without a Redis nothing ever is. */
    public LinkCounters counters() {
        return counters;
    }

    /** What each primary says of its memory. Fails when one does not answer. */
    public CompletionStage<List<RedisMemory>> memory() {
        CompletableFuture<List<RedisMemory>> said = new CompletableFuture<>();
        if (!configured()) {
            said.complete(List.of());
            return said;
        }
        loop.run(() -> {
            List<CompletableFuture<RedisMemory>> asked =
                    shards.owning().stream().map(Shard::memory).toList();
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).whenComplete((all, failure) -> {
                if (failure == null) {
                    said.complete(asked.stream().map(CompletableFuture::join).toList());
                } else {
                    said.completeExceptionally(Pipeline.unavailable());
                }
            });
        });
        return said;
    }

    /** Whether all connections are open. */
    public boolean reachable() {
        return reachable;
    }

    /** Whether all connections are open to where a key lives. */
    public boolean reachable(String key) {
        Shard owner = configured() ? shards.owner(key) : null;
        return owner != null && owner.up();
    }

    /** Tells when {@link #reachable} changes, on the loop. */
    public void onReachable(Consumer<Boolean> listener) {
        listeners.add(listener);
    }

    /** The time of the server where a key lives. To be used only where Redis is {@link #configured}. */
    public RedisClock clock(String key) {
        Shard owner = shards.owner(key);
        return owner == null ? RedisClock.OWN : owner.clock();
    }

    /** A number that keys share which may be in one script call: all of them, or in a Cluster those of a slot. */
    public int part(String key) {
        return configured() ? shards.part(key) : 0;
    }

    /**
     * Sends a command; those of one thread that concern one key take effect in the order of the calls, unless that key moves to another server meanwhile.
     *
     * @param key the command's first argument
     */
    public CompletionStage<Response> send(Command command, String key, Object... rest) {
        return ask(Lane.COMMANDS, command, key, rest).thenApply(Answer::response);
    }

    /** Runs a script, in order with the commands sent. */
    public CompletionStage<Response> send(Script.Call call) {
        return ask(Lane.COMMANDS, call).thenApply(Answer::response);
    }

    /** Sends a command that only reads, and whose answer may be large. */
    public CompletionStage<Response> read(Command command, String key, Object... rest) {
        return ask(Lane.READS, command, key, rest).thenApply(Answer::response);
    }

    /** Runs a script whose answer may be large. */
    public CompletionStage<Response> read(Script.Call call) {
        return ask(Lane.READS, call).thenApply(Answer::response);
    }

    /** Runs a script on the connections that are the log's own, where {@code WAIT} keeps nobody else waiting. */
    public CompletionStage<Response> append(Script.Call call) {
        return ask(Lane.APPENDS, call).thenApply(Answer::response);
    }

    /** An answer, and how many replicas had what was written for it in time. */
    public record Replicated(Response response, int replicas) {}

    /**
     * Runs a script like {@link #append(Script.Call)}, and then waits for replicas.
     *
     * @param replicas how many
     * @param patience for how long; must be less than the timeout
     */
    public CompletionStage<Replicated> append(Script.Call call, int replicas, Duration patience) {
        if (!configured()) {
            return CompletableFuture.failedStage(Pipeline.unavailable());
        }
        CompletableFuture<Replicated> result = new CompletableFuture<>();
        // On the loop from the beginning, so that the replicas are asked for in the very turn that brings the answer.
        loop.run(() -> ask(Lane.APPENDS, call)
                .thenCompose(answer -> answer.shard()
                        .replication()
                        .reached(replicas, patience)
                        .thenApply(have -> new Replicated(answer.response(), have)))
                .whenComplete((replicated, failure) -> {
                    if (failure == null) {
                        result.complete(replicated);
                    } else {
                        result.completeExceptionally(Pipeline.unavailable());
                    }
                }));
        return result;
    }

    /**
     * Publishes a message.
     *
     * @return how many connections to this Redis server heard it; useful as a hint only
     */
    public CompletionStage<Integer> publish(String key, byte[] message) {
        return publish(Lane.COMMANDS, key, message);
    }

    /** Publishes a message, in order with what was appended. */
    public CompletionStage<Integer> publishAppended(String key, byte[] message) {
        return publish(Lane.APPENDS, key, message);
    }

    /** Whether anybody hears a pub/sub channel. */
    public CompletionStage<Boolean> isHeard(String key) {
        return ask(
                        Lane.COMMANDS,
                        key,
                        (shard, inFull) -> Request.cmd(Command.PUBSUB, shard.sharded() ? "SHARDNUMSUB" : "NUMSUB", key))
                .thenApply(answer -> answer.response().get(1).toInteger() > 0);
    }

    /**
     * The values of several keys, wherever they live.
     *
     * @return in the order of the keys, null where there is none
     */
    public CompletionStage<List<Response>> values(List<String> keys) {
        if (keys.isEmpty()) {
            return CompletableFuture.completedStage(List.of());
        }
        if (!sharded) {
            Object[] rest = keys.stream().skip(1).toArray();
            return send(Command.MGET, keys.get(0), rest).thenApply(all -> {
                List<Response> values = new ArrayList<>();
                all.forEach(values::add);
                return values;
            });
        }
        List<CompletableFuture<Response>> asked = keys.stream()
                .map(key -> send(Command.GET, key).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(answered -> {
            List<Response> values = new ArrayList<>();
            asked.forEach(each -> values.add(each.join()));
            return values;
        });
    }

    /**
     * Hears a pub/sub channel from now on. To be used only where Redis is {@link #configured}.
     *
     * @param key its name
     * @param messages gets each message, on the link's loop: one at a time, and must not block
     */
    public Subscription subscribe(String key, Consumer<byte[]> messages) {
        return subscribe(key, messages, () -> {});
    }

    /**
     * Hears a pub/sub channel from now on. To be used only where Redis is {@link #configured}.
     *
     * @param key its name
     * @param messages gets each message, on the link's loop: one at a time, and must not block
     * @param interrupted called likewise when the channel is heard again after messages may have been missed
     */
    public Subscription subscribe(String key, Consumer<byte[]> messages, Runnable interrupted) {
        return subscribe(key, new Subscription.Listener() {
            @Override
            public void message(byte[] message) {
                messages.accept(message);
            }

            @Override
            public void interrupted() {
                interrupted.run();
            }
        });
    }

    /**
     * Hears a pub/sub channel from now on. To be used only where Redis is {@link #configured}.
     *
     * @param key its name
     * @param listener hears it
     */
    public Subscription subscribe(String key, Subscription.Listener listener) {
        Subscription subscription = new Subscription(shards, key, listener);
        loop.run(() -> shards.join(subscription));
        return subscription;
    }

    /**
     * Proves every shard anew, with a write and a ring that has to come back; where that stays away though all connections are open, they are replaced by new
     * ones. To be called again and again.
     *
     * @param patience for the ring; some periods of the calls
     */
    public void prove(Duration patience) {
        if (configured()) {
            loop.run(() -> shards.owning().forEach(shard -> shard.prove(patience.multipliedBy(2), patience)));
        }
    }

    /**
     * Whether every shard proved that it takes writes, and that rings come back. A shard new in its place, as after a failover, is trusted for this long.
     *
     * @param lately so long ago at most
     */
    public boolean proven(Duration lately) {
        return configured() && shards.proven(lately);
    }

    /** Closes all connections for good. */
    public void close() {
        if (configured()) {
            loop.run(() -> {
                closed = true;
                shards.close();
            });
        }
    }

    CompletionStage<Answer> ask(Lane lane, Command command, String key, Object... rest) {
        return ask(lane, key, (shard, inFull) -> {
            Object[] all = new Object[rest.length + 1];
            all[0] = key;
            System.arraycopy(rest, 0, all, 1, rest.length);
            return Request.cmd(command, all);
        });
    }

    private CompletionStage<Integer> publish(Lane lane, String key, byte[] message) {
        return ask(lane, key, (shard, inFull) -> Request.cmd(shard.publish(), key, message))
                .thenApply(answer -> answer.response().toInteger());
    }

    private CompletionStage<Answer> ask(Lane lane, String key, Wording wording) {
        return configured()
                ? Question.ask(shards, lane, key, wording)
                : CompletableFuture.failedStage(Pipeline.unavailable());
    }

    private CompletionStage<Answer> ask(Lane lane, Script.Call call) {
        return configured() ? Question.ask(shards, lane, call) : CompletableFuture.failedStage(Pipeline.unavailable());
    }

    private void changed() {
        boolean now = shards.up();
        if (now == reachable) {
            return;
        }
        reachable = now;
        if (closed) {
            return;
        }
        if (now) {
            LOG.info("Redis is reached");
        } else {
            LOG.warn("Redis is out of reach");
        }
        listeners.forEach(listener -> listener.accept(now));
    }
}
