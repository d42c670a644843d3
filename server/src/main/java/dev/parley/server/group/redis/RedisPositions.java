package dev.parley.server.group.redis;

import dev.parley.protocol.Cursor;
import dev.parley.server.group.PositionStore;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Command;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Read positions in Redis: for each channel the hash {@code parley:{p}:read:<channel>} with a field for each user, {@code <seq> <epoch>}. Any thread; stages
 * complete on the link's loop.
 */
public final class RedisPositions implements PositionStore {

    /** Positions outlive an unused channel's log, which is forgotten after 30 days, and in a used one somebody reads. */
    private static final Duration IDLE = Duration.ofDays(90);

    private static final Script RAISE = Script.of(RedisPositions.class, "raise.lua");

    private final RedisLink link;

    public RedisPositions(RedisLink link) {
        this.link = link;
    }

    @Override
    public CompletionStage<Boolean> raise(String channel, String user, Cursor at) {
        return link.send(RAISE.call()
                        .key(Keys.read(channel))
                        .arg(user)
                        .arg(at.epoch())
                        .arg(at.seq())
                        .arg(IDLE.toMillis()))
                .thenApply(rose -> rose.toInteger() == 1);
    }

    @Override
    public CompletionStage<Map<String, Cursor>> of(String user, List<String> channels) {
        Map<String, Cursor> positions = new ConcurrentHashMap<>();
        CompletableFuture<?>[] asked = channels.stream()
                .map(channel -> of(user, channel, positions).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(asked).thenApply(answered -> positions);
    }

    private CompletionStage<Void> of(String user, String channel, Map<String, Cursor> positions) {
        return link.send(Command.HGET, Keys.read(channel), user).thenAccept(value -> {
            if (value != null) {
                String[] parts = value.toString(StandardCharsets.UTF_8).split(" ", 2);
                positions.put(channel, new Cursor(parts[1], Long.parseLong(parts[0])));
            }
        });
    }
}
