package dev.parley.server.observe;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive while the event loops turn: whatever is wrong outside this process, a new one would not be better off. Called on a worker thread. */
@Liveness
@Singleton
final class Live implements HealthCheck {
    private final Pulse pulse;

    Live(Pulse pulse) {
        this.pulse = pulse;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("event loops").status(pulse.beats()).build();
    }
}
