package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.limit.Exceeded;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Following;
import dev.parley.server.log.LogUnavailableException;
import dev.parley.server.trace.Tracing;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is left of a channel that could not be followed: with a log out of reach, joins in a row must not pile up live channels. */
class OutletTest {
    private final Vertx vertx = Vertx.vertx();
    private final EventLoop loop = new DefaultEventLoop();
    private final LiveChannels channels = new LiveChannels(outOfReach(), new Counters(), new Tracing(), vertx);
    private final Outlet outlet = new Outlet(
            new Socket(channels.fanout(loop), 65_536, new Intake(1_000_000, 1L << 40, new Exceeded())),
            "n.1",
            "ada",
            new Nobody());

    @AfterEach
    void stop() {
        channels.stop();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aChannelThatCannotBeFollowedIsLetGo() {
        for (int i = 0; i < 100; i++) {
            String channel = "group/" + i;

            CompletableFuture<Follow> follow = onLoop(() -> outlet.follow(channel));

            assertThat(follow).failsWithin(10, TimeUnit.SECONDS);
            assertThat(onLoop(() -> CompletableFuture.completedFuture(outlet.following(channel)))
                            .join())
                    .isNull();
        }
        await().untilAsserted(() -> assertThat(channels.count()).isZero());
    }

    private <T> CompletableFuture<T> onLoop(Supplier<CompletionStage<T>> what) {
        return CompletableFuture.supplyAsync(what, loop).thenCompose(stage -> stage);
    }

    private static ChannelLog outOfReach() {
        return (ChannelLog) Proxy.newProxyInstance(
                ChannelLog.class.getClassLoader(), new Class<?>[] {ChannelLog.class}, (proxy, method, arguments) -> {
                    CompletionStage<?> failed =
                            CompletableFuture.failedStage(new LogUnavailableException("out of reach"));
                    return method.getName().equals("follow") ? following(failed) : failed;
                });
    }

    private static Following following(CompletionStage<?> ready) {
        return (Following) Proxy.newProxyInstance(
                Following.class.getClassLoader(),
                new Class<?>[] {Following.class},
                (proxy, method, arguments) -> method.getName().equals("ready") ? ready : null);
    }
}
