package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis loses what it had: everybody is told so by a new epoch, and service goes on. */
class LostLogIT {

    @RegisterExtension
    final Hub hub = new Hub(2)
            .with("parley.namespaces.\"default\".history.size", "20000")
            .with("parley.limits.send-timeout", "PT1S");

    @Test
    void aNewEpochBeginsWhenTheDataIsFlushed() {
        try (Crowd crowd = new Crowd(hub, 20, false).talk()) {
            crowd.awaitAcks(300);
            hub.redis().command("FLUSHALL");
            crowd.awaitAcks(300);

            assertThat(crowd.settle("epoch")).isEmpty();
            assertThatAllWereTold(crowd);
        }
    }

    @Test
    void aNewEpochBeginsWhenRedisComesBackEmpty() {
        try (Crowd crowd = new Crowd(hub, 20, false).talk()) {
            crowd.awaitAcks(300);
            hub.redis().kill();
            hub.redis().start();
            crowd.awaitAcks(300);

            assertThat(crowd.settle("epoch")).isEmpty();
            assertThatAllWereTold(crowd);
        }
    }

    @Test
    void whoComesBackAfterwardsIsToldAndGetsAllOfTheNewLog() {
        RawClient ada = RawClient.guest("Ada").connect(hub.server(0));
        RawClient bob = RawClient.guest("Bob").connect(hub.server(1));
        ada.join("g");
        bob.join("g");
        JsonObject before = bob.say(To.group("g"), "before");
        ada.heard().awaitMessage(before.getString("messageId"));
        ada.drop();
        hub.redis().command("FLUSHALL");
        JsonObject one = bob.say(To.group("g"), 1);
        JsonObject two = bob.say(To.group("g"), 2);

        ada.connect(hub.server(1));

        ada.heard().awaitMessage(one.getString("messageId"));
        ada.heard().awaitMessage(two.getString("messageId"));
        assertThat(one.getString("epoch")).isNotEqualTo(before.getString("epoch"));
        assertThat(two.getLong("seq")).isEqualTo(one.getLong("seq") + 1);
        assertThat(ada.heard().frames("gap"))
                .filteredOn(gap -> gap.getString("channel").equals("group/g"))
                .singleElement()
                .satisfies(gap -> assertThat(gap.getString("reason")).isEqualTo("epoch"));
        assertThat(ada.violations()).isEmpty();
        ada.close();
        bob.close();
    }

    private static void assertThatAllWereTold(Crowd crowd) {
        assertThat(crowd.clients())
                .allSatisfy(client -> assertThat(client.heard().frames("gap"))
                        .as("gaps of %s", client.name())
                        .isNotEmpty()
                        .allSatisfy(gap -> assertThat(gap.getString("reason")).isEqualTo("epoch")));
    }
}
