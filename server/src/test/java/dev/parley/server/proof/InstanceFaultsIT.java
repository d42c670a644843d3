package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Instances come and go, whether they are asked to or not; whoever was on one comes back elsewhere and misses nothing. */
class InstanceFaultsIT {

    @RegisterExtension
    final Hub hub = new Hub(2)
            .with("parley.namespaces.\"default\".history.size", "20000")
            .with("parley.redis.probe", "PT1S")
            .with("parley.drain.pause", "PT0.2S")
            .with("parley.drain.window", "PT1S");

    @Test
    void nothingIsLostWhenInstancesAreKilledWhileTwentyClientsSend() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.awaitAcks(300);
            hub.server(0).kill();
            crowd.awaitAcks(300);
            hub.add();
            hub.server(1).kill();
            crowd.awaitAcks(600);

            assertThat(crowd.settle()).isEmpty();
            assertThat(crowd.clients())
                    .allSatisfy(client -> assertThat(client.connections())
                            .as("connections of %s", client.name())
                            .isGreaterThan(1));
        }
    }

    @Test
    void nothingIsLostWhenInstancesAreReplacedOneAfterTheOther() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.awaitAcks(200);
            for (ServerProcess old : List.of(hub.server(0), hub.server(1))) {
                hub.add();
                old.terminate();
                assertThat(old.awaitEnd()).as("exit status").isZero();
                crowd.awaitAcks(200);
            }

            assertThat(crowd.settle()).isEmpty();
            assertThat(crowd.clients()).allSatisfy(client -> {
                // An attempt may fail when its instance leaves just then; every connection that was welcomed ends as
                // announced.
                assertThat(client.closings())
                        .as("how connections of %s ended", client.name())
                        .contains(1012);
                assertThat(client.heard().frames("draining"))
                        .as("warnings to %s", client.name())
                        .hasSize(client.connections() - 1)
                        .allSatisfy(frame ->
                                assertThat(frame.getLong("reconnectAfter")).isNotNegative());
            });
        }
    }

    @Test
    void nothingIsLostWhenAnInstanceIsFrozenForAWhile() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.awaitAcks(200);
            hub.server(0).freeze(true);
            crowd.awaitAcks(600);
            hub.server(0).freeze(false);
            crowd.awaitAcks(200);

            assertThat(crowd.settle()).isEmpty();
        }
    }

    @Test
    void aKilledInstanceTakesItsPeoplesPresenceWithIt() {
        RawClient ada = RawClient.guest("Ada").connect(hub.server(0));
        RawClient bob = RawClient.guest("Bob").connect(hub.server(1));
        ada.join("here");
        bob.join("here");
        ada.heard().awaitFrame("presence", frame -> bob.user().equals(frame.getString("user")));

        hub.server(1).kill();

        ada.heard()
                .awaitFrame(
                        "presence",
                        frame -> bob.user().equals(frame.getString("user")) && "left".equals(frame.getString("state")));
        ada.close();
    }
}
