package dev.parley.server.gateway;

import dev.parley.protocol.CloseReason;
import dev.parley.protocol.ServerFrame;
import dev.parley.server.cluster.Drain;
import dev.parley.server.config.ParleyConfig;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Leads the instance out on SIGTERM: unready at once, a pause in which load balancers notice, then connections are told {@code draining} and closed with 1012,
 * spread over a window so that they do not arrive elsewhere all at once. Runs on the shutdown thread, which may block, before Quarkus stops anything: when the
 * HTTP server is stopped, Vert.x closes every socket at once.
 */
@Singleton
final class Leaving {
    private static final Logger LOG = Logger.getLogger(Leaving.class);
    private static final int TICK_MILLIS = 50;

    /** A few connections need no window: so many a second are sent away at least. */
    private static final int SLOWEST_PER_SECOND = 200;

    private static final int RECONNECT_WITHIN_MILLIS = 1000;
    private static final int LAST_WORDS_MILLIS = 500;

    private final Sessions sessions;
    private final Drain drain;
    private final long pause;
    private final long window;
    private volatile boolean closing;

    Leaving(Sessions sessions, Drain drain, ParleyConfig config) {
        this.sessions = sessions;
        this.drain = drain;
        this.pause = config.drain().pause().toMillis();
        this.window = config.drain().window().toMillis();
    }

    /** Whether new connections are refused by now. Any thread. */
    boolean isClosing() {
        return closing;
    }

    void leave(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        drain.begin();
        if (sessions.count() > 0) {
            LOG.infof("draining %d connections", sessions.count());
            TimeUnit.MILLISECONDS.sleep(pause);
        }
        closing = true;
        List<Session> leaving = new ArrayList<>(sessions.open());
        Collections.shuffle(leaving);
        long time = Math.min(window, leaving.size() * 1000L / SLOWEST_PER_SECOND);
        int perTick = (int) Math.max(1, leaving.size() * TICK_MILLIS / Math.max(time, 1));
        for (int i = 0; i < leaving.size(); i++) {
            sendAway(leaving.get(i));
            if (i % perTick == perTick - 1) {
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            }
        }
        for (int waited = 0; sessions.count() > 0 && waited < LAST_WORDS_MILLIS; waited += TICK_MILLIS) {
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        }
    }

    private static void sendAway(Session session) {
        long reconnectAfter = ThreadLocalRandom.current().nextInt(RECONNECT_WITHIN_MILLIS);
        session.socket.loop().execute(() -> {
            session.write(new ServerFrame.Draining(reconnectAfter));
            session.socket.close(CloseReason.DRAINING);
        });
    }
}
