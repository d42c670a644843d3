package dev.parley.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.proof.Crowd;
import dev.parley.server.proof.Hub;
import dev.parley.server.proof.RawClient;
import dev.parley.server.testing.Proxy;
import dev.parley.server.testing.Proxy.Link;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The network between one instance and Redis goes bad while the other's is well: its clients keep their sockets, and in the end nothing is missing, twice or
 * out of order.
 */
class RedisLinkFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @RegisterExtension
    static final Hub HUB = new Hub(2)
            .behindProxies()
            .with("parley.namespaces.\"default\".history.size", "20000")
            .with("parley.limits.send-timeout", "PT1S")
            .with("parley.redis.probe", "PT0.5S");

    @Test
    void aSubscriptionGoneMuteIsRestartedAndWhatItMissedIsRead() {
        try (Crowd crowd = new Crowd(HUB, 20, true).talk()) {
            crowd.awaitAcks(150);
            long dialled = link().tally().connections();
            double filled = HUB.server(0).metric("parley_delivery_gaps_filled_total");

            link().silence(Link.SUBSCRIPTIONS);
            Awaitility.await("the probe notices")
                    .atMost(PATIENCE)
                    .until(() -> link().tally().connections() > dialled);
            crowd.awaitAcks(150);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
            assertThat(HUB.server(0).metric("parley_delivery_gaps_filled_total"))
                    .isGreaterThan(filled);
        } finally {
            link().heal();
        }
    }

    @Test
    void subscriptionsThatStayMuteForAWhileCostNothingInTheEnd() {
        try (Crowd crowd = new Crowd(HUB, 20, true).talk()) {
            crowd.awaitAcks(150);
            long dialled = link().tally().connections();

            link().mute(true, Link.SUBSCRIPTIONS);
            Awaitility.await("the probe notices")
                    .atMost(PATIENCE)
                    .until(() -> link().tally().connections() > dialled);
            crowd.awaitAcks(150);
            link().heal();
            crowd.awaitAcks(150);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        } finally {
            link().heal();
        }
    }

    @Test
    void appendsHeldBackByAHalfOpenLinkAreTakenOnceWhenTheyArriveAfterAll() {
        try (Crowd crowd = new Crowd(HUB, 20, true).talk()) {
            crowd.awaitAcks(150);

            link().halfOpen(true, Link.COMMANDS);
            awaitRefusals(crowd);
            link().heal();
            crowd.awaitAcks(300);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        } finally {
            link().heal();
        }
    }

    @Test
    void whatAHalfOpenLinkSwallowedIsSentAgain() {
        try (Crowd crowd = new Crowd(HUB, 20, true).talk()) {
            crowd.awaitAcks(150);

            link().strand();
            awaitRefusals(crowd);
            link().cut();
            crowd.awaitAcks(300);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        } finally {
            link().heal();
        }
    }

    @Test
    void aSlowAndJitteryLinkOnlyDelays() {
        try (Crowd crowd = new Crowd(HUB, 20, true).talk()) {
            crowd.awaitAcks(150);

            link().delay(Duration.ofMillis(10), Duration.ofMillis(150));
            crowd.awaitAcks(300);
            link().heal();

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        } finally {
            link().heal();
        }
    }

    @Test
    void aLinkTooThinForTheLoadLosesNothing() {
        try (Crowd crowd = new Crowd(HUB, 20, true).talk()) {
            crowd.awaitAcks(150);

            link().throttle(30_000);
            crowd.awaitAcks(300);
            link().heal();
            crowd.awaitAcks(150);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        } finally {
            link().heal();
        }
    }

    @Test
    void nothingIsLostWhenTheLinksOfOneInstanceAreCut() {
        try (Crowd crowd = new Crowd(HUB, 20, true).talk()) {
            crowd.awaitAcks(150);
            link().cut();
            crowd.awaitAcks(150);
            link().cut(Link.COMMANDS);
            crowd.awaitAcks(150);
            link().cut(Link.SUBSCRIPTIONS);
            crowd.awaitAcks(150);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        }
    }

    private static Proxy link() {
        return HUB.redisLink(0);
    }

    private static void awaitRefusals(Crowd crowd) {
        Awaitility.await("senders are told to try again")
                .atMost(PATIENCE)
                .until(() -> crowd.clients().stream().anyMatch(RedisLinkFaultsIT::wasRefused));
    }

    private static boolean wasRefused(RawClient client) {
        return client.heard().frames("error").stream()
                .anyMatch(error -> "unavailable".equals(error.getString("code")) && error.getBoolean("retryable"));
    }

    private static void assertThatSocketsStayed(Crowd crowd) {
        assertThat(crowd.clients())
                .allSatisfy(client -> assertThat(client.closings())
                        .as("ends of connections of %s", client.name())
                        .isEqualTo(List.of()));
    }
}
