package dev.parley.server.redis;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.testing.LogWatch;
import dev.parley.server.testing.RedisSentinels;
import dev.parley.server.testing.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a link does behind Sentinels whose primary changes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SentinelLinkTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Vertx vertx = Vertx.vertx();
    private RedisSentinels redis;
    private RedisLink link;

    @BeforeAll
    void start() {
        redis = RedisSentinels.installed()
                .orElseGet(() -> Assumptions.abort("no redis-server of version 7 or later on the PATH"));
        RedisOptions options = new RedisOptions()
                .setType(RedisClientType.SENTINEL)
                .setEndpoints(redis.uris())
                .setMasterName(RedisSentinels.NAME);
        link = new RedisLink(vertx, options, TIMEOUT).open();
        patiently().until(link::reachable);
    }

    @AfterAll
    void stop() {
        if (redis != null) {
            link.close();
            redis.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void goesAlongWithThePrimary() {
        AtomicInteger heard = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        Subscription bell = link.subscribe("bell", message -> heard.incrementAndGet(), interrupted::incrementAndGet);
        get(bell.ready());
        get(link.send(Command.SET, "key", "first"));

        RedisServer first = redis.primary();
        redis.sentinels().get(0).command("SENTINEL", "FAILOVER", RedisSentinels.NAME);
        RedisServer second = redis.awaitPrimaryOtherThan(first);
        awaitUse(second, heard);
        assertThat(get(link.send(Command.GET, "key")).toString()).isEqualTo("first");
        patiently().until(() -> interrupted.get() > 0);

        patiently().until(() -> first.command("INFO", "replication").contains("master_link_status:up"));
        second.kill();
        RedisServer third = redis.awaitPrimaryOtherThan(second);
        awaitUse(third, heard);

        // What was a primary comes back, and takes itself for one at first.
        second.start();
        assertThat(get(link.send(Command.GET, "key")).toString()).isEqualTo("first");
        bell.close();
    }

    @Test
    void aNameThatTheSentinelsDoNotKnowIsToldOnce() {
        RedisOptions options = new RedisOptions()
                .setType(RedisClientType.SENTINEL)
                .setEndpoints(redis.uris())
                .setMasterName("another");
        LogWatch log = new LogWatch();

        RedisLink lost = new RedisLink(vertx, options, TIMEOUT).open();

        patiently().until(() -> log.lines().stream().anyMatch(line -> line.contains("knows no")));
        lost.close();
        log.close();
        assertThat(log.lines().stream().filter(line -> line.contains("knows no")))
                .hasSize(1);
    }

    private void awaitUse(RedisServer primary, AtomicInteger heard) {
        String mark = "mark" + primary.port();
        patiently()
                .ignoreExceptions()
                .until(() -> get(link.send(Command.SET, mark, "x")).toString().equals("OK")
                        && primary.command("EXISTS", mark).startsWith(":1"));
        int before = heard.get();
        patiently().ignoreExceptions().until(() -> get(link.publish("bell", new byte[0])) == 1 && heard.get() > before);
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }
}
