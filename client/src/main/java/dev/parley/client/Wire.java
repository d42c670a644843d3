package dev.parley.client;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * One WebSocket. Its public methods are called by the JDK, on its threads, one after the other; they put text together and hand whole messages to the loop.
 * All others belong to the loop. One message at a time is asked for, so what the loop does not take stays in the socket.
 */
final class Wire implements WebSocket.Listener {
    private static final String SUBPROTOCOL = "parley.v1.json";
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);

    private final Loop loop;
    private final Events events;
    private final int maxIncoming;
    private final StringBuilder text = new StringBuilder();

    private final ArrayDeque<byte[]> outgoing = new ArrayDeque<>();
    private WebSocket socket;
    private boolean writing;
    private boolean abandoned;
    private Runnable whenClosed;
    private int maxFrame = 64 * 1024;

    /** What happens on a wire, told on the loop. After {@link #down}, and after the wire is closed or abandoned by its owner, nothing more is told. */
    interface Events {
        void open();

        /** A whole text message; the next one comes after {@link Wire#more}. */
        void text(String message);

        /** The server closed it, or it broke. */
        void down(Down down);
    }

    /** How a wire came to its end. */
    sealed interface Down {
        /** It was never open. */
        record NotOpened(Throwable cause) implements Down {}

        /** A close frame came. */
        record Closed(int code, String reason) implements Down {}

        /** It broke without one. */
        record Broken(Throwable cause) implements Down {}

        /** The server sent more at once than the client takes. */
        record TooLarge() implements Down {}
    }

    Wire(Loop loop, Events events, int maxIncoming) {
        this.loop = loop;
        this.events = events;
        this.maxIncoming = maxIncoming;
    }

    /** Connects. {@link Events#open} or {@link Events#down} follows. */
    void open(HttpClient http, URI url, Duration timeout) {
        http.newWebSocketBuilder()
                .subprotocols(SUBPROTOCOL)
                .connectTimeout(timeout)
                .buildAsync(url, this)
                .whenComplete((opened, failure) -> {
                    if (failure != null) {
                        tellDown(new Down.NotOpened(unwrapped(failure)));
                    }
                });
    }

    /** The largest message that may be sent, in bytes; frames are gathered up to it. */
    void limitFrames(int bytes) {
        maxFrame = bytes;
    }

    /** Sends a frame, together with others where the socket is busy. */
    void write(byte[] frame) {
        outgoing.add(frame);
        flush();
    }

    /** Asks for the next message. */
    void more() {
        if (socket != null && !abandoned) {
            socket.request(1);
        }
    }

    /** Closes it in an orderly way; gives up waiting for the server's part after a second. Nothing more is told. */
    void close(int code, Runnable whenClosed) {
        if (socket == null || abandoned) {
            abandon();
            whenClosed.run();
            return;
        }
        abandoned = true;
        this.whenClosed = whenClosed;
        socket.request(Long.MAX_VALUE);
        socket.sendClose(code, "").whenComplete((sent, failure) -> {
            if (failure != null) {
                loop.execute(this::closed);
            }
        });
        loop.after(CLOSE_WAIT, this::closed);
    }

    private void closed() {
        if (whenClosed != null) {
            Runnable told = whenClosed;
            whenClosed = null;
            socket.abort();
            told.run();
        }
    }

    /** Drops it without a word. Nothing more is told. */
    void abandon() {
        abandoned = true;
        outgoing.clear();
        if (socket != null) {
            socket.abort();
        }
    }

    private void flush() {
        if (writing || socket == null || abandoned || outgoing.isEmpty()) {
            return;
        }
        writing = true;
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(outgoing.remove());
        while (!outgoing.isEmpty() && message.size() + 1 + outgoing.peek().length <= maxFrame) {
            message.write('\n');
            message.writeBytes(outgoing.remove());
        }
        socket.sendText(message.toString(StandardCharsets.UTF_8), true)
                .whenComplete((sent, failure) -> loop.execute(() -> {
                    writing = false;
                    if (failure == null) {
                        flush();
                    } // else the reading side tells how it ended
                }));
    }

    private void tellDown(Down down) {
        loop.execute(() -> {
            if (!abandoned) {
                abandon();
                events.down(down);
            } else {
                closed();
            }
        });
    }

    @Override
    public void onOpen(WebSocket opened) {
        loop.execute(() -> {
            socket = opened;
            if (abandoned) {
                opened.abort();
                return;
            }
            events.open();
            more();
        });
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        if (text.length() + part.length() > maxIncoming) {
            text.setLength(0);
            tellDown(new Down.TooLarge());
            return null;
        }
        text.append(part);
        if (!last) {
            from.request(1);
            return null;
        }
        String message = text.toString();
        text.setLength(0);
        loop.execute(() -> {
            if (!abandoned) {
                events.text(message);
            }
        });
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        tellDown(new Down.Closed(code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable cause) {
        tellDown(new Down.Broken(cause));
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
