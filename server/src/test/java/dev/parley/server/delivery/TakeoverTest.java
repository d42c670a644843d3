package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.VertxHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link Takeover} takes for granted about Vert.x, looked up on a real connection. When this fails after an upgrade of Quarkus, it keeps its connections in
 * another way now: {@code Takeover} is the one place to follow.
 */
class TakeoverTest {
    private static final int PATIENCE = 30;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aConnectionThatIsSaidToHaveEndedAndItsHandlersCanBeTakenAway() throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        CompletableFuture<List<String>> handlers = new CompletableFuture<>();
        CompletableFuture<String> heard = new CompletableFuture<>();
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(60))
                .requestHandler(request -> {
                    ConnectionBase connection = (ConnectionBase) request.connection();
                    ChannelHandlerContext context = connection.channelHandlerContext();
                    assertThat(context.handler()).isInstanceOf(VertxHandler.class);
                    connection.closeFuture().onComplete(done -> ended.complete(null));
                    request.toWebSocket().onSuccess(socket -> {
                        Takeover.takeOver(context, hearing(heard));
                        handlers.complete(List.copyOf(context.pipeline().names()));
                    });
                })
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE, TimeUnit.SECONDS);
        WebSocket client = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + server.actualPort() + "/"), new WebSocket.Listener() {})
                .get(PATIENCE, TimeUnit.SECONDS);

        ended.get(PATIENCE, TimeUnit.SECONDS);
        assertThat(handlers.get(PATIENCE, TimeUnit.SECONDS)).hasSize(2).first().isEqualTo(Takeover.NAME);
        client.sendText("hello", true);
        assertThat(heard.get(PATIENCE, TimeUnit.SECONDS)).isEqualTo("bytes");
        client.abort();
    }

    private static ChannelHandler hearing(CompletableFuture<String> heard) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                heard.complete(
                        message instanceof ByteBuf
                                ? "bytes"
                                : message.getClass().getName());
                ReferenceCountUtil.release(message);
            }
        };
    }
}
