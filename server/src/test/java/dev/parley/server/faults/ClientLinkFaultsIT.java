package dev.parley.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.proof.Crowd;
import dev.parley.server.proof.Hub;
import dev.parley.server.proof.RawClient;
import dev.parley.server.testing.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The network between clients and one instance goes bad: the instance gives them up, they come back to any and resume, and nothing is missing or there twice. */
class ClientLinkFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int CLIENTS = 20;

    /** So many are at the instance whose link goes bad. */
    private static final int HALF = CLIENTS / 2;

    @RegisterExtension
    static final Hub HUB = new Hub(2)
            .behindProxies()
            .with("parley.namespaces.\"default\".history.size", "20000")
            .with("parley.heartbeat.interval", "PT3S")
            .with("parley.heartbeat.timeout", "PT3S");

    @Test
    void whoIsGivenUpBehindAHalfOpenLinkIsToldWhenItHealsAndResumes() {
        try (Crowd crowd = new Crowd(HUB, CLIENTS, true).talk()) {
            crowd.awaitAcks(150);
            double before = givenUp();
            link().halfOpen(true);
            awaitGivenUp(before + HALF);
            link().heal();
            awaitClosings(crowd, List.of(4000, 1006));
            crowd.awaitAcks(150);

            assertThat(crowd.settle()).isEmpty();
        } finally {
            link().heal();
        }
    }

    @Test
    void whoIsCutOffBehindAHalfOpenLinkResumes() {
        try (Crowd crowd = new Crowd(HUB, CLIENTS, true).talk()) {
            crowd.awaitAcks(150);
            double before = givenUp();
            link().strand();
            awaitGivenUp(before + HALF);
            link().cut();
            awaitClosings(crowd, List.of(1006));
            crowd.awaitAcks(150);

            assertThat(crowd.settle()).isEmpty();
        } finally {
            link().heal();
        }
    }

    @Test
    void sendsTakenFromClientsWhoHearNothingAreTakenOnce() {
        try (Crowd crowd = new Crowd(HUB, CLIENTS, true).talk()) {
            crowd.awaitAcks(150);
            link().mute(true);
            Awaitility.await("sends without an ack")
                    .atMost(PATIENCE)
                    .until(() -> crowd.clients().stream()
                                    .filter(client -> client.unanswered() > 4)
                                    .count()
                            >= 5);
            link().cut();
            link().heal();
            crowd.awaitAcks(150);

            assertThat(crowd.settle()).isEmpty();
            assertThat(crowd.clients().stream().map(RawClient::acks).flatMap(Collection::stream))
                    .anyMatch(ack -> ack.duplicate());
        } finally {
            link().heal();
        }
    }

    @Test
    void slowAndThinLinksOnlyDelay() {
        try (Crowd crowd = new Crowd(HUB, CLIENTS, true).talk()) {
            crowd.awaitAcks(150);
            link().delay(Duration.ofMillis(10), Duration.ofMillis(200));
            link().throttle(20_000);
            crowd.awaitAcks(300);
            link().heal();

            assertThat(crowd.settle()).isEmpty();
        } finally {
            link().heal();
        }
    }

    private static Proxy link() {
        return HUB.clientLink(0);
    }

    /** How many clients the instance has ended its connection with since it started because they answered no ping. */
    private static double givenUp() {
        return HUB.server(0).metric("parley_connections_closed_total{code=\"4000\"");
    }

    /** It does not count whom it has now: they give it up as well, and may be back already. */
    private static void awaitGivenUp(double times) {
        Awaitility.await("the instance has given them up").atMost(PATIENCE).until(() -> givenUp() >= times);
    }

    private static void awaitClosings(Crowd crowd, List<Integer> codes) {
        Awaitility.await("half of them lose their connection")
                .atMost(PATIENCE)
                .until(() -> crowd.clients().stream()
                                .filter(client -> !client.closings().isEmpty())
                                .count()
                        >= HALF);
        assertThat(crowd.clients())
                .flatExtracting(RawClient::closings)
                .as("ends of connections")
                .isSubsetOf(codes);
    }
}
