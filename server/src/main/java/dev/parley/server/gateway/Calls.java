package dev.parley.server.gateway;

import dev.parley.server.cluster.Drain;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the calls of the HTTP API that are under way, so that a shutdown can wait for their answers. Once it has begun, each answer asks the caller to come on
 * another connection next time, which a load balancer takes elsewhere. Any event loop; read by {@link Leaving}.
 */
@Singleton
final class Calls {
    private final Drain drain;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean any;

    Calls(Drain drain) {
        this.drain = drain;
    }

    void register(@Observes Router router) {
        router.route("/v1/*").order(Integer.MIN_VALUE).handler(this::count);
    }

    /** Calls that have no complete answer yet. */
    int underWay() {
        return underWay.get();
    }

    /** Whether there has been any. */
    boolean any() {
        return any;
    }

    private void count(RoutingContext context) {
        String path = context.normalizedPath();
        if (!path.equals(ConnectRoute.PATH) && !path.equals(StreamRoute.PATH)) {
            any = true;
            underWay.incrementAndGet();
            context.addEndHandler(ended -> underWay.decrementAndGet());
            if (drain.draining()) {
                context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        }
        context.next();
    }
}
