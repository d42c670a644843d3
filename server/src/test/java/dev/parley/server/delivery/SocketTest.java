package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.CloseReason;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.log.memory.MemoryChannelLog;
import dev.parley.server.trace.Tracing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a connection whose state machine fails. */
class SocketTest {
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int MASKED = 0x80;

    private final Vertx vertx = Vertx.vertx();
    private final LiveChannels channels =
            new LiveChannels(new MemoryChannelLog(1 << 20), new Counters(), new Tracing(), vertx);
    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    private final EventLoop loop = loops.next();
    private final Failing failing = new Failing();
    private final Socket socket =
            new Socket(channels.fanout(loop), 65_536, new Intake(1_000_000, 1L << 40, new Exceeded()));
    private final EmbeddedChannel channel = open();

    private EmbeddedChannel open() {
        socket.handleWith(failing);
        return new EmbeddedChannel(socket);
    }

    @AfterEach
    void stop() {
        channel.finishAndReleaseAll();
        channels.stop();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aFrameThatCannotBeTakenEndsTheConnectionInOrderAndIsGivenBack() {
        ByteBuf frames = Unpooled.buffer().writeBytes(text("{}")).writeBytes(text("{}"));

        channel.writeInbound(frames);

        assertThat(frames.refCnt()).isZero();
        assertThat(failing.texts).isEqualTo(1);
        assertClosed();
        ByteBuf more = text("{}");
        channel.writeInbound(more);
        assertThat(more.refCnt()).isZero();
        assertThat(failing.texts).isEqualTo(1);
    }

    @Test
    void whoeverCannotGoOnWhenThereIsRoomAgainIsClosedInOrder() {
        channel.pipeline().fireChannelWritabilityChanged();

        assertClosed();
    }

    private void assertClosed() {
        ByteBuf close = channel.readOutbound();
        assertThat(close.readUnsignedByte()).isEqualTo((short) CLOSE);
        close.skipBytes(1);
        assertThat(close.readUnsignedShort()).isEqualTo(CloseReason.OVERLOADED.code());
        close.release();
        assertThat(failing.closed).isTrue();
    }

    private static ByteBuf text(String json) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        return Unpooled.buffer()
                .writeByte(TEXT)
                .writeByte(MASKED | utf8.length)
                .writeInt(0)
                .writeBytes(utf8);
    }

    private static final class Failing implements Inbound {
        private int texts;
        private boolean closed;

        @Override
        public void text(byte[] utf8, int offset, int length) {
            texts++;
            throw new IllegalStateException("the test's own");
        }

        @Override
        public void binary() {}

        @Override
        public void room() {
            throw new IllegalStateException("the test's own");
        }

        @Override
        public void closed() {
            closed = true;
        }
    }
}
