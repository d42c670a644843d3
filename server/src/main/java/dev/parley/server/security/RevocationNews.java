package dev.parley.server.security;

import dev.parley.server.cluster.Cluster;
import dev.parley.server.cluster.LocalConnections;
import dev.parley.server.redis.RedisLink;
import io.quarkus.runtime.Startup;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Brings revocations to the connections that are open, wherever. All instances are told at once; and each looks every {@value #PERIOD_MILLIS} milliseconds, with
 * one command, for those that it was not told of, because it was cut off from Redis or the news was lost. Runs on a Vert.x loop.
 */
@Startup
@Singleton
public final class RevocationNews {
    private static final Logger LOG = Logger.getLogger(RevocationNews.class);
    private static final int PERIOD_MILLIS = 1000;

    private final Cluster cluster;
    private final TokenStore store;
    private final Supplier<LocalConnections> local;
    private final Vertx vertx;
    private final Long timer;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile String place;

    /** The sockets are looked up late, since their holder itself verifies tokens. */
    @Inject
    RevocationNews(Cluster cluster, TokenStore store, Instance<LocalConnections> local, RedisLink redis, Vertx vertx) {
        this.cluster = cluster;
        this.store = store;
        this.local = local::get;
        this.vertx = vertx;
        this.timer = redis.configured() ? vertx.setPeriodic(PERIOD_MILLIS, id -> look()) : null;
        if (timer != null) {
            look();
        }
    }

    @PreDestroy
    void stop() {
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    /** Tells all instances. Never fails: who is not reached looks for it. */
    CompletionStage<Void> tell(Revocation revocation) {
        return cluster.revoke(revocation.user(), revocation.tokenId(), revocation.at())
                .handle((closed, failure) -> {
                    if (failure != null) {
                        LOG.infof("A revocation was not heard by all instances; those will look for it");
                    }
                    return null;
                });
    }

    private void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        store.since(place).whenComplete((told, failure) -> {
            if (failure == null) {
                told.revocations().forEach(each -> local.get().revoke(each.user(), each.tokenId(), each.at()));
                place = told.upTo();
            }
            looking.set(false);
        });
    }
}
