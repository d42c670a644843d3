package dev.parley.server.gateway;

import dev.parley.protocol.CloseReason;
import dev.parley.protocol.ServerFrame;
import dev.parley.server.cluster.Drain;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.delivery.Takeover;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Leads the instance out on SIGTERM: unready at once, a pause in which load balancers notice, then connections are told {@code draining} and closed with 1012,
 * spread over a window so that they do not arrive elsewhere all at once, and in the end a moment for the last of them to answer. Runs on the thread that ends
 * the process, which may block, before Quarkus stops anything: when the HTTP server is stopped, Vert.x closes every socket at once.
 *
 * <p>Every wait is bounded, so with pause and window as they are by default the process is gone within 25 seconds, whatever its clients and Redis do.
 */
@Singleton
final class Leaving {
    private static final Logger LOG = Logger.getLogger(Leaving.class);
    private static final int TICK_MILLIS = 50;

    /** A few connections need no window: so many a second are sent away at least. */
    private static final int SLOWEST_PER_SECOND = 100;

    private static final int RECONNECT_WITHIN_MILLIS = 1000;

    /** As long as a socket waits for its peer's close frame, and a call of the API for the log. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Sessions sessions;
    private final Takeover sockets;
    private final Calls calls;
    private final Drain drain;
    private final long pause;
    private final long window;
    private volatile boolean closing;

    Leaving(Sessions sessions, Takeover sockets, Calls calls, Drain drain, ParleyConfig config) {
        this.sessions = sessions;
        this.sockets = sockets;
        this.calls = calls;
        this.drain = drain;
        this.pause = config.drain().pause().toMillis();
        this.window = config.drain().window().toMillis();
    }

    /** Whether new connections are refused by now. Any thread. */
    boolean isClosing() {
        return closing;
    }

    void leave(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        long began = System.nanoTime();
        drain.begin();
        int connections = sessions.count();
        if (connections > 0 || calls.any()) {
            LOG.infof("Draining %d connections", connections);
            TimeUnit.MILLISECONDS.sleep(pause);
        }
        closing = true;
        sendAwayInTurn();
        // Who was let in when the others were counted goes at once.
        sessions.all().forEach(Leaving::sendAway);
        await(() -> sockets.open() == 0 && calls.underWay() == 0);
        if (connections > 0) {
            LOG.infof("Drained in %d ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        }
    }

    /** By the clock and not by the tick, so that a busy machine makes the steps larger and the window no longer. */
    private void sendAwayInTurn() throws InterruptedException {
        List<Session> leaving = new ArrayList<>(sessions.all());
        Collections.shuffle(leaving);
        long time = TimeUnit.MILLISECONDS.toNanos(Math.min(window, leaving.size() * 1000L / SLOWEST_PER_SECOND));
        long begin = System.nanoTime();
        int gone = 0;
        while (gone < leaving.size()) {
            long past = System.nanoTime() - begin;
            long due = past >= time ? leaving.size() : leaving.size() * past / time;
            while (gone < due) {
                sendAway(leaving.get(gone++));
            }
            if (gone < leaving.size()) {
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            }
        }
    }

    /** A socket that is closed over what its peer still sends is reset, and the close frame is lost with it: so peers get time to answer. */
    private static void await(BooleanSupplier done) throws InterruptedException {
        long until = System.nanoTime() + LAST_WORDS.toNanos();
        while (!done.getAsBoolean() && System.nanoTime() - until < 0) {
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        }
    }

    private static void sendAway(Session session) {
        long reconnectAfter = ThreadLocalRandom.current().nextInt(RECONNECT_WITHIN_MILLIS);
        session.socket.loop().execute(() -> {
            // Before its welcome a client expects nothing but that or a refusal.
            if (session.state() == Session.State.OPEN) {
                session.write(new ServerFrame.Draining(reconnectAfter));
            }
            session.socket.close(CloseReason.DRAINING);
        });
    }
}
