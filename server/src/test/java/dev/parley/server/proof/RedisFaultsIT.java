package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis goes, stalls or drops its links and comes back with all it had: sockets stay, senders are told to try again, and in the end nothing is missing. */
class RedisFaultsIT {

    @RegisterExtension
    final Hub hub = new Hub(2, "--appendonly", "yes", "--appendfsync", "always")
            .with("parley.namespaces.\"default\".history.size", "20000")
            .with("parley.limits.send-timeout", "PT1S");

    @Test
    void nothingIsLostWhenRedisIsRestarted() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.awaitAcks(300);

            hub.redis().kill();
            awaitRefusals(crowd);
            newcomersAreSentAwayForNow();
            hub.redis().start();
            crowd.awaitAcks(400);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        }
    }

    @Test
    void nothingIsLostOrTakenTwiceWhenRedisStalls() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.awaitAcks(300);

            hub.redis().stall();
            awaitRefusals(crowd);
            hub.redis().resume();
            crowd.awaitAcks(400);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        }
    }

    @Test
    void nothingIsLostWhenSubscriptionsAreCut() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            for (int i = 0; i < 3; i++) {
                crowd.awaitAcks(150);
                hub.redis().command("CLIENT", "KILL", "TYPE", "pubsub");
            }
            crowd.awaitAcks(150);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        }
    }

    @Test
    void nothingIsLostWhenAllLinksAreCut() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            for (int i = 0; i < 3; i++) {
                crowd.awaitAcks(150);
                hub.redis().command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                hub.redis().command("CLIENT", "KILL", "TYPE", "pubsub");
            }
            crowd.awaitAcks(150);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        }
    }

    private static void awaitRefusals(Crowd crowd) {
        Awaitility.await("senders are told to try again")
                .atMost(RawClient.PATIENCE)
                .until(() -> crowd.clients().stream()
                        .anyMatch(client -> client.heard().frames("error").stream()
                                .anyMatch(error -> "unavailable".equals(error.getString("code"))
                                        && error.getBoolean("retryable"))));
    }

    private void newcomersAreSentAwayForNow() {
        RawClient newcomer = RawClient.guest("newcomer");
        newcomer.dial(hub.server(0));
        Awaitility.await("a newcomer is sent away")
                .atMost(RawClient.PATIENCE)
                .until(() -> newcomer.closings().equals(List.of(1013)));
        assertThat(newcomer.heard().frames("error"))
                .singleElement()
                .satisfies(error -> assertThat(error.getString("code")).isEqualTo("unavailable"));
    }

    private static void assertThatSocketsStayed(Crowd crowd) {
        assertThat(crowd.clients())
                .allSatisfy(client -> assertThat(client.closings())
                        .as("ends of connections of %s", client.name())
                        .isEmpty());
    }
}
