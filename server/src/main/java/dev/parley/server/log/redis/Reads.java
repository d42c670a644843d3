package dev.parley.server.log.redis;

import dev.parley.protocol.Cursor;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Entry;
import dev.parley.server.log.LogUnavailableException;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Reads from the streams in chunks of up to {@value #CHUNK} entries. A few reads are under way at a time and a bounded number wait; those who ask for a chunk that
 * waits already share its read, as a storm of resumes does. Any thread, under one lock that is held only to look into two collections.
 */
final class Reads {

    /** Entries in one read: as much of ordinary chat as the bytes of one read allow, which bound what large ones cost. */
    private static final int CHUNK = 512;

    private static final int UNDER_WAY = 16;
    private static final int WAITING = 4096;

    private final RedisLink link;
    private final Script script = Script.of(Reads.class, "read.lua");
    private final Function<String, CompletionStage<Cursor>> heads;
    private final Map<Range, CompletableFuture<Slice>> shared = new HashMap<>();
    private final ArrayDeque<Range> waiting = new ArrayDeque<>();
    private int underWay;

    /** A read, and whom to tell. */
    private record Sending(Range chunk, CompletableFuture<Slice> result) {}

    /** @param heads gives the head of a channel that has none yet */
    Reads(RedisLink link, Function<String, CompletionStage<Cursor>> heads) {
        this.link = link;
        this.heads = heads;
    }

    CompletionStage<Slice> read(Range range) {
        int limit = Math.min(range.limit(), CHUNK);
        return chunk(new Range(range.channel(), range.from(), range.to(), limit, range.newest()));
    }

    private CompletionStage<Slice> chunk(Range chunk) {
        CompletableFuture<Slice> result = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<Slice> same = shared.get(chunk);
            if (same != null) {
                return same;
            }
            if (underWay >= UNDER_WAY && waiting.size() >= WAITING) {
                return CompletableFuture.failedStage(new LogUnavailableException("too many reads wait"));
            }
            if (underWay >= UNDER_WAY) {
                shared.put(chunk, result);
                waiting.add(chunk);
                return result;
            }
            underWay++;
        }
        send(new Sending(chunk, result));
        return result;
    }

    /**
     * Sends a read and, while each is answered at once, as all are without a connection, those that wait. In a loop: where each was sent from within the answer to
     * the one before it, the thousands that may wait brought the stack to its end, and with it their answers and the places of those under way.
     */
    private void send(Sending first) {
        for (Sending next = first; next != null; next = next()) {
            Sending present = next;
            CompletableFuture<Slice> sent = ask(present.chunk);
            if (!sent.isDone()) {
                sent.whenComplete((slice, failure) -> {
                    send(next());
                    tell(present.result, slice, failure);
                });
                return;
            }
            sent.whenComplete((slice, failure) -> tell(present.result, slice, failure));
        }
    }

    private static void tell(CompletableFuture<Slice> result, Slice slice, Throwable failure) {
        if (failure == null) {
            result.complete(slice);
        } else {
            result.completeExceptionally(RedisChannelLog.unavailable());
        }
    }

    private CompletableFuture<Slice> ask(Range chunk) {
        try {
            Script.Call call = script.call()
                    .key(Keys.meta(chunk.channel()))
                    .key(Keys.log(chunk.channel()))
                    .arg(chunk.from())
                    .arg(chunk.to() == Long.MAX_VALUE ? "+" : Long.toString(chunk.to()))
                    .arg(chunk.limit())
                    .arg(ChannelLog.READ_BYTES)
                    .arg(chunk.newest() ? 1 : 0);
            return link.read(call).thenCompose(answer -> slice(chunk, answer)).toCompletableFuture();
        } catch (OutOfMemoryError noRoom) {
            return CompletableFuture.failedFuture(noRoom);
        }
    }

    /** The next that waits, or null. Nobody joins it from now on: a shared read must not have begun before the question, or it may lack what was just appended. */
    private synchronized Sending next() {
        Range next = waiting.poll();
        if (next == null) {
            underWay--;
            return null;
        }
        return new Sending(next, shared.remove(next));
    }

    private CompletionStage<Slice> slice(Range chunk, Response answer) {
        if (answer == null) {
            return heads.apply(chunk.channel()).thenApply(head -> new Slice(head, List.of(), false));
        }
        List<Entry> entries = new ArrayList<>();
        for (Response entry : answer.get(3)) {
            String id = entry.get(0).toString();
            long seq = Long.parseLong(id, 0, id.indexOf('-'), 10);
            Response fields = entry.get(1);
            entries.add(new Entry(seq, fields.get(5).toLong(), fields.get(1).toBytes()));
        }
        if (chunk.newest()) {
            Collections.reverse(entries);
        }
        Cursor head = new Cursor(answer.get(0).toString(), answer.get(1).toLong());
        return CompletableFuture.completedStage(
                new Slice(head, entries, answer.get(2).toInteger() == 1));
    }
}
