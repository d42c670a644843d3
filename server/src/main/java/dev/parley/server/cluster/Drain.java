package dev.parley.server.cluster;

import jakarta.inject.Singleton;

/** Whether this instance is on its way out: set once by whoever leads the shutdown, read by readiness and the gateway. Any thread. */
@Singleton
public final class Drain {
    private volatile boolean draining;

    Drain() {}

    /** From now on the instance is not ready, and no new connections should come. Cannot be taken back. */
    public void begin() {
        draining = true;
    }

    /** Whether {@link #begin} was called. */
    public boolean draining() {
        return draining;
    }
}
