package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The Deployment of the manifests is updated under load, by its own numbers and with processes for pods: as its controller does it (so many more, so many fewer,
 * who counts as available) and as a node's agent does it (probes, pre-stop hook, SIGTERM, how long until SIGKILL).
 */
class DeploymentIT {
    private static final int CLIENTS = 300;
    /** What a machine that stands still for a moment may add to a wait. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    private final Rollout rollout = Rollout.of("prod");
    private final Hub hub = new Hub(rollout.replicas())
            .with("parley.namespaces.\"default\".history.size", "40000")
            .prepared((n, process) -> process.environment().putAll(rollout.settings()));
    private final ExecutorService nodes = Executors.newCachedThreadPool();

    @Test
    void anUpdateDropsNothing() throws Exception {
        hub.open("DeploymentIT");
        try (Swarm swarm = new Swarm(CLIENTS, hub::any, i -> List.of("swarm-" + i % 30)).arrive();
                Crowd crowd = new Crowd(hub, 9, true).talk()) {
            crowd.awaitAcks(100);
            update();
            swarm.await("all are back", () -> swarm.count(Swarm.Member::isOpen) == CLIENTS);
            crowd.awaitAcks(100);

            assertThat(crowd.settle()).isEmpty();
            assertThat(crowd.clients())
                    .allSatisfy(client -> assertThat(client.heard().frames("draining"))
                            .as("warnings to %s", client.name())
                            .isNotEmpty()
                            .hasSize(client.connections() - 1));
            assertThat(swarm.closings()).containsOnlyKeys(1012);
            assertThat(swarm.gaps()).isZero();
            for (int i = 0; i < hub.size(); i++) {
                assertThat(hub.server(i).trouble()).isEmpty();
            }
        } finally {
            nodes.shutdownNow();
            hub.close();
        }
    }

    /** The controller: starts as many as there may be, and takes away as many as are not needed, until all are new. */
    private void update() throws Exception {
        Deque<ServerProcess> old = new ArrayDeque<>();
        for (int i = 0; i < rollout.replicas(); i++) {
            old.add(hub.server(i));
        }
        List<Future<?>> ends = new ArrayList<>();
        for (int fresh = 0; !old.isEmpty(); ) {
            while (fresh < rollout.replicas() && old.size() + fresh < rollout.replicas() + rollout.maxSurge()) {
                awaitAvailable();
                fresh++;
            }
            assertThat(old.size() + fresh)
                    .as("instances that are available, of which one may go")
                    .isGreaterThan(rollout.replicas() - rollout.maxUnavailable());
            while (!old.isEmpty() && old.size() + fresh > rollout.replicas() - rollout.maxUnavailable()) {
                ServerProcess next = old.remove();
                ends.add(nodes.submit(() -> end(next)));
            }
        }
        for (Future<?> end : ends) {
            end.get();
        }
    }

    /** A new pod: up in time, then ready for as long as it must be to count. */
    private void awaitAvailable() {
        long begun = System.nanoTime();
        ServerProcess server = hub.add();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(rollout.started());
        Awaitility.await(server.name() + " is available")
                .during(rollout.minReady())
                .atMost(rollout.minReady().plus(SLACK))
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .until(() -> rollout.probes().values().stream()
                        .allMatch(path -> server.get(path).status() == 200));
    }

    /** The node's agent. Until SIGTERM clients are sent there all the same: not everybody has heard yet that it is no endpoint any more. */
    private Void end(ServerProcess server) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(rollout.preStop().toNanos());
        server.terminate();
        int status = server.awaitEnd(rollout.grace().minus(rollout.preStop()));
        assertThat(status).as("exit status of " + server.name()).isZero();
        return null;
    }
}
