package dev.parley.server.cluster;

import dev.parley.protocol.ProtocolException;
import dev.parley.server.Failures;
import dev.parley.server.cluster.redis.NodeBells;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.redis.RedisLink;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps this node's lease, has the ways through Redis proved at each renewal, and knows from the leases of others which nodes live. Renews on a timer's event
 * loop; asked by presence, readiness and the cluster on any thread.
 */
@Singleton
public final class Leases {
    private static final Logger LOG = Logger.getLogger(Leases.class);

    /** A lease holds for so many probes. */
    private static final int PROBES = 3;

    /** After so many probes whose ring did not come back, the connections are restarted. */
    private static final int SILENT_PROBES = 2;

    /** So long nothing may be heard before this instance counts as cut off: a blip of Redis must not send everybody elsewhere. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final String self;
    private final RedisLink link;
    private final NodeBells bells;
    private final Vertx vertx;
    private final Duration probe;
    private final Duration grace;
    private final String version;
    private final IntSupplier connections;
    private final long since = System.currentTimeMillis();
    private final Roll roll;
    private volatile Long timer;

    @Inject
    Leases(
            NodeId self,
            RedisLink link,
            Vertx vertx,
            ParleyConfig config,
            Instance<LocalConnections> local,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this(self.id(), link, vertx, config.redis().probe(), GRACE, version, lookedUpOnce(local));
    }

    /** Looked up at the first renewal, since the gateway needs this class; and never again, since in the end there is no container to ask any more. */
    private static IntSupplier lookedUpOnce(Instance<LocalConnections> local) {
        AtomicReference<LocalConnections> found = new AtomicReference<>();
        return () ->
                found.updateAndGet(known -> known == null ? local.get() : known).count();
    }

    Leases(
            String self,
            RedisLink link,
            Vertx vertx,
            Duration probe,
            Duration grace,
            String version,
            IntSupplier connections) {
        this.self = self;
        this.link = link;
        this.bells = new NodeBells(link);
        this.vertx = vertx;
        this.probe = probe;
        this.grace = grace;
        this.version = version;
        this.connections = connections;
        this.roll = new Roll(probe.multipliedBy(PROBES), probe.multipliedBy(PROBES));
    }

    void start(@Observes StartupEvent event) {
        start();
    }

    /** Begins to renew; does nothing where there is no Redis. */
    void start() {
        if (!link.configured()) {
            return;
        }
        LOG.infof("Parley %s is node %s, with Redis.", version, self);
        link.onReachable(reachable -> {
            if (reachable) {
                renew();
            }
        });
        renew();
        timer = vertx.setPeriodic(probe.toMillis(), tick -> renew());
    }

    void stop(@Observes ShutdownEvent event) {
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    /**
     * The nodes that live, this one included. One is taken for gone only when its lease was absent in two looks a lease apart with Redis answering
     * throughout, so neither a blip of Redis nor the loss of its data makes a living node look dead.
     */
    public Set<String> alive() {
        Set<String> nodes = new HashSet<>(roll.alive().keySet());
        nodes.add(self);
        return nodes;
    }

    /** Whether all of Redis takes writes and its rings arrive here; true where there is none. Turns false only after ten seconds without a ring. */
    public boolean reachable() {
        return !link.configured() || link.proven(grace);
    }

    /** Asks Redis which nodes live, so that one that has just come is among them. Without Redis that is this one. */
    CompletionStage<Map<String, NodeInfo>> look() {
        if (!link.configured()) {
            return CompletableFuture.completedStage(Map.of(self, present()));
        }
        return bells.look()
                .whenComplete((leases, failure) -> {
                    if (failure != null) {
                        roll.interrupted();
                    }
                })
                .thenApply(leases -> {
                    Map<String, Optional<NodeInfo>> found = new HashMap<>();
                    leases.forEach((node, lease) -> found.put(node, lease.map(says -> NodeInfo.ofLease(node, says))));
                    Set<String> gone = roll.looked(System.nanoTime(), found);
                    if (!gone.isEmpty()) {
                        LOG.infof("Gone from the cluster: %s", gone);
                        bells.forget(gone);
                    }
                    Map<String, NodeInfo> nodes = new HashMap<>(roll.alive());
                    nodes.put(self, present());
                    return nodes;
                });
    }

    /** Whether a node that did not answer is gone, and not merely slow or out of reach for a moment. */
    CompletionStage<Boolean> gone(String node) {
        return alive().contains(node)
                ? CompletableFuture.completedStage(false)
                : bells.leased(node).thenApply(leased -> !leased);
    }

    private NodeInfo present() {
        return new NodeInfo(self, connections.getAsInt(), since, version);
    }

    private void renew() {
        link.prove(probe.multipliedBy(SILENT_PROBES).plus(probe.dividedBy(2)));
        bells.renew(self, present().lease(), probe.multipliedBy(PROBES))
                .thenCompose(renewed -> look())
                .exceptionally(failure -> {
                    roll.interrupted(); // the next probe tries again
                    Throwable cause = Failures.causeOf(failure);
                    if (!(cause instanceof ProtocolException)) { // that Redis is out of reach is told by its link
                        LOG.error("The lease could not be renewed", cause);
                    }
                    return null;
                });
    }
}
