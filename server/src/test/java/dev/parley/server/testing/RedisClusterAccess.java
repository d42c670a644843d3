package dev.parley.server.testing;

import static org.awaitility.Awaitility.await;

import dev.parley.server.redis.RedisLink;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A JUnit extension that gives a test class a Redis Cluster of its own, and links to it as instances have them. */
public final class RedisClusterAccess implements BeforeAllCallback, AfterAllCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Supplier<RedisCluster> start;
    private final List<RedisLink> links = new ArrayList<>();
    private Vertx vertx;
    private RedisCluster cluster;
    private RedisLink link;
    private RedisLink otherLink;

    /** @param start starts the cluster, or has the test skipped where that is not possible */
    public RedisClusterAccess(Supplier<RedisCluster> start) {
        this.start = start;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (cluster == null) {
            cluster = start.get();
            vertx = Vertx.vertx();
            link = newLink();
            otherLink = newLink();
        }
    }

    /** Ends with the outermost class, not with those nested in it. */
    @Override
    public void afterAll(ExtensionContext context) {
        if (cluster != null && context.getRequiredTestClass().getEnclosingClass() == null) {
            links.forEach(RedisLink::close);
            cluster.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    public RedisCluster cluster() {
        return cluster;
    }

    /** A link that all tests of the class share. */
    public RedisLink link() {
        return link;
    }

    /** The link of another instance, which all tests of the class share. */
    public RedisLink otherLink() {
        return otherLink;
    }

    private RedisLink newLink() {
        RedisOptions options =
                new RedisOptions().setType(RedisClientType.CLUSTER).setEndpoints(cluster.uris());
        RedisLink another = new RedisLink(vertx, options, Duration.ofSeconds(5)).open();
        links.add(another);
        await().atMost(PATIENCE).until(another::reachable);
        return another;
    }
}
