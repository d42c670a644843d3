package dev.parley.server.testing;

import static org.awaitility.Awaitility.await;

import dev.parley.server.redis.RedisLink;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A JUnit extension that gives a test class a real Redis of its own, and links to it as instances have them. */
public final class RedisAccess implements BeforeAllCallback, AfterAllCallback {
    private final List<RedisLink> links = new ArrayList<>();
    private Vertx vertx;
    private RedisServer server;
    private RedisLink link;

    @Override
    public void beforeAll(ExtensionContext context) {
        vertx = Vertx.vertx();
        server = RedisServer.embedded();
        link = newLink();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        links.forEach(RedisLink::close);
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    public Vertx vertx() {
        return vertx;
    }

    public RedisServer server() {
        return server;
    }

    /** A link that all tests of the class share. */
    public RedisLink link() {
        return link;
    }

    /** One more link, as another instance has it; closed at the end. */
    public RedisLink newLink() {
        RedisLink another = new RedisLink(
                        vertx, new RedisOptions().setConnectionString(server.uri()), Duration.ofSeconds(2))
                .open();
        links.add(another);
        await().until(another::reachable);
        return another;
    }
}
