package dev.parley.server.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.testing.RedisAccess;
import io.vertx.redis.client.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is known of a real Redis' memory and connections. */
class RedisCareTest {

    @RegisterExtension
    static final RedisAccess REDIS = new RedisAccess();

    private final RedisCare care = new RedisCare(REDIS.link(), REDIS.vertx());

    @Test
    void aRedisThatThrowsMessagesAwayIsFoundAndForgivenOnceItDoesNot() {
        set("maxmemory-policy", "allkeys-lru");
        await().until(this::looked, evicts -> evicts);

        set("maxmemory-policy", "noeviction");
        await().until(this::looked, evicts -> !evicts);
    }

    @Test
    void itsMemoryIsKnown() {
        set("maxmemory", "100mb");
        care.look();

        await().until(() -> care.most() == 100L << 20);
        assertThat(care.used()).isBetween(100_000L, 100L << 20);
    }

    @Test
    void connectionsThatAreLostAndOpenedAgainAreCounted() {
        var counters = REDIS.link().counters();
        long lost = counters.lost.sum();
        long opened = counters.opened.sum();

        REDIS.link().send(Command.CLIENT, "KILL", "TYPE", "pubsub");

        await().until(() -> counters.lost.sum() > lost && counters.opened.sum() > opened);
    }

    private boolean looked() {
        care.look();
        return care.evicts();
    }

    private static void set(String setting, String value) {
        REDIS.link()
                .send(Command.CONFIG, "SET", setting, value)
                .toCompletableFuture()
                .join();
    }
}
