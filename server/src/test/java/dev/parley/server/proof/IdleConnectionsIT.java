package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many idle connections on one instance with a heap of 256 MB: all hold through heartbeats, and what is sent to everybody reaches all.
 *
 * <p>{@code ./mvnw verify -pl server -am -Dit.test=IdleConnectionsIT -Dparley.proof.connections=10000} does it with ten thousand, for which the shell must allow
 * as many open files ({@code ulimit -n}).
 */
class IdleConnectionsIT {
    private static final int CONNECTIONS = Integer.getInteger("parley.proof.connections", 1000);
    private static final int AT_ONCE = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @RegisterExtension
    final Hub hub = new Hub(1).with("parley.heartbeat.interval", "PT4S").with("parley.heartbeat.timeout", "PT30S");

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient client =
            vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(CONNECTIONS));
    private final Semaphore connecting = new Semaphore(AT_ONCE);
    private final AtomicInteger welcomed = new AtomicInteger();
    private final Set<WebSocket> pinged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger received = new AtomicInteger();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();

    @AfterEach
    void hangUp() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void idleConnectionsHoldAndABroadcastReachesAll() throws InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < CONNECTIONS; i++) {
            assertThat(connecting.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("connections are answered")
                    .isTrue();
            connect();
        }
        await("all are welcomed", welcomed::get);
        long connected = System.nanoTime();
        await("all are looked after", pinged::size);

        long sent = System.nanoTime();
        broadcast("first");
        await("the first broadcast arrives everywhere", received::get);
        long arrived = System.nanoTime();
        received.set(0);
        broadcast("second");
        await("the second broadcast arrives everywhere", received::get);

        assertThat(troubles).isEmpty();
        System.out.printf(
                "%d idle connections: opened in %d ms, a broadcast reached all in %d ms; %s%n",
                CONNECTIONS,
                TimeUnit.NANOSECONDS.toMillis(connected - begin),
                TimeUnit.NANOSECONDS.toMillis(arrived - sent),
                hub.server(0).memory());
    }

    private void connect() {
        ServerProcess server = hub.server(0);
        WebSocketConnectOptions to = new WebSocketConnectOptions()
                .setHost(server.uri().getHost())
                .setPort(server.uri().getPort())
                .setURI("/v1/connect")
                .addSubProtocol("parley.v1.json");
        client.connect(to)
                .onFailure(failure -> troubles.add(failure.toString()))
                .onSuccess(socket -> {
                    socket.textMessageHandler(text -> text.lines().forEach(line -> take(socket, new JsonObject(line))));
                    socket.closeHandler(closed -> troubles.add("closed with " + socket.closeStatusCode()));
                    socket.writeTextMessage(
                            new JsonObject().put("type", "hello").put("id", 1).encode());
                });
    }

    private void take(WebSocket socket, JsonObject frame) {
        switch (frame.getString("type")) {
            case "welcome" -> {
                welcomed.incrementAndGet();
                connecting.release();
            }
            case "ping" -> {
                pinged.add(socket);
                socket.writeTextMessage(new JsonObject().put("type", "pong").encode());
            }
            case "message" -> received.incrementAndGet();
            default -> troubles.add(frame.encode());
        }
    }

    private void broadcast(String text) {
        JsonObject message = new JsonObject().put("to", To.all()).put("data", text);
        assertThat(hub.server(0).post("/v1/messages", message, Map.of()).status())
                .isEqualTo(202);
    }

    private void await(String what, IntSupplier count) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .failFast(() -> assertThat(troubles).isEmpty())
                .until(() -> count.getAsInt() == CONNECTIONS);
    }
}
