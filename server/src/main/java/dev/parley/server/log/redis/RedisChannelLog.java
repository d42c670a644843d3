package dev.parley.server.log.redis;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.Limits;
import dev.parley.server.Failures;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Doorbell;
import dev.parley.server.log.Following;
import dev.parley.server.log.LogCounters;
import dev.parley.server.log.LogUnavailableException;
import dev.parley.server.log.Mark;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import dev.parley.server.redis.Batches;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The log that all instances share. Called on any thread, nothing blocks; stages complete, and doorbells are called, on the Redis link's loop.
 *
 * <p>Appends and head reads gather while the last batch is under way and go as one script call, so an idle hub appends at once and a busy one pays a small part
 * of a round trip for each. In a Redis Cluster, where a script may touch one slot only, that is so slot by slot.
 */
public final class RedisChannelLog implements ChannelLog {

    /** Some 2 ms of Redis' time for one batch; what may wait is worth a tenth of a second of it. */
    private static final Batches.Bounds APPENDS = new Batches.Bounds(16_384, 64 << 20, 512, 1 << 20);

    private static final Batches.Bounds HEADS = new Batches.Bounds(65_536, Long.MAX_VALUE, 512, Long.MAX_VALUE);
    private static final String UNANSWERED = "Redis is out of reach or did not answer in time";

    private final RedisLink link;
    private final int replicas;
    private final Duration patience;
    private final LogCounters counters;
    private final Script append = Script.of(RedisChannelLog.class, "append.lua");
    private final Script head = Script.of(RedisChannelLog.class, "head.lua");
    private final Batches<AppendBatch.Waiting> appends = new Batches<>(APPENDS, this::send, this::refuse);
    private final Batches<HeadBatch.Waiting> heads = new Batches<>(HEADS, this::sendHeads, RedisChannelLog::refuse);
    private final Reads reads;

    /**
     * A log on a link.
     *
     * @param link to a Redis that is configured
     * @param replicas how many replicas must have an append before it is acknowledged and rung; 0 for none
     * @param patience how long to wait for them
     */
    public RedisChannelLog(RedisLink link, int replicas, Duration patience) {
        this(link, replicas, patience, new LogCounters());
    }

    /**
     * A log on a link.
     *
     * @param link to a Redis that is configured
     * @param replicas how many replicas must have an append before it is acknowledged and rung; 0 for none
     * @param patience how long to wait for them
     * @param counters of what becomes of appends
     */
    public RedisChannelLog(RedisLink link, int replicas, Duration patience, LogCounters counters) {
        this.counters = counters;
        this.link = link;
        this.replicas = replicas;
        this.patience = patience;
        this.reads = new Reads(link, channel -> head(channel, null));
    }

    static LogUnavailableException unavailable() {
        return new LogUnavailableException(UNANSWERED);
    }

    @Override
    public CompletionStage<Appended> append(Append append) {
        CompletableFuture<Appended> result = new CompletableFuture<>();
        String key = Keys.meta(append.channel());
        long deadline = link.clock(key).now() + append.deadline();
        AppendBatch.Waiting waiting = new AppendBatch.Waiting(append, deadline, result);
        if (!appends.offer(link.part(key), waiting, append.entry().length)) {
            counters.refused.increment();
            result.completeExceptionally(new LogUnavailableException("too many appends wait"));
        }
        return result;
    }

    @Override
    public CompletionStage<Mark> head(String channel, Cursor known, long tag) {
        CompletableFuture<Mark> result = new CompletableFuture<>();
        if (!heads.offer(link.part(Keys.meta(channel)), new HeadBatch.Waiting(channel, known, tag, result), 0)) {
            result.completeExceptionally(new LogUnavailableException("too many head reads wait"));
        }
        return result;
    }

    @Override
    public CompletionStage<Slice> read(Range range) {
        return reads.read(range);
    }

    @Override
    public CompletionStage<Cursor> restart(String channel, String broken) {
        // A place that no log ever reaches: whoever knows of it knows that the present epoch lost it.
        return head(channel, new Cursor(broken, Limits.COUNT_MAX));
    }

    @Override
    public CompletionStage<Void> ring(String channel, byte[] event) {
        return link.publish(Keys.bell(channel), Bell.event(event)).handle((heard, failure) -> {
            if (failure != null) {
                throw unavailable();
            }
            return null;
        });
    }

    @Override
    public Following follow(String channel, Doorbell doorbell) {
        return new Followed(link, channel, doorbell);
    }

    private void refuse(AppendBatch.Waiting one) {
        counters.refused.increment();
        one.result().completeExceptionally(unavailable());
    }

    private static void refuse(HeadBatch.Waiting one) {
        one.result().completeExceptionally(unavailable());
    }

    private CompletionStage<Runnable> sendHeads(List<HeadBatch.Waiting> waiting) {
        HeadBatch batch = new HeadBatch(waiting);
        return link.read(batch.call(head)).handle((answer, failure) -> () -> {
            if (failure == null) {
                batch.tell(answer);
            } else {
                batch.fail(UNANSWERED);
            }
        });
    }

    private CompletionStage<Runnable> send(List<AppendBatch.Waiting> waiting) {
        AppendBatch batch = new AppendBatch(waiting);
        long asked = System.nanoTime();
        return (replicas > 0 ? sentToAll(batch) : sent(batch)).handle((none, failure) -> () -> {
            if (failure == null) {
                counters.batchTook(System.nanoTime() - asked);
                batch.count(counters);
                batch.tell();
            } else {
                counters.refused.add(waiting.size());
                Throwable cause = Failures.causeOf(failure);
                batch.fail(cause instanceof LogUnavailableException ? cause.getMessage() : UNANSWERED);
            }
        });
    }

    private CompletionStage<Void> sent(AppendBatch batch) {
        long asked = System.nanoTime();
        // On the same connection ahead of the places, and no round trip more. Nobody waits for them: who has not got
        // them reads the log.
        batch.parcels().forEach(parcel -> link.publishAppended(Keys.bell(parcel.channel()), parcel.message()));
        return link.append(batch.call(append, true)).thenAccept(answer -> answered(batch, answer, asked));
    }

    /** Rings only when the replicas have it: what a failover may take back must not have been shown. */
    private CompletionStage<Void> sentToAll(AppendBatch batch) {
        long asked = System.nanoTime();
        return link.append(batch.call(append, false), replicas, patience).thenAccept(replicated -> {
            answered(batch, replicated.response(), asked);
            if (replicated.replicas() < replicas) {
                throw new LogUnavailableException(
                        "only " + replicated.replicas() + " of " + replicas + " replicas took it in time");
            }
            // Nobody waits for the bells: one that is lost is made up for by the audit.
            batch.bells().forEach(rung -> link.publishAppended(Keys.bell(rung.channel()), rung.message()));
        });
    }

    private void answered(AppendBatch batch, Response answer, long asked) {
        link.clock(batch.key()).observe(batch.answered(answer), asked);
    }
}
