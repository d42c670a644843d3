package dev.parley.server.redis;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.testing.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisLinkTest {
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final Vertx vertx = Vertx.vertx();
    private final RedisServer redis = RedisServer.embedded();
    private final RedisLink link =
            new RedisLink(vertx, new RedisOptions().setConnectionString(redis.uri()), TIMEOUT).open();

    @BeforeEach
    void reached() {
        await().until(link::reachable);
    }

    @AfterEach
    void closeAll() {
        link.close();
        redis.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void answersComeInTheOrderOfTheCommands() {
        List<CompletionStage<Response>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(link.send(Command.INCR, "n"));
        }

        assertThat(answers)
                .extracting(answer -> get(answer).toInteger())
                .isSorted()
                .endsWith(1000);
    }

    @Test
    void withoutRedisEverythingFailsAtOnce() {
        RedisLink none = new RedisLink(vertx, null, TIMEOUT);

        assertThat(none.configured()).isFalse();
        assertUnavailable(none.send(Command.ECHO, "hello"));
    }

    @Test
    void aCommandToALostRedisFailsAtOnce() {
        redis.kill();
        await().until(() -> !link.reachable());

        assertThat(link.send(Command.ECHO, "hello")).isCompletedExceptionally();
        assertUnavailable(link.send(Command.ECHO, "hello"));
    }

    @Test
    void goesOnWhenRedisIsBack() {
        redis.kill();
        await().until(() -> !link.reachable());
        redis.start();
        await().until(link::reachable);

        assertThat(get(link.send(Command.ECHO, "hello")).toString()).isEqualTo("hello");
    }

    @Test
    void aStalledRedisFailsCommandsWithinTheTimeout() {
        redis.stall();
        long before = System.nanoTime();

        assertUnavailable(link.send(Command.INCR, "n"));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(TIMEOUT, TIMEOUT.multipliedBy(20));

        redis.resume();
        await().until(link::reachable);
        assertThat(get(link.read(Command.GET, "n")).toString()).isEqualTo("1");
    }

    @Test
    void moreCommandsThanMayWaitAreRefused() {
        redis.stall();
        List<CompletionStage<Response>> answers = new ArrayList<>();
        for (int i = 0; i < Pipeline.MOST_WAITING; i++) {
            answers.add(link.send(Command.ECHO, "hello"));
        }
        assertThat(answers.get(0).toCompletableFuture()).isNotDone();

        assertThat(link.send(Command.ECHO, "hello")).isCompletedExceptionally();
    }

    @Test
    void anErrorAnswerIsUnavailableAndLeavesTheConnectionInUse() {
        get(link.send(Command.SET, "text", "no number"));

        assertUnavailable(link.send(Command.INCR, "text"));
        assertThat(get(link.send(Command.ECHO, "hello")).toString()).isEqualTo("hello");
    }

    @Test
    void scriptsRunAlsoAfterRedisForgotThem() {
        Script script = Script.of(RedisLinkTest.class, "echo.lua");
        assertThat(get(link.send(script.call().key("k").arg("a"))).toString()).isEqualTo("k a");

        redis.command("SCRIPT", "FLUSH");

        assertThat(get(link.send(script.call().key("k").arg(7))).toString()).isEqualTo("k 7");
    }

    @Test
    void aRefusalToWriteMakesAllConnectionsNew() {
        String before = redis.command("CLIENT", "LIST");
        redis.command("REPLICAOF", "127.0.0.1", "1");
        List<Boolean> told = new CopyOnWriteArrayList<>();
        link.onReachable(told::add);

        assertUnavailable(link.send(Command.SET, "a", "b"));
        await().untilAsserted(() -> assertThat(told).containsExactly(false, true));

        redis.command("REPLICAOF", "NO", "ONE");
        assertThat(ids(redis.command("CLIENT", "LIST"))).doesNotContainAnyElementsOf(ids(before));
    }

    @Test
    void tellsTheTimeOfRedis() {
        await().untilAsserted(() -> {
            String[] time = redis.command("TIME").split("\r\n");
            long millis = Long.parseLong(time[2]) * 1000 + Long.parseLong(time[4]) / 1000;
            assertThat(link.clock("any").now()).isBetween(millis - 20, millis + 100);
        });
    }

    @Test
    void tellsWhenRedisComesAndGoes() {
        List<Boolean> told = new CopyOnWriteArrayList<>();
        link.onReachable(told::add);

        redis.kill();
        await().untilAsserted(() -> assertThat(told).containsExactly(false));
        redis.start();
        await().untilAsserted(() -> assertThat(told).containsExactly(false, true));
    }

    @Test
    void hearsWhatIsPublishedOnceReady() {
        List<String> heard = new CopyOnWriteArrayList<>();
        get(link.subscribe("bell", message -> heard.add(text(message))).ready());

        assertThat(get(link.publish("bell", "one".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(1);
        get(link.publish("bell", "two".getBytes(StandardCharsets.UTF_8)));

        await().untilAsserted(() -> assertThat(heard).containsExactly("one", "two"));
    }

    @Test
    void hearsNoMoreAfterClosing() {
        Subscription subscription = link.subscribe("bell", message -> {});
        get(subscription.ready());
        subscription.close();

        await().until(() -> get(link.publish("bell", new byte[0])) == 0);
    }

    @Test
    void subscribingAgainAtOnceAfterClosingIsHeard() {
        for (int i = 0; i < 20; i++) {
            get(link.subscribe("bell", message -> {}).ready());
            link.subscribe("bell", message -> {}).close();
            Subscription former = link.subscribe("other", message -> {});
            former.close();
            AtomicInteger heard = new AtomicInteger();
            Subscription later = link.subscribe("other", message -> heard.incrementAndGet());
            get(later.ready());
            assertThat(get(link.publish("other", new byte[0]))).isEqualTo(1);
            await().pollInterval(Duration.ofMillis(5)).until(() -> heard.get() == 1);
            later.close();
        }
    }

    @Test
    void whoComesBackSoonCostsRedisNothing() {
        int groups = 20;
        List<Subscription> open = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            open.add(link.subscribe("bell" + i, message -> {}));
        }
        open.forEach(one -> get(one.ready()));
        long before = subscribes();

        for (int hop = 0; hop < 500; hop++) {
            int group = hop % groups;
            open.get(group).close();
            open.set(group, link.subscribe("bell" + group, message -> {}));
            get(open.get(group).ready());
        }

        assertThat(subscribes()).isEqualTo(before);
        assertThat(get(link.publish("bell7", new byte[0]))).isEqualTo(1);
        open.forEach(Subscription::close);
        await().until(() -> get(link.publish("bell7", new byte[0])) == 0);
        assertThat(subscribes())
                .as("keys asked for once all had left, in %s", redis.command("INFO", "commandstats"))
                .isGreaterThan(before);
    }

    @Test
    void whatIsPublishedWhileNobodyHearsIsHeardByNobody() {
        List<String> former = new CopyOnWriteArrayList<>();
        List<String> later = new CopyOnWriteArrayList<>();
        AtomicInteger interrupted = new AtomicInteger();
        Subscription first = link.subscribe("bell", message -> former.add(text(message)));
        get(first.ready());
        first.close();
        get(link.publish("bell", "missed".getBytes(StandardCharsets.UTF_8)));

        Subscription second = link.subscribe("bell", message -> later.add(text(message)), interrupted::incrementAndGet);
        get(second.ready());
        get(link.publish("bell", "heard".getBytes(StandardCharsets.UTF_8)));

        await().until(() -> later.contains("heard"));
        assertThat(former).isEmpty();
        assertThat(interrupted).hasValue(0);
        redis.command("CLIENT", "KILL", "TYPE", "pubsub");
        await().until(() -> interrupted.get() == 1);
    }

    @Test
    void aSubscriptionThatNobodyHearsDoesNotComeBackAfterTheConnectionWasKilled() {
        Subscription left = link.subscribe("left", message -> {});
        AtomicInteger interrupted = new AtomicInteger();
        Subscription heard = link.subscribe("heard", message -> {}, interrupted::incrementAndGet);
        get(left.ready());
        get(heard.ready());
        left.close();

        redis.command("CLIENT", "KILL", "TYPE", "pubsub");

        await().until(() -> interrupted.get() == 1);
        assertThat(get(link.publish("left", new byte[0]))).isZero();
        get(link.subscribe("left", message -> {}).ready());
        assertThat(get(link.publish("left", new byte[0]))).isEqualTo(1);
    }

    /** Keys that Redis was asked to hear, or to hear no more. */
    private long subscribes() {
        return redis.command("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_subscribe:") || line.startsWith("cmdstat_unsubscribe:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("^\\w+:calls=(\\d+),.*", "$1")))
                .sum();
    }

    @Test
    void tenThousandSubscriptionsComeBackAfterTheConnectionWasKilled() {
        AtomicInteger interrupted = new AtomicInteger();
        List<Subscription> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            all.add(link.subscribe("bell" + i, message -> {}, interrupted::incrementAndGet));
        }
        all.forEach(one -> get(one.ready()));

        redis.command("CLIENT", "KILL", "TYPE", "pubsub");

        await().until(() -> interrupted.get() == 10_000);
        assertThat(get(link.publish("bell9999", new byte[0]))).isEqualTo(1);
    }

    @Test
    void aSubscriptionWithoutRedisIsUnavailableNowAndHeardLater() {
        redis.kill();
        await().until(() -> !link.reachable());
        AtomicInteger heard = new AtomicInteger();
        Subscription subscription = link.subscribe("bell", message -> heard.incrementAndGet());
        assertUnavailable(subscription.ready());

        redis.start();

        await().until(() -> link.reachable() && get(link.publish("bell", new byte[0])) == 1);
        await().until(() -> heard.get() == 1);
    }

    private static List<String> ids(String clients) {
        return clients.lines()
                .filter(line -> line.contains("id="))
                .map(line -> line.replaceAll(".*\\bid=(\\d+).*", "$1"))
                .toList();
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.UTF_8);
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, SECONDS).join();
    }

    private static void assertUnavailable(CompletionStage<?> stage) {
        Throwable failure = catchThrowable(() -> get(stage));
        assertThat(failure).isInstanceOf(CompletionException.class);
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
}
