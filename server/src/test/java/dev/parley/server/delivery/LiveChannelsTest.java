package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.limit.Exceeded;
import dev.parley.server.log.Append;
import dev.parley.server.log.Retention;
import dev.parley.server.log.memory.MemoryChannelLog;
import dev.parley.server.trace.Tracing;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A few thousand channels that are followed, and to which entries come all the time. */
class LiveChannelsTest {
    private static final int CHANNELS = 4000;
    private static final int LOOKS = 300;
    private static final Retention ALL = new Retention(10, Duration.ofDays(1), Duration.ofDays(1));

    private final Vertx vertx = Vertx.vertx();
    private final MemoryChannelLog log = new MemoryChannelLog(64 << 20);
    private final LiveChannels channels = new LiveChannels(log, new Counters(), new Tracing(), vertx);
    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    private volatile boolean over;

    @AfterEach
    void stop() {
        channels.stop();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void theMostActiveAreFoundWhileEntriesGoOnComing() {
        EventLoop loop = loops.next();
        Outlet outlet = new Outlet(
                new Socket(channels.fanout(loop), 65_536, new Intake(1_000_000, 1L << 40, new Exceeded())),
                "n.1",
                "ada",
                new Nobody());
        for (int i = 0; i < CHANNELS; i++) {
            String channel = "group/" + i;
            CompletableFuture.supplyAsync(() -> outlet.follow(channel), loop)
                    .thenCompose(stage -> stage)
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        }
        CompletableFuture<Void> writing = CompletableFuture.runAsync(this::write);

        for (int i = 0; i < LOOKS; i++) {
            assertThat(channels.active(CHANNELS)).hasSize(CHANNELS);
        }

        over = true;
        writing.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private void write() {
        byte[] entry = "\n{\"data\":1}".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; !over; i++) {
            // From the last to the first and again: each changes its place among the others.
            String channel = "group/" + (CHANNELS - 1 - i % CHANNELS);
            log.append(new Append(channel, null, null, 0, 1000, ALL, entry));
        }
    }
}
