package dev.parley.client;

import dev.parley.client.ParleyException.Kind;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.CloseReason;
import dev.parley.protocol.CloseReason.Reconnect;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.json.FrameLines;
import dev.parley.protocol.json.FrameReader;
import dev.parley.protocol.json.FrameWriter;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Brings connections about, one after the other, and watches over each. Belongs to the loop.
 *
 * <pre>
 *   IDLE ──connect──▶ OPENING ──socket open──▶ GREETING ──welcome──▶ LIVE
 *                      ▲  │                       │                   │
 *                   delay └───────── down ────────┴─────── down ──────┘
 *                      │                      │
 *                   WAITING ◀── come back ────┴── stay away ──▶ IDLE
 * </pre>
 *
 * What is done when a connection goes down is told by its close code ({@link CloseReason}). Everything in flight is the {@link Conversation}'s.
 */
final class Link implements Wire.Events {
    private final Settings settings;
    private final Loop loop;
    private final Deliveries deliveries;
    private final Conversation conversation;
    private final Credentials credentials;
    private final Backoff backoff;
    private final FrameReader reader;
    private final List<CompletableFuture<ServerFrame.Welcome>> connecting = new ArrayList<>();

    private Phase phase = Phase.IDLE;
    private Wire wire;
    private ServerFrame.Welcome welcome;
    private String token;
    private int attempt;
    private Loop.Timer timer = Loop.Timer.NONE;
    private ServerFrame.Error greetingError;
    private Duration named;
    private long liveSince;
    private long heardAt;
    private boolean readingPaused;

    private enum Phase {
        IDLE,
        OPENING,
        GREETING,
        LIVE,
        WAITING
    }

    Link(Settings settings, Loop loop, Deliveries deliveries, Conversation conversation) {
        this.settings = settings;
        this.loop = loop;
        this.deliveries = deliveries;
        this.conversation = conversation;
        this.credentials = new Credentials(loop, settings.token(), settings.tokens());
        this.backoff = settings.backoff();
        this.reader = new FrameReader(settings.maxIncoming());
    }

    /** Connects, unless that is done or under way. */
    void connect(CompletableFuture<ServerFrame.Welcome> answer) {
        if (phase == Phase.LIVE) {
            Answers.succeed(answer, welcome);
            return;
        }
        connecting.add(answer);
        if (phase == Phase.IDLE) {
            attempt = 0;
            backoff.reset();
            dial();
        }
    }

    /** Ends the connection in an orderly way and stays away. */
    void close(Runnable whenClosed) {
        Wire closing = wire;
        wire = null;
        stop(ParleyException.closed());
        if (closing == null) {
            whenClosed.run();
        } else {
            closing.close(1000, whenClosed);
        }
    }

    private void dial() {
        phase = Phase.OPENING;
        attempt++;
        state(new ConnectionState.Connecting(attempt));
        Wire dialled = new Wire(loop, this, settings.maxIncoming());
        wire = dialled;
        Duration timeout = settings.requestTimeout();
        timer = loop.after(timeout, () -> {
            String text = "no welcome from " + settings.url() + " within " + timeout.toMillis() + " ms";
            down(Reconnect.JITTER, unreachable(text, null));
        });
        credentials.forHello().whenComplete((forHello, failure) -> {
            if (wire != dialled) {
                return;
            }
            if (failure != null) {
                down(Reconnect.JITTER, unreachable("no token: " + Reasons.of(failure), failure));
            } else {
                token = forHello;
                dialled.open(settings.http(), settings.url(), timeout);
            }
        });
    }

    @Override
    public void open() {
        phase = Phase.GREETING;
        wire.write(FrameWriter.write(
                new ClientFrame.Hello(conversation.freshId(), token, settings.program(), conversation.resume())));
    }

    @Override
    public void text(String message) {
        Wire from = wire;
        heardAt = System.nanoTime();
        byte[] utf8 = message.getBytes(StandardCharsets.UTF_8);
        FrameLines.forEach(utf8, 0, utf8.length, this::line);
        if (from != wire) {
            return;
        }
        if (!deliveries.full()) {
            from.more();
            return;
        }
        readingPaused = true;
        deliveries.whenDrained(() -> loop.execute(() -> {
            if (from == wire) {
                readingPaused = false;
                heardAt = System.nanoTime();
                from.more();
            }
        }));
    }

    private void line(byte[] utf8, int offset, int length) {
        if (wire == null) {
            return; // a line before this one ended the connection
        }
        try {
            frame(reader.readServer(utf8, offset, length));
        } catch (ProtocolException e) {
            if (e.code() != ErrorCode.UNKNOWN_TYPE) { // a newer server may say more than this client understands
                conversation.violation(null, null, null, "a frame that cannot be read: " + e.detail());
            }
        }
    }

    private void frame(ServerFrame frame) {
        if (frame instanceof ServerFrame.Ping) {
            Conversation.pong(wire);
        } else if (phase == Phase.GREETING) {
            greeted(frame);
        } else if (frame instanceof ServerFrame.Draining draining) {
            named = Duration.ofMillis(draining.reconnectAfter());
        } else if (frame instanceof ServerFrame.Expiring) {
            refresh();
        } else {
            conversation.frame(frame);
        }
    }

    private void greeted(ServerFrame frame) {
        if (frame instanceof ServerFrame.Error error) {
            greetingError = error; // the close frame that follows tells what to do
        } else if (frame instanceof ServerFrame.Welcome hello) {
            live(hello);
        } else {
            conversation.violation(null, null, null, "a frame before the welcome");
        }
    }

    private void live(ServerFrame.Welcome hello) {
        phase = Phase.LIVE;
        welcome = hello;
        attempt = 0;
        greetingError = null;
        liveSince = heardAt;
        timer.cancel();
        credentials.welcomed(hello.token());
        state(new ConnectionState.Connected(hello));
        conversation.welcomed(hello, wire);
        watch(Duration.ofMillis(hello.heartbeat().interval() + hello.heartbeat().timeout()));
        connecting.forEach(answer -> Answers.succeed(answer, hello));
        connecting.clear();
    }

    /** The server is silent for at most its interval, so a longer silence means that it, or the way to it, is gone. */
    private void watch(Duration patience) {
        Duration silence = Duration.ofNanos(System.nanoTime() - heardAt);
        if (readingPaused) {
            timer = loop.after(patience, () -> watch(patience)); // it is us who do not listen
        } else if (silence.compareTo(patience) < 0) {
            timer = loop.after(patience.minus(silence), () -> watch(patience));
        } else {
            String text = "no sign of life for " + silence.toMillis() + " ms";
            down(Reconnect.JITTER, unreachable(text, null));
        }
    }

    private void refresh() {
        if (!credentials.renewable()) {
            return; // the server will close the connection, and that is answered then
        }
        Wire asked = wire;
        credentials.renew().whenComplete((fresh, failure) -> {
            if (failure == null && wire == asked && phase == Phase.LIVE) {
                conversation.request(
                        id -> new ClientFrame.Refresh(id, fresh),
                        result -> {
                            credentials.welcomed(null);
                            return result;
                        },
                        new CompletableFuture<>());
            }
        });
    }

    @Override
    public void down(Wire.Down how) {
        if (how instanceof Wire.Down.Closed closed) {
            Reconnect advice = CloseReason.reconnectAfter(closed.code());
            down(advice, greetingError != null ? ParleyException.refused(greetingError) : closed(advice, closed));
        } else if (how instanceof Wire.Down.NotOpened failed) {
            if (failed.cause() instanceof WebSocketHandshakeException refused) {
                notUpgraded(refused);
            } else {
                String text = "cannot connect to " + settings.url() + ": " + Reasons.of(failed.cause());
                down(Reconnect.JITTER, unreachable(text, failed.cause()));
            }
        } else if (how instanceof Wire.Down.Broken broken) {
            down(Reconnect.JITTER, unreachable("the connection broke: " + Reasons.of(broken.cause()), broken.cause()));
        } else {
            String text = "more than " + settings.maxIncoming() + " characters in one message";
            down(Reconnect.PAUSE, unreachable(text, null));
        }
    }

    private static ParleyException closed(Reconnect advice, Wire.Down.Closed closed) {
        String reason = closed.reason().isEmpty() ? "" : " " + closed.reason();
        Kind kind = advice == Reconnect.NEVER || advice == Reconnect.NEW_TOKEN ? Kind.REFUSED : Kind.UNREACHABLE;
        return new ParleyException(kind, "closed by the server: " + closed.code() + reason);
    }

    private void notUpgraded(WebSocketHandshakeException refused) {
        int status = refused.getResponse() == null ? 0 : refused.getResponse().statusCode();
        String text = settings.url() + " answers " + status + " in place of a WebSocket";
        switch (status) {
            case 401 -> down(Reconnect.NEW_TOKEN, ParleyException.refused(ErrorCode.UNAUTHENTICATED, text));
            case 403 -> down(Reconnect.NEVER, ParleyException.refused(ErrorCode.FORBIDDEN, text));
            default -> down(Reconnect.JITTER, unreachable(text, refused));
        }
    }

    private static ParleyException unreachable(String text, Throwable cause) {
        return new ParleyException(Kind.UNREACHABLE, text, cause);
    }

    private void down(Reconnect advice, ParleyException cause) {
        boolean wasLive = phase == Phase.LIVE;
        if (wasLive && System.nanoTime() - liveSince > backoff.longest().toNanos()) {
            backoff.reset(); // not at each welcome: a server that welcomes and drops would be stormed
        }
        Duration byServer = named;
        release();
        switch (advice) {
            case NEVER -> stop(cause);
            case NEW_TOKEN -> {
                if (credentials.refused()) {
                    comeBack(backoff.next(), cause);
                } else {
                    stop(cause);
                }
            }
            case AT_ONCE -> comeBack(wasLive ? Duration.ZERO : backoff.next(), cause);
            case PAUSE -> comeBack(backoff.longest(), cause);
            case JITTER -> comeBack(byServer != null ? byServer : backoff.next(), cause);
        }
    }

    private void comeBack(Duration delay, ParleyException cause) {
        phase = Phase.WAITING;
        state(new ConnectionState.Waiting(delay, cause));
        timer = loop.after(delay, this::dial);
    }

    private void stop(ParleyException cause) {
        boolean wasIdle = phase == Phase.IDLE;
        release();
        phase = Phase.IDLE;
        conversation.stopped(cause);
        if (!wasIdle) {
            state(new ConnectionState.Stopped(cause));
        }
        connecting.forEach(answer -> Answers.fail(answer, cause));
        connecting.clear();
    }

    private void release() {
        timer.cancel();
        if (wire != null) {
            wire.abandon();
            wire = null;
        }
        conversation.lost();
        greetingError = null;
        named = null;
        readingPaused = false;
    }

    private void state(ConnectionState state) {
        deliveries.deliver(() -> settings.listener().onState(state));
    }
}
