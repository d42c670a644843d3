package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Membership;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.log.Append;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.LogUnavailableException;
import dev.parley.server.log.Retention;
import dev.parley.server.log.memory.MemoryChannelLog;
import dev.parley.server.trace.Tracing;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Followers who come at any moment, on event loops that are busy with something else: they get everything once and in order, and what waits for them meanwhile
 * is bounded.
 */
class FollowersTest {
    private static final String CHANNEL = "group/g";
    private static final Retention ALL = new Retention(1_000_000, Duration.ofDays(1), Duration.ofDays(1));
    private static final int MEGA = 1 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final MemoryChannelLog log = new MemoryChannelLog(256 * MEGA);
    private final Tracing tracing = new Tracing();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean unreadable;
    private final LiveChannels channels = new LiveChannels(reading(), new Counters(), tracing, vertx);
    private final EventLoopGroup loops = new NioEventLoopGroup(3);
    private final SingleThreadEventLoop home = (SingleThreadEventLoop) loops.next();
    private final SingleThreadEventLoop other = (SingleThreadEventLoop) loops.next();
    private final EventLoop peers = loops.next();
    private final List<Channel> connections = new ArrayList<>();

    @AfterEach
    void stop() {
        connections.forEach(connection -> connection.close().syncUninterruptibly());
        channels.stop();
        loops.shutdownGracefully(100, 1000, TimeUnit.MILLISECONDS).syncUninterruptibly();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whatIsHeardWhileTheHomeLoopStandsIsBounded() {
        long idle = channels.ration().left();
        Peer peer = follow(home);
        CountDownLatch stands = block(home);

        try {
            append(8 * 1024, 1024);
            assertThat(idle - channels.ration().left()).isPositive().isLessThan(2 * MEGA);
        } finally {
            stands.countDown();
        }

        assertHasAll(peer, 8 * 1024);
        await().until(() -> channels.ration().left() == idle);
    }

    @Test
    void whatIsHandedToALoopThatStandsIsBounded() {
        Peer first = follow(home);
        Peer second = follow(other);
        append(1, 10);
        assertHasAll(second, 1);
        long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        CountDownLatch stands = block(other);
        try {
            append(4 * 1024, 16 * 1024);
            assertHasAll(first, 4 * 1024 + 1);
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
                    .isLessThan(24 * MEGA);
        } finally {
            stands.countDown();
        }

        assertHasAll(second, 4 * 1024 + 1);
    }

    @Test
    void whoResumesWithAnOldPieceOfTheLogWhileNewBatchesAreKeptMissesNothing() {
        Peer live = follow(home);
        append(10, 10);
        Peer returning = new Peer();
        Outlet its = connect(home, returning);
        Follow follow = on(home, () -> its.follow(CHANNEL));
        Cursor cursor = new Cursor(follow.head().epoch(), 5);
        assertThat(on(home, () -> its.canResume(follow, cursor))).isTrue();
        append(2, 10);
        assertHasAll(live, 12);
        Outlet another = connect(home, new Peer());
        Follow behind = on(home, () -> another.follow(CHANNEL));
        home.submit(() -> {
                    // Its batch is taken while the other one's read is under way.
                    append(1, 10);
                    behind.start(new Cursor(cursor.epoch(), 0), null);
                })
                .syncUninterruptibly();
        assertHasAll(live, 13);

        home.submit(() -> follow.start(cursor, null)).syncUninterruptibly();

        await().until(() -> returning.seqs().contains(13L));
        assertThat(returning.seqs())
                .isEqualTo(LongStream.rangeClosed(6, 13).boxed().toList());
        assertThat(returning.gaps()).isEmpty();
    }

    @Test
    void whoFailsCostsTheOthersNothing() {
        Peer failing = new Peer();
        Outlet its = connect(home, failing, new MembershipListener() {
            @Override
            public void changed(Membership change, String term, Cursor at) {
                throw new IllegalStateException("the test's own");
            }

            @Override
            public void ended(String channel, Cursor last, String term) {}

            @Override
            public void missed(String channel, Cursor upTo) {}
        });
        Peer beside = follow(home);
        startAtHead(home, its);
        Peer elsewhere = follow(other);
        append(1, 10);

        Membership change = new Membership("g", MembershipState.ADDED, null, new Cursor("e", 1));
        append(Stored.of(change, null).encode(bytes("{\"data\":1}")));
        append(3, 10);

        for (Peer peer : List.of(beside, elsewhere)) {
            assertHasAll(peer, 5);
            assertThat(peer.gaps()).isEmpty();
        }
        await().until(() -> !failing.isOpen());
    }

    @Test
    void whatIsNoEntryIsAGapAndWhatFollowsComes() {
        Peer live = follow(home);
        append(1, 10);
        append(bytes("no header, no envelope"));
        append(1, 10);
        await().until(() -> live.seqs().contains(3L));
        Peer late = new Peer();
        Outlet its = connect(other, late);
        Follow follow = on(other, () -> its.follow(CHANNEL));
        other.submit(() -> follow.start(new Cursor(follow.head().epoch(), 0), null))
                .syncUninterruptibly();
        await().until(() -> late.seqs().contains(3L));

        for (Peer peer : List.of(live, late)) {
            assertThat(peer.seqs()).containsExactly(1L, 3L);
            assertThat(peer.gaps()).singleElement().asString().contains("\"from\":2,\"to\":2,\"reason\":\"expired\"");
        }
    }

    @Test
    void whileTheLogCannotBeReadMoreBatchesDoNotMeanMoreReads() {
        int batches = 200;
        Peer live = follow(home);
        append(1, 10);
        assertHasAll(live, 1);
        unreadable = true;
        Peer late = new Peer();
        Outlet its = connect(other, late);
        Follow follow = on(other, () -> its.follow(CHANNEL));
        other.submit(() -> follow.start(new Cursor(follow.head().epoch(), 0), null))
                .syncUninterruptibly();

        for (int i = 2; i <= batches; i++) {
            append(1, 10);
            int count = i;
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> live.seqs().size() == count);
        }

        assertThat(reads).hasPositiveValue().hasValueLessThan(batches / 2);
        unreadable = false;
        assertHasAll(late, batches);
        assertThat(late.gaps()).isEmpty();
    }

    /** The log, which counts reads and refuses them where the test wants it. */
    private ChannelLog reading() {
        return (ChannelLog) Proxy.newProxyInstance(
                ChannelLog.class.getClassLoader(), new Class<?>[] {ChannelLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("read")) {
                        reads.incrementAndGet();
                        if (unreadable) {
                            return CompletableFuture.failedStage(new LogUnavailableException("the test's own"));
                        }
                    }
                    return method.invoke(log, arguments);
                });
    }

    @Test
    void whatNobodyCanReadOfWhatIsRungHoldsNothingUp() {
        // The audit would find some time later what is held up.
        channels.stop();
        channels.onPresence((channel, change) -> {
            throw new IllegalStateException("the test's own");
        });
        Peer live = follow(home);
        CountDownLatch stands = block(home);
        try {
            append(2, 10);
            for (String event : List.of("f no header", "s no header", "p of a version to come", "")) {
                log.ring(CHANNEL, bytes(event));
                append(1, 10);
            }
        } finally {
            stands.countDown();
        }

        assertHasAll(live, 6);
        assertThat(live.gaps()).isEmpty();
    }

    @Test
    void aTracedEntryIsDeliveredWhenTheLastLoopHasWrittenIt() {
        List<SpanData> spans = new CopyOnWriteArrayList<>();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(new Spans(spans)))
                .build()) {
            tracing.start(provider.get("test"), 0);
            List<Peer> peers = List.of(follow(home), follow(home), follow(other));
            CountDownLatch stands = block(other);
            String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            try {
                append(1, 10);
                append(Stored.PLAIN.tracedBy(parent).encode(bytes("{\"data\":1}")));
                append(1, 10);
                await().until(() -> peers.get(0).seqs().size() == 3);
                assertThat(spans).isEmpty();
            } finally {
                stands.countDown();
            }

            await().until(() -> !spans.isEmpty());
            peers.forEach(peer -> assertHasAll(peer, 3));
            assertThat(spans).singleElement().satisfies(span -> {
                assertThat(span.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
                assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
                assertThat(span.getAttributes().get(AttributeKey.longKey("parley.seq")))
                        .isEqualTo(2);
                assertThat(span.getAttributes().get(AttributeKey.longKey("parley.followers")))
                        .isEqualTo(3);
                assertThat(span.getAttributes().get(AttributeKey.longKey("parley.recipients")))
                        .isEqualTo(3);
            });
        }
    }

    /** Keeps what it is given. */
    private record Spans(List<SpanData> all) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            all.addAll(spans);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T on(SingleThreadEventLoop loop, Callable<CompletionStage<T>> task) {
        return loop.submit(task)
                .syncUninterruptibly()
                .getNow()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private void append(int count, int size) {
        byte[] entry = Stored.PLAIN.encode(bytes("{\"data\":\"" + "x".repeat(size) + "\"}"));
        for (int i = 0; i < count; i++) {
            append(entry);
        }
    }

    private void append(byte[] entry) {
        log.append(new Append(CHANNEL, null, null, 0, 1000, ALL, entry));
    }

    private static CountDownLatch block(SingleThreadEventLoop loop) {
        CountDownLatch latch = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return latch;
    }

    private static void assertHasAll(Peer peer, int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> peer.seqs().size() >= count);
        assertThat(peer.seqs())
                .isEqualTo(LongStream.rangeClosed(1, count).boxed().toList());
    }

    /** A connection on a loop that follows the channel from where it stands. */
    private Peer follow(SingleThreadEventLoop loop) {
        Peer peer = new Peer();
        startAtHead(loop, connect(loop, peer));
        return peer;
    }

    private static void startAtHead(SingleThreadEventLoop loop, Outlet outlet) {
        on(loop, () -> outlet.follow(CHANNEL).thenAccept(follow -> follow.start(follow.head(), null)));
    }

    private Outlet connect(SingleThreadEventLoop loop, Peer peer) {
        return connect(loop, peer, new Nobody());
    }

    /** A connection on a loop. */
    private Outlet connect(SingleThreadEventLoop loop, Peer peer, MembershipListener listener) {
        CompletableFuture<Outlet> outlet = new CompletableFuture<>();
        Channel listening = new ServerBootstrap()
                .group(peers, loop)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        Socket socket = new Socket(
                                channels.fanout(loop), MEGA, new Intake(1_000_000, 1L << 40, new Exceeded()));
                        socket.handleWith(new Nobody());
                        context.pipeline().addLast(socket);
                        outlet.complete(new Outlet(socket, "c", "u", listener));
                    }
                })
                .bind(new LocalAddress(FollowersTest.class))
                .syncUninterruptibly()
                .channel();
        connections.add(new Bootstrap()
                .group(peers)
                .channel(LocalChannel.class)
                .handler(peer)
                .connect(listening.localAddress())
                .syncUninterruptibly()
                .channel());
        Outlet connected = outlet.orTimeout(60, TimeUnit.SECONDS).join();
        listening.close().syncUninterruptibly();
        return connected;
    }

    /** Notes what comes. */
    private static final class Peer extends ByteToMessageDecoder {
        private static final int CLOSE = 8;
        private static final String SEQ = "\"seq\":";

        private final List<Long> seqs = new ArrayList<>();
        private final List<String> gaps = new ArrayList<>();
        private volatile boolean open = true;

        synchronized List<Long> seqs() {
            return List.copyOf(seqs);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            open = false;
        }

        boolean isOpen() {
            return open;
        }

        synchronized List<String> gaps() {
            return List.copyOf(gaps);
        }

        private synchronized void add(String frame) {
            if (frame.startsWith("{\"type\":\"gap\"")) {
                gaps.add(frame);
            } else {
                int at = frame.indexOf(SEQ) + SEQ.length();
                seqs.add(Long.parseLong(frame, at, frame.indexOf(',', at), 10));
            }
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            int begin = in.readerIndex();
            if (in.readableBytes() < 4) {
                return;
            }
            if ((in.getByte(begin) & 0x0F) == CLOSE) {
                context.close();
                return;
            }
            int length = in.getUnsignedByte(begin + 1);
            int header = length < 126 ? 2 : 4;
            length = length < 126 ? length : in.getUnsignedShort(begin + 2);
            if (in.readableBytes() < header + length) {
                return;
            }
            add(in.toString(begin + header, Math.min(length, 200), StandardCharsets.UTF_8));
            in.skipBytes(header + length);
        }
    }
}
