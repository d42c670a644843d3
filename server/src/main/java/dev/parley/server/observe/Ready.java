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

    Ready(Leases leases, Drain drain) {
        this.leases = leases;
        this.drain = drain;
    }

    @Override
    public HealthCheckResponse call() {
        boolean reachable = leases.reachable();
        boolean draining = drain.draining();
        return HealthCheckResponse.named("connections are welcome")
                .status(reachable && !draining)
                .withData("log reachable", reachable)
                .withData("draining", draining)
                .build();
    }
}
