package dev.parley.server.observe;

import dev.parley.server.cluster.Drain;
import dev.parley.server.cluster.Leases;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while new connections are welcome: not on the way out, and Redis, where there is one, brings what is rung. Called on a worker thread. */
@Readiness
@Singleton
final class Ready implements HealthCheck {
    private final Leases leases;
    private final Drain drain;
    private final RedisCare redis;

    Ready(Leases leases, Drain drain, RedisCare redis) {
        this.leases = leases;
        this.drain = drain;
        this.redis = redis;
    }

    @Override
    public HealthCheckResponse call() {
        boolean reachable = leases.reachable();
        boolean draining = drain.draining();
        return HealthCheckResponse.named("connections are welcome")
                .status(reachable && !draining)
                .withData("log reachable", reachable)
                .withData("draining", draining)
                // No reason to turn anybody away, but one to be told.
                .withData("redis keeps what it is given", !redis.evicts())
                .build();
    }
}
