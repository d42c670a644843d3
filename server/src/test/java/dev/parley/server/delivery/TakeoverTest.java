package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
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
 * What {@link Takeover} takes for granted about Vert.x, looked up on a real connection. When this fails after an upgrade of Quarkus, its handlers have other
 * names or another order now: {@code Takeover} is the one place to follow.
 */
class TakeoverTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aWebSocketsFramesPassTheHandlerBeforeWhichTheyAreTaken() throws Exception {
        List<String> names = pipelineAfterTheHandshake();

        assertThat(names).as("the pipeline's handlers").contains(Takeover.VERTX_HANDLER);
        assertThat(names.indexOf(Takeover.VERTX_HANDLER))
                .as("behind the WebSocket's decoder and encoder in %s", names)
                .isGreaterThan(lastOf(names, "decoder"))
                .isGreaterThan(lastOf(names, "encoder"));
    }

    private static int lastOf(List<String> names, String part) {
        int last = -1;
        for (int i = 0; i < names.size(); i++) {
            last = names.get(i).contains(part) ? i : last;
        }
        assertThat(last).as("a handler called …%s… in %s", part, names).isNotNegative();
        return last;
    }

    private List<String> pipelineAfterTheHandshake() throws Exception {
        CompletableFuture<List<String>> names = new CompletableFuture<>();
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    var context = ((ConnectionBase) request.connection()).channelHandlerContext();
                    assertThat(context.handler()).isInstanceOf(VertxHandler.class);
                    request.toWebSocket()
                            .onSuccess(socket -> names.complete(
                                    List.copyOf(context.pipeline().names())))
                            .onFailure(names::completeExceptionally);
                })
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        URI uri = URI.create("ws://localhost:" + server.actualPort() + "/");
        WebSocket client = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(uri, new WebSocket.Listener() {})
                .get(10, TimeUnit.SECONDS);
        client.abort();
        return names.get(10, TimeUnit.SECONDS);
    }
}
