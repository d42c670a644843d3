package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.redis.Keys;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
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

    @Test
    void entriesThatOthersTookThePlaceOfAreDeclared() {
        RawClient ada = RawClient.guest("Ada").connect(hub.server(0));
        ada.join("g");
        String kept = push("kept");
        ada.heard().awaitMessage(kept);
        // What a failover to a replica that lags does: the last entries are gone, and others come to stand there.
        copy(Keys.meta("group/g"), "meta-before");
        copy(Keys.log("group/g"), "log-before");
        List.of("a", "b", "c").forEach(lost -> ada.heard().awaitMessage(push(lost)));
        copy("meta-before", Keys.meta("group/g"));
        copy("log-before", Keys.log("group/g"));

        Stream.of("d", "e", "f", "g").forEach(this::push);

        JsonObject gap = ada.heard().awaitFrame("gap", any -> true);
        assertThat(gap.getString("reason")).isEqualTo("epoch");
        ada.heard().awaitMessage(push("of the new epoch"));
        assertThat(ada.violations()).isEmpty();
        ada.close();
    }

    /** Sends over the instance on which nobody follows the group, so that nobody there can notice anything. */
    private String push(String text) {
        String id = UUID.randomUUID().toString();
        JsonObject message = new JsonObject().put("to", To.group("g")).put("data", text);
        assertThat(hub.server(1)
                        .post("/v1/messages", message, Map.of("Idempotency-Key", id))
                        .status())
                .isEqualTo(202);
        return id;
    }

    private void copy(String from, String to) {
        assertThat(hub.redis().command("COPY", from, to, "REPLACE")).startsWith(":1");
    }

    @Test
    void whoJoinsAgainAfterwardsMissesAndRepeatsNothing() {
        List<RawClient> people = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            RawClient person = RawClient.guest("person-" + i).connect(hub.server(i % 2));
            person.join("chat:g");
            people.add(person);
        }
        people.get(0).say(To.group("chat:g"), "before");

        hub.redis().command("FLUSHALL");
        List<CompletableFuture<JsonObject>> said = people.stream()
                .map(person -> person.ask(new JsonObject().put("type", "join").put("group", "chat:g"))
                        .thenCompose(joined -> person.send(To.group("chat:g"), "again")))
                .toList();

        List<String> ids = said.stream()
                .map(RawClient::await)
                .map(ack -> ack.getString("messageId"))
                .toList();
        Checker checker = new Checker("epoch");
        for (RawClient person : people) {
            ids.forEach(person.heard()::awaitMessage);
            checker.take(person);
            person.close();
        }
        assertThat(checker.faults(Map.of())).isEmpty();
    }

    private static void assertThatAllWereTold(Crowd crowd) {
        assertThat(crowd.clients())
                .allSatisfy(client -> assertThat(client.heard().frames("gap"))
                        .as("gaps of %s", client.name())
                        .isNotEmpty()
                        .allSatisfy(gap -> assertThat(gap.getString("reason")).isEqualTo("epoch")));
    }
}
