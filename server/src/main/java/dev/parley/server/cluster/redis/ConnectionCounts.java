package dev.parley.server.cluster.redis;

import dev.parley.server.redis.Gathered;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * How many connections each instance has of a user: the hash {@code parley:{p}:connections:<user>}, a field for each instance. Any thread; stages complete on the
 * link's loop.
 */
public final class ConnectionCounts {
    private static final Script COUNT = Script.of(ConnectionCounts.class, "count.lua");

    /** Far longer than connections live: for when an instance died and the user never came back. */
    private static final Duration KEPT = Duration.ofDays(30);

    private final String self;
    private final Gathered counts;

    /** @param self this instance */
    public ConnectionCounts(RedisLink link, String self) {
        this.self = self;
        this.counts = Gathered.writing(link, COUNT, KEPT.toMillis());
    }

    /**
     * Notes this instance's number.
     *
     * @param alive the instances that count
     * @return the sum of theirs
     */
    public CompletionStage<Long> note(String user, int here, Set<String> alive) {
        String key = Keys.of("user/" + user, "connections", user);
        return counts.ask(key, self + ' ' + here + " ," + String.join(",", alive) + ',')
                .thenApply(Response::toLong);
    }
}
