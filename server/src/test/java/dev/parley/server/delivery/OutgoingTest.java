package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.CloseReason;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.log.memory.MemoryChannelLog;
import dev.parley.server.trace.Tracing;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Frames of all sizes, some of them shared, written to real sockets of epoll whose peers read at first nothing and then all: what comes is what was written, byte
 * for byte, and every buffer is given back. What goes past Netty's queue and what goes through it must not change places.
 */
class OutgoingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TURNS = 1_500;

    private final Vertx vertx = Vertx.vertx();
    private final LiveChannels channels =
            new LiveChannels(new MemoryChannelLog(1 << 20), new Counters(), new Tracing(), vertx);
    private final List<ByteBuf> buffers = new ArrayList<>();
    private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
    private final List<Way> ways = new ArrayList<>();
    private EpollEventLoopGroup loops;
    private Channel server;

    /** A socket, its peer, and what the peer is to get. */
    private record Way(Socket socket, java.net.Socket peer, ByteArrayOutputStream expected) {}

    @BeforeEach
    void listen() {
        assumeThat(Epoll.isAvailable()).as("epoll").isTrue();
        loops = new EpollEventLoopGroup(1);
        server = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    @AfterEach
    void stop() throws IOException {
        for (Way way : ways) {
            way.peer.close();
        }
        channels.stop();
        if (loops != null) {
            loops.shutdownGracefully().syncUninterruptibly();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void accept(Channel channel) {
        Socket socket = new Socket(
                channels.fanout(channel.eventLoop()), 65_536, new Intake(1_000_000, 1L << 40, new Exceeded()));
        socket.handleWith(new Nobody());
        channel.pipeline().addLast(socket);
        socket.takenOver();
        socket.bound(new WriteBufferWaterMark(32 * 1024, 64 * 1024));
        accepted.add(socket);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everythingComesOnceAndInOrder(long seed) throws Exception {
        SingleThreadEventLoop loop = connect(3);
        Random random = new Random(seed);
        List<List<Runnable>> turns = new ArrayList<>();
        for (int i = 0; i < TURNS; i++) {
            turns.add(turn(random));
        }
        Way last = ways.get(0);
        byte[] farewell = text(random, 20);
        text(last.expected, farewell);
        last.expected.writeBytes(bytes(Wire.close(PooledByteBufAllocator.DEFAULT, CloseReason.POLICY)));

        CountDownLatch written = new CountDownLatch(1);
        run(loop, turns, 0, () -> {
            last.socket.write(farewell);
            last.socket.close(CloseReason.POLICY);
            written.countDown();
        });
        // Nobody reads yet, so that the kernel's buffers fill up in the middle of a frame.
        assertThat(written.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        for (Way way : ways) {
            byte[] got = CompletableFuture.supplyAsync(() -> read(way)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(Arrays.equals(got, way.expected.toByteArray())).isTrue();
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(buffers).isNotEmpty().allMatch(buffer -> buffer.refCnt() == 0));
        for (Way way : ways) {
            assertThat(loop.submit(way.socket::drainedBytes).get()).isEqualTo(way.socket.queuedBytes());
        }
    }

    private SingleThreadEventLoop connect(int number) throws IOException {
        for (int i = 0; i < number; i++) {
            java.net.Socket peer = new java.net.Socket();
            peer.setSoTimeout((int) PATIENCE.toMillis());
            peer.connect(server.localAddress());
            await().atMost(PATIENCE).until(() -> !accepted.isEmpty());
            ways.add(new Way(accepted.remove(), peer, new ByteArrayOutputStream()));
        }
        return ways.get(0).socket.fanout().loop;
    }

    /** One after the other, each in a turn of its own, at whose end the sockets are flushed. */
    private static void run(SingleThreadEventLoop loop, List<List<Runnable>> turns, int next, Runnable then) {
        loop.execute(() -> {
            if (next == turns.size()) {
                then.run();
            } else {
                turns.get(next).forEach(Runnable::run);
                loop.executeAfterEventLoopIteration(() -> run(loop, turns, next + 1, then));
            }
        });
    }

    private List<Runnable> turn(Random random) {
        List<Runnable> writes = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            Way one = ways.get(random.nextInt(ways.size()));
            int size = random.nextInt(20) == 0 ? random.nextInt(90_000) : random.nextInt(700);
            byte[] text = text(random, size);
            switch (random.nextInt(3)) {
                case 0 -> {
                    text(one.expected, text);
                    writes.add(() -> one.socket.write(text));
                }
                case 1 -> {
                    ByteBuf own = frame(text);
                    text(one.expected, text);
                    writes.add(() -> one.socket.write(own));
                }
                default -> {
                    ByteBuf shared = frame(text);
                    ways.forEach(way -> text(way.expected, text));
                    writes.add(() -> {
                        ways.forEach(way -> way.socket.share(shared));
                        shared.release();
                    });
                }
            }
        }
        return writes;
    }

    private ByteBuf frame(byte[] text) {
        ByteBuf frame = Wire.text(PooledByteBufAllocator.DEFAULT, text);
        buffers.add(frame);
        return frame;
    }

    private static byte[] text(Random random, int size) {
        byte[] text = new byte[size];
        for (int i = 0; i < size; i++) {
            text[i] = (byte) ('a' + random.nextInt(26));
        }
        return text;
    }

    private static void text(ByteArrayOutputStream to, byte[] text) {
        ByteBuf frame = Unpooled.buffer();
        Wire.text(frame, text);
        to.writeBytes(bytes(frame));
    }

    private static byte[] bytes(ByteBuf frame) {
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes).release();
        return bytes;
    }

    private static byte[] read(Way way) {
        try {
            InputStream in = way.peer.getInputStream();
            return in.readNBytes(way.expected.size());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
