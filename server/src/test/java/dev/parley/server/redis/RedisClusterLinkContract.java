package dev.parley.server.redis;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.testing.RedisCluster;
import dev.parley.server.testing.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a link does on a Redis Cluster whose slots and masters move. Its tests share the cluster, and leave it in order, but not as they found it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RedisClusterLinkContract {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Script ECHO = Script.of(RedisClusterLinkContract.class, "echo.lua");

    private final Vertx vertx = Vertx.vertx();
    private RedisCluster cluster;
    private RedisLink link;

    abstract RedisCluster start(int replicas);

    @BeforeAll
    void startCluster() {
        cluster = start(1);
        link = new RedisLink(vertx, options(cluster.uris().subList(0, 2)), TIMEOUT).open();
    }

    @BeforeEach
    void reached() {
        cluster.awaitInOrder();
        patiently().until(link::reachable);
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            link.close();
            cluster.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void slotsAreThoseOfRedis() {
        List<String> keys =
                List.of("", "a", "123456789", "{a}b", "a{b}", "{}a", "{{a}}b", "a{b}{c}", "{a", "}a{b", "ä{ö}ü");
        for (String key : keys) {
            assertThat(Slots.of(key)).as(key).isEqualTo(cluster.slot(key));
        }
    }

    @Test
    void everyKeyIsFoundWhereverItLives() {
        List<String> keys = IntStream.range(0, 100).mapToObj(i -> "key" + i).toList();
        keys.forEach(key -> get(link.send(Command.SET, key, key.toUpperCase())));

        assertThat(get(link.values(keys)))
                .extracting(Response::toString)
                .isEqualTo(keys.stream().map(String::toUpperCase).toList());
        assertThat(get(link.values(List.of("key1", "none", "key2")))).element(1).isNull();
    }

    @Test
    void bellsAreHeardOnAllShards() {
        List<String> heard = new CopyOnWriteArrayList<>();
        List<String> bells = IntStream.range(0, 100).mapToObj(i -> "bell" + i).toList();
        List<Subscription> subscriptions = bells.stream()
                .map(bell -> link.subscribe(bell, message -> heard.add(bell)))
                .toList();
        subscriptions.forEach(subscription -> get(subscription.ready()));

        bells.forEach(bell ->
                assertThat(get(link.publish(bell, new byte[] {1}))).as(bell).isEqualTo(1));

        await().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrderElementsOf(bells));
        assertThat(bells).allMatch(bell -> get(link.isHeard(bell)));
        subscriptions.forEach(Subscription::close);
        await().untilAsserted(() -> assertThat(bells)
                .allSatisfy(
                        bell -> assertThat(get(link.publish(bell, new byte[0]))).isZero()));
        assertThat(bells).noneMatch(bell -> get(link.isHeard(bell)));
    }

    @Test
    void isProvenOnceEveryShardBroughtItsRing() {
        patiently().until(() -> {
            link.prove(Duration.ofSeconds(10));
            return link.proven(Duration.ofSeconds(1));
        });
    }

    @Test
    void commandsAndBellsFollowASlotThatMoves() {
        String key = "moves";
        RedisServer from = cluster.ownerOf(key);
        RedisServer to = another(from);
        get(link.send(Command.SET, key, "before"));
        AtomicInteger heard = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        Subscription bell = link.subscribe(key, message -> heard.incrementAndGet(), interrupted::incrementAndGet);
        get(bell.ready());

        int slot = cluster.slot(key);
        cluster.beginMove(slot, from, to);
        cluster.moveKeys(slot, from, to);
        cluster.endMove(slot, from, to);

        assertThat(get(link.send(Command.GET, key)).toString()).isEqualTo("before");
        assertThat(get(link.send(ECHO.call().key(key).arg("a"))).toString()).isEqualTo(key + " a");
        await().until(() -> interrupted.get() > 0);
        await().until(() -> get(link.publish(key, new byte[0])) == 1);
        await().until(() -> heard.get() > 0);
        bell.close();
    }

    @Test
    void aKeyIsFoundWhileItsSlotIsOnTheWay() {
        String key = "on-the-way";
        RedisServer from = cluster.ownerOf(key);
        RedisServer to = another(from);
        int slot = cluster.slot(key);
        get(link.send(Command.SET, key, "1"));

        cluster.beginMove(slot, from, to);
        assertThat(get(link.send(Command.INCR, key)).toInteger()).isEqualTo(2);
        cluster.moveKeys(slot, from, to);
        assertThat(get(link.send(Command.INCR, key)).toInteger()).isEqualTo(3);
        assertThat(get(link.send(ECHO.call().key(key).arg("a"))).toString()).isEqualTo(key + " a");
        cluster.endMove(slot, from, to);

        assertThat(get(link.send(Command.INCR, key)).toInteger()).isEqualTo(4);
    }

    @Test
    void whatNeedsKeysHereAndThereWaitsForTheEndOfTheMove() {
        String key = "{torn}here";
        String other = "{torn}there";
        RedisServer from = cluster.ownerOf(key);
        RedisServer to = another(from);
        int slot = cluster.slot(key);
        get(link.send(Command.SET, key, "a"));
        cluster.beginMove(slot, from, to);
        cluster.moveKeys(slot, from, to);
        get(link.send(Command.SET, other, "b"));

        CompletionStage<Response> both =
                link.send(ECHO.call().key(key).key("{torn}none").arg("a"));
        assertThat(both.toCompletableFuture()).isNotDone();
        cluster.endMove(slot, from, to);

        assertThat(get(both).toString()).isEqualTo(key + " a");
    }

    @Test
    void commandsOfOneThreadKeepTheirOrderOnEveryShard() {
        List<CompletionStage<Response>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(link.send(Command.INCR, "count" + i % 10));
        }

        for (int i = 0; i < 1000; i++) {
            assertThat(get(answers.get(i)).toInteger()).isEqualTo(i / 10 + 1);
        }
    }

    @Test
    void aReplicaThatTakesOverByRequestIsFound() {
        String key = "taken-over";
        RedisServer master = cluster.ownerOf(key);
        RedisServer replica = cluster.replicaOf(master);
        AtomicInteger heard = new AtomicInteger();
        Subscription bell = link.subscribe(key, message -> heard.incrementAndGet());
        get(bell.ready());

        replica.command("CLUSTER", "FAILOVER");
        patiently().until(() -> cluster.ownerOf(key) == replica);

        patiently()
                .ignoreExceptions()
                .until(() -> get(link.send(Command.SET, key, "x")).toString().equals("OK"));
        patiently().ignoreExceptions().until(() -> get(link.publish(key, new byte[0])) == 1 && heard.get() > 0);
        bell.close();
    }

    @Test
    void aReplicaThatTakesOverAfterADeathIsFound() {
        String key = "orphaned";
        RedisServer master = cluster.ownerOf(key);
        AtomicInteger heard = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        Subscription bell = link.subscribe(key, message -> heard.incrementAndGet(), interrupted::incrementAndGet);
        get(bell.ready());

        master.kill();
        try {
            patiently()
                    .ignoreExceptions()
                    .until(() ->
                            get(link.send(Command.SET, key, "x")).toString().equals("OK"));
            patiently().until(link::reachable);
            patiently().until(() -> interrupted.get() > 0);
            patiently().ignoreExceptions().until(() -> get(link.publish(key, new byte[0])) == 1 && heard.get() > 0);
        } finally {
            master.start();
        }
        patiently().until(() -> master.command("INFO", "replication").contains("master_link_status:up"));
        bell.close();
    }

    @Test
    void oneLivingHostOfThoseConfiguredIsEnough() {
        List<String> hosts = List.of("redis://127.0.0.1:1", cluster.uris().get(0));
        RedisLink late = new RedisLink(vertx, options(hosts), TIMEOUT).open();
        try {
            patiently().until(late::reachable);
        } finally {
            late.close();
        }
    }

    RedisCluster cluster() {
        return cluster;
    }

    RedisLink link() {
        return link;
    }

    private RedisServer another(RedisServer master) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> cluster.ownerOf("any" + i))
                .filter(other -> other != master)
                .findFirst()
                .orElseThrow();
    }

    private static RedisOptions options(List<String> hosts) {
        return new RedisOptions().setType(RedisClientType.CLUSTER).setEndpoints(new ArrayList<>(hosts));
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }
}
