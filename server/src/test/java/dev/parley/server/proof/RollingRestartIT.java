package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three instances are replaced one after the other under load, as a deployment does it: first a new one is ready, then an old one is told to go. Each client goes
 * to whichever instance takes it. Nothing is lost, nothing comes twice, and they do not all come at once.
 */
class RollingRestartIT {
    private static final int CLIENTS = 900;
    private static final int BUCKET_MILLIS = 500;

    /**
     * Three hundred or more leave over three seconds at least and come back within one more, so an even spread puts some 15 % into a bucket. A machine that stands
     * still for a second at one of the three restarts makes that more, but not at all of them, and never makes it everybody.
     */
    private static final double LARGEST_SHARE = 0.4;

    private static final double LARGEST_SHARE_ON_A_BUSY_MACHINE = 0.8;

    @RegisterExtension
    final Hub hub = new Hub(3)
            .with("parley.namespaces.\"default\".history.size", "20000")
            .with("parley.drain.pause", "PT0.5S")
            .with("parley.drain.window", "PT4S");

    @Test
    void nobodyMissesAnythingAndReturnsAreSpread() {
        try (Swarm swarm = new Swarm(CLIENTS, hub::any, i -> List.of("swarm-" + i % 30)).arrive();
                Crowd crowd = new Crowd(hub, 12, true).talk()) {
            crowd.awaitAcks(200);
            List<Double> shares = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                shares.add(replace(hub.server(i), swarm));
                crowd.awaitAcks(200);
            }
            assertThat(shares)
                    .as("shares of all who try to come back within the same half second")
                    .allMatch(share -> share <= LARGEST_SHARE_ON_A_BUSY_MACHINE)
                    .anyMatch(share -> share <= LARGEST_SHARE);

            assertThat(crowd.settle()).isEmpty();
            // An attempt may fail when its instance leaves just then; every connection that was welcomed ends as
            // announced.
            assertThat(crowd.clients())
                    .allSatisfy(client -> assertThat(client.heard().frames("draining"))
                            .as("warnings to %s", client.name())
                            .isNotEmpty()
                            .hasSize(client.connections() - 1));
            everybodyStandsAtTheEnd(swarm);
            assertThat(swarm.closings()).containsOnlyKeys(1012);
            assertThat(swarm.drainings()).isEqualTo(swarm.closings().get(1012));
            assertThat(swarm.gaps()).isZero();
        }
    }

    /** Gives the share of those who came back that tried to within the same half second. */
    private double replace(ServerProcess old, Swarm swarm) {
        hub.add();
        long before = System.nanoTime();
        old.terminate();
        // What is said while they change places is what could get lost.
        for (int round = 0; old.isAlive(); round++) {
            push("swarm-" + round % 30);
        }
        assertThat(old.awaitEnd()).as("exit status").isZero();
        swarm.await("all are back", () -> swarm.count(Swarm.Member::isOpen) == CLIENTS);
        Histogram tried = new Histogram(BUCKET_MILLIS);
        Histogram back = new Histogram(BUCKET_MILLIS);
        for (Swarm.Member member : swarm.members()) {
            if (member.backAt() - before > 0) {
                tried.add(member.triedAt() - before);
                back.add(member.backAt() - before);
            }
        }
        System.out.printf("%s left; its connections: tried by half second %s, were back %s%n", old.name(), tried, back);
        return tried.largestShare();
    }

    private void everybodyStandsAtTheEnd(Swarm swarm) {
        for (int i = 0; i < 30; i++) {
            String channel = "group/swarm-" + i;
            Place last = push("swarm-" + i);
            swarm.await(
                    "everybody has all of " + channel,
                    () -> swarm.members().stream()
                            .map(member -> member.cursor(channel))
                            .allMatch(at -> at == null || at.equals(last)));
        }
    }

    private Place push(String group) {
        JsonObject push = new JsonObject().put("to", To.group(group)).put("data", "all right?");
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        JsonObject taken = Awaitility.await("it is taken")
                .atMost(RawClient.PATIENCE)
                .until(() -> hub.any().post("/v1/messages", push, key), answer -> answer.status() == 202)
                .body();
        return new Place(taken.getString("epoch"), taken.getLong("seq"));
    }
}
