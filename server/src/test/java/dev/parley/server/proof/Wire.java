package dev.parley.server.proof;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** One WebSocket of a {@link RawClient}: JSON objects in and out. Callbacks come on threads of the HTTP client, one at a time. */
final class Wire implements WebSocket.Listener {
    static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    static final int BROKEN = 1006;

    private final Consumer<String> lines;
    private final IntConsumer end;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final StringBuilder partial = new StringBuilder();
    private CompletableFuture<WebSocket> writing;
    private boolean reading = true;
    private WebSocket waiting;

    /**
     * Opens a socket.
     *
     * @param lines called for every JSON object that comes
     * @param end called once with the code with which the socket was closed, 1006 for none
     */
    Wire(URI server, Consumer<String> lines, IntConsumer end) {
        this.lines = lines;
        this.end = end;
        this.writing = HTTP.newWebSocketBuilder()
                .subprotocols("parley.v1.json")
                .connectTimeout(Duration.ofSeconds(10))
                .buildAsync(URI.create("ws" + server.toString().substring("http".length()) + "/v1/connect"), this);
        writing.whenComplete((socket, failure) -> {
            if (failure != null) {
                ended(BROKEN);
            }
        });
    }

    /** Writes after everything written before; on a broken socket it is lost. */
    synchronized void write(JsonObject frame) {
        String text = frame.encode();
        writing = writing.thenCompose(socket -> socket.sendText(text, true));
    }

    /** Drops the connection as a lost network does: without a word. */
    void drop() {
        synchronized (this) {
            writing.thenAccept(WebSocket::abort);
        }
        ended(BROKEN);
    }

    /** Reads no more, so that the server's bytes pile up on their way; or reads on. */
    synchronized void read(boolean on) {
        reading = on;
        if (on && waiting != null) {
            waiting.request(1);
            waiting = null;
        }
    }

    private synchronized void readOn(WebSocket socket) {
        if (reading) {
            socket.request(1);
        } else {
            waiting = socket;
        }
    }

    /** Closes in order. */
    synchronized void close() {
        writing = writing.thenCompose(socket -> socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
        partial.append(text);
        if (last) {
            String frame = partial.toString();
            partial.setLength(0);
            frame.lines().filter(line -> !line.isEmpty()).forEach(lines);
        }
        readOn(socket);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        throw new IllegalStateException("the server sends no binary frames");
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        ended(code);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
        ended(BROKEN);
    }

    private void ended(int code) {
        if (ended.compareAndSet(false, true)) {
            end.accept(code);
        }
    }
}
