package dev.parley.server.log.redis;

import dev.parley.protocol.Cursor;
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

    /** Entries in one read: some 30 kB of ordinary chat, and never so much that it holds Redis up. */
    static final int CHUNK = 128;

    private static final int UNDER_WAY = 16;
    private static final int WAITING = 4096;
    private static final int TRIES = 3;

    private final RedisLink link;
    private final Script script = Script.of(Reads.class, "read.lua");
    private final Function<String, CompletionStage<Cursor>> heads;
    private final Map<Range, CompletableFuture<Slice>> shared = new HashMap<>();
    private final ArrayDeque<Range> waiting = new ArrayDeque<>();
    private int underWay;

    /** @param heads gives the head of a channel that has none yet */
    Reads(RedisLink link, Function<String, CompletionStage<Cursor>> heads) {
        this.link = link;
        this.heads = heads;
    }

    CompletionStage<Slice> read(Range range) {
        return read(range, TRIES);
    }

    private CompletionStage<Slice> read(Range range, int tries) {
        return more(range, null, new ArrayList<>()).thenCompose(slice -> {
            if (slice != null) {
                return CompletableFuture.completedStage(slice);
            }
            return tries > 1
                    ? read(range, tries - 1)
                    : CompletableFuture.failedStage(new LogUnavailableException("the epoch changes with every read"));
        });
    }

    /** Reads the next chunk of what is left of a range; null when the epoch changed between two chunks. */
    private CompletionStage<Slice> more(Range left, String epoch, List<Entry> sofar) {
        // Ending at a multiple of the chunk's size brings readers that started at different places together.
        int aligned = CHUNK - (int) ((left.from() - 1) % CHUNK);
        int count = Math.min(left.limit(), left.newest() ? CHUNK : aligned);
        Range chunk = new Range(left.channel(), left.from(), left.to(), count, left.newest());
        return chunk(chunk).thenCompose(slice -> {
            if (epoch != null && !epoch.equals(slice.head().epoch())) {
                return CompletableFuture.completedStage(null);
            }
            List<Entry> got = slice.entries();
            sofar.addAll(left.newest() ? 0 : sofar.size(), got);
            boolean over = got.size() < count || got.size() == left.limit();
            Range rest = over ? null : rest(left, got);
            if (rest == null || rest.from() > rest.to()) {
                return CompletableFuture.completedStage(new Slice(slice.head(), Collections.unmodifiableList(sofar)));
            }
            return more(rest, slice.head().epoch(), sofar);
        });
    }

    private static Range rest(Range left, List<Entry> got) {
        int limit = left.limit() - got.size();
        return left.newest()
                ? new Range(left.channel(), left.from(), got.get(0).seq() - 1, limit, true)
                : new Range(left.channel(), got.get(got.size() - 1).seq() + 1, left.to(), limit, false);
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
        send(chunk, result);
        return result;
    }

    private void send(Range chunk, CompletableFuture<Slice> result) {
        Script.Call call = script.call()
                .key(Keys.meta(chunk.channel()))
                .key(Keys.log(chunk.channel()))
                .arg(chunk.from())
                .arg(chunk.to() == Long.MAX_VALUE ? "+" : Long.toString(chunk.to()))
                .arg(chunk.limit())
                .arg(chunk.newest() ? 1 : 0);
        link.read(call).thenCompose(answer -> slice(chunk, answer)).whenComplete((slice, failure) -> {
            next();
            if (failure == null) {
                result.complete(slice);
            } else {
                result.completeExceptionally(RedisChannelLog.unavailable());
            }
        });
    }

    /** Sends the next that waits. Nobody joins it from now on: a shared read must not have begun before the question, or it may lack what was just appended. */
    private void next() {
        Range next;
        CompletableFuture<Slice> result;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                underWay--;
                return;
            }
            result = shared.remove(next);
        }
        send(next, result);
    }

    private CompletionStage<Slice> slice(Range chunk, Response answer) {
        if (answer == null) {
            return heads.apply(chunk.channel()).thenApply(head -> new Slice(head, List.of()));
        }
        List<Entry> entries = new ArrayList<>();
        for (Response entry : answer.get(2)) {
            String id = entry.get(0).toString();
            long seq = Long.parseLong(id, 0, id.indexOf('-'), 10);
            Response fields = entry.get(1);
            entries.add(new Entry(seq, fields.get(5).toLong(), fields.get(1).toBytes()));
        }
        if (chunk.newest()) {
            Collections.reverse(entries);
        }
        Cursor head = new Cursor(answer.get(0).toString(), answer.get(1).toLong());
        return CompletableFuture.completedStage(new Slice(head, entries));
    }
}
