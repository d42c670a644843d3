package dev.parley.server.group.redis;

import dev.parley.protocol.Cursor;
import dev.parley.server.group.PositionStore;
import dev.parley.server.redis.Gathered;
import dev.parley.server.redis.HashScan;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Read positions in Redis: for each channel the hash {@code parley:{p}:read:<channel>} with a field for each user, {@code <seq> <epoch>}. Any thread; stages
 * complete on the link's loop.
 */
public final class RedisPositions implements PositionStore {

    /** Channels asked for at once: little work for Redis in one go. */
    private static final int CHUNK = 128;

    /** Questions of one user at the same time. In a Redis Cluster each may be about one slot only. */
    private static final int LANES = 4;

    private static final Script POSITIONS = Script.of(RedisPositions.class, "positions.lua");
    private static final Script RAISE = Script.of(RedisPositions.class, "raise.lua");

    private final RedisLink link;
    private final Gathered positions;

    public RedisPositions(RedisLink link) {
        this.link = link;
        this.positions = Gathered.reading(link, POSITIONS, 0);
    }

    @Override
    public CompletionStage<Boolean> raise(String channel, String user, Cursor at) {
        return link.send(RAISE.call()
                        .key(Keys.read(channel))
                        .arg(user)
                        .arg(at.epoch())
                        .arg(at.seq())
                        .arg(KEPT.toMillis()))
                .thenApply(rose -> rose.toInteger() == 1);
    }

    @Override
    public CompletionStage<Map<String, Cursor>> all(String channel) {
        return HashScan.read(link, Keys.read(channel)).thenApply(fields -> {
            Map<String, Cursor> all = new HashMap<>();
            fields.forEach((user, position) -> all.put(user, decode(position)));
            return all;
        });
    }

    @Override
    public CompletionStage<Map<String, Cursor>> of(String user, List<String> channels) {
        Map<Integer, List<String>> parts = new HashMap<>();
        for (String channel : channels) {
            parts.computeIfAbsent(link.part(Keys.read(channel)), part -> new ArrayList<>())
                    .add(channel);
        }
        Queue<List<String>> chunks = new ConcurrentLinkedQueue<>();
        for (List<String> part : parts.values()) {
            for (int from = 0; from < part.size(); from += CHUNK) {
                chunks.add(part.subList(from, Math.min(part.size(), from + CHUNK)));
            }
        }
        Map<String, Cursor> found = new ConcurrentHashMap<>();
        CompletableFuture<?>[] lanes = new CompletableFuture<?>[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            lanes[lane] = of(user, chunks, found).toCompletableFuture();
        }
        return CompletableFuture.allOf(lanes).thenApply(answered -> found);
    }

    /** One chunk after the other: who is in thousands of groups takes no more of the link than others. */
    private CompletionStage<Void> of(String user, Queue<List<String>> chunks, Map<String, Cursor> found) {
        List<String> chunk = chunks.poll();
        if (chunk == null) {
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<?>[] asked = chunk.stream()
                .map(channel -> positions.ask(Keys.read(channel), user).thenAccept(value -> {
                    if (value != null) {
                        found.put(channel, decode(value.toString(StandardCharsets.UTF_8)));
                    }
                }))
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(asked).thenCompose(answered -> of(user, chunks, found));
    }

    private static Cursor decode(String position) {
        String[] parts = position.split(" ", 2);
        return new Cursor(parts[1], Long.parseLong(parts[0]));
    }
}
