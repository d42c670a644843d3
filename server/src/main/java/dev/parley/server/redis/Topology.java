package dev.parley.server.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Knows whom to ask where the primaries are, by how Redis is run: alone, with Sentinels, or as a Cluster. Called on the loop. */
interface Topology {

    /**
     * Asks where everything is now.
     *
     * @param known the primaries as they were last known
     * @return completes on the loop; fails when nobody can tell
     */
    CompletionStage<Layout> look(Collection<Endpoint> known);

    /** How to connect to one of the primaries. */
    RedisOptions options(Endpoint primary);

    /**
     * Makes sure on a connection just opened that its server is what it is taken for.
     *
     * @return whether its pub/sub is sharded; fails when it is no primary
     */
    default Future<Boolean> greet(RedisConnection connection) {
        return Future.succeededFuture(false);
    }

    /** Whether slots have owners of their own, so that a command's keys must share a slot. */
    default boolean sharded() {
        return false;
    }

    /** Whether primaries may be elsewhere the next time. */
    default boolean changes() {
        return true;
    }

    /** The one for what is configured. */
    static Topology of(Loop loop, RedisOptions configured, Duration timeout) {
        return switch (configured.getType()) {
            case CLUSTER -> new ClusterTopology(loop, configured, timeout);
            case SENTINEL -> new SentinelTopology(loop, configured, timeout);
            default -> alone(configured);
        };
    }

    private static Topology alone(RedisOptions configured) {
        Layout layout = Layout.single(Endpoint.of(configured.getEndpoint()));
        return new Topology() {
            @Override
            public CompletionStage<Layout> look(Collection<Endpoint> known) {
                return CompletableFuture.completedStage(layout);
            }

            @Override
            public RedisOptions options(Endpoint primary) {
                return configured;
            }

            @Override
            public boolean changes() {
                return false;
            }
        };
    }
}
