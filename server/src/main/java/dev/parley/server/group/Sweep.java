package dev.parley.server.group;

import io.quarkus.runtime.Startup;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Looks every {@value #PERIOD_MILLIS} milliseconds for changes of membership that were left half-way, by an instance that died or had no log to tell of them,
 * and makes them to their end. Every instance does so, with one command when there are none. Runs on a Vert.x loop.
 */
@Startup
@Singleton
final class Sweep {
    private static final Logger LOG = Logger.getLogger(Sweep.class);
    private static final int PERIOD_MILLIS = 10_000;

    /** Over twice the time that a step may take: by then whoever began a change is not at it any more. */
    private static final Duration AGE = Duration.ofSeconds(20);

    private static final int AT_ONCE = 100;

    private final Groups groups;
    private final Vertx vertx;
    private final long timer;
    private final AtomicBoolean sweeping = new AtomicBoolean();

    Sweep(Groups groups, Vertx vertx) {
        this.groups = groups;
        this.vertx = vertx;
        int period = PERIOD_MILLIS * 3 / 4 + ThreadLocalRandom.current().nextInt(PERIOD_MILLIS / 2);
        this.timer = vertx.setPeriodic(period, id -> sweep());
    }

    @PreDestroy
    void stop() {
        vertx.cancelTimer(timer);
    }

    private void sweep() {
        if (!sweeping.compareAndSet(false, true)) {
            return;
        }
        groups.mend(AGE, AT_ONCE).whenComplete((mended, failure) -> {
            sweeping.set(false);
            if (failure == null && mended > 0) {
                LOG.infof("Finished %d changes of membership that were left half-way", mended);
            }
        });
    }
}
