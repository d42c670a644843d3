package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.log.memory.MemoryChannelLog;
import dev.parley.server.trace.Tracing;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of one event loop, some of whose answers fail. */
class EventStreamTest {
    private static final byte[] FRAME = "{\"type\":\"expiring\",\"in\":1}".getBytes(StandardCharsets.US_ASCII);

    private final Vertx vertx = Vertx.vertx();
    private final LiveChannels channels =
            new LiveChannels(new MemoryChannelLog(1 << 20), new Counters(), new Tracing(), vertx);
    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    private final SingleThreadEventLoop loop = (SingleThreadEventLoop) loops.next();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final AtomicInteger gone = new AtomicInteger();

    @AfterEach
    void stop() {
        channels.stop();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void oneThatCannotBeFlushedIsGoneAndTheOthersAreFlushedNowAndLater() {
        EventStream before = stream(written());
        EventStream failing = stream(() -> {
            throw new IllegalStateException("the test's own");
        });
        EventStream after = stream(written());

        write(before, failing, after);
        await().until(() -> written.size() == 2);
        write(before, after);
        await().until(() -> written.size() == 4);

        assertThat(gone).hasValue(1);
        assertThat(failing.isClosing()).isTrue();
    }

    /** All in one turn of the loop. */
    private void write(EventStream... streams) {
        loop.execute(() -> List.of(streams).forEach(stream -> stream.write(FRAME)));
    }

    private Runnable written() {
        return () -> written.add("written");
    }

    private EventStream stream(Runnable onWrite) {
        HttpServerResponse response = fluent(HttpServerResponse.class, onWrite);
        HttpServerRequest request = (HttpServerRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, arguments) -> method.getName().equals("response") ? response : proxy);
        EventStream stream = new EventStream(channels.fanout(loop), request, 1 << 20, gone::incrementAndGet);
        stream.handleWith(new Nobody());
        return stream;
    }

    /** Something of Vert.x whose methods give itself, but for what is written to it. */
    private <T> T fluent(Class<T> type, Runnable onWrite) {
        return type.cast(Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("write") && arguments[0] instanceof Buffer) {
                        onWrite.run();
                    }
                    return method.getReturnType().isInstance(proxy)
                            ? proxy
                            : method.getReturnType() == boolean.class ? false : Future.succeededFuture();
                }));
    }
}
