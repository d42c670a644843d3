package dev.parley.server.cluster;

import dev.parley.server.cluster.redis.ConnectionCounts;
import dev.parley.server.redis.RedisLink;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * How many connections each user has, on all instances together. Told by the gateway of each that comes and goes, on any thread; nothing blocks.
 *
 * <p>Each instance notes its own number of a user in Redis, and those of living instances count, so one that dies needs no clean-up. A number that could not be
 * noted is put right by the next one.
 */
@Singleton
public final class UserConnections {
    private final RedisLink redis;
    private final ConnectionCounts counts;
    private final Supplier<Set<String>> alive;
    private final Map<String, Integer> here = new ConcurrentHashMap<>();

    @Inject
    UserConnections(RedisLink redis, NodeId self, Leases leases) {
        this(redis, self.id(), leases::alive);
    }

    UserConnections(RedisLink redis, String self, Supplier<Set<String>> alive) {
        this.redis = redis;
        this.counts = new ConnectionCounts(redis, self);
        this.alive = alive;
    }

    /**
     * A user opens a connection here.
     *
     * @return how many the user has now, this one included; fails with {@code unavailable} when Redis is out of reach, and the connection counts all the same
     */
    public CompletionStage<Long> enter(String user) {
        return change(user, 1);
    }

    /** A connection that entered is gone. */
    public void leave(String user) {
        change(user, -1);
    }

    /** Numbers are noted in the order in which they were true. */
    private CompletionStage<Long> change(String user, int more) {
        CompletableFuture<CompletionStage<Long>> total = new CompletableFuture<>();
        here.compute(user, (id, before) -> {
            int now = (before == null ? 0 : before) + more;
            total.complete(
                    redis.configured()
                            ? counts.note(user, now, alive.get())
                            : CompletableFuture.completedStage((long) now));
            return now == 0 ? null : Integer.valueOf(now);
        });
        return total.join();
    }
}
