package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that lose their network, read slowly or send without measure: they get what is theirs in the end, and nobody else notices. */
class ClientFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @RegisterExtension
    static final Hub HUB = new Hub(2).with("parley.namespaces.\"default\".history.size", "20000");

    @Test
    void nothingIsLostWhenClientsLoseTheirConnections() {
        try (Crowd crowd = new Crowd(HUB, 20, true).talk()) {
            crowd.loseConnections(10);

            assertThat(crowd.settle()).isEmpty();
        }
    }

    @Test
    void slowReadersCatchUpAndNobodyElseNotices() {
        RawClient ada = RawClient.guest("Ada").connect(HUB.server(0));
        RawClient bob = RawClient.guest("Bob").connect(HUB.server(1));
        RawClient slow = RawClient.guest("Slow").connect(HUB.server(0));
        RawClient slower = RawClient.guest("Slower").connect(HUB.server(1));
        List<RawClient> all = List.of(ada, bob, slow, slower);
        all.forEach(client -> client.join("films"));
        List.of(slow, slower).forEach(client -> client.read(false));
        String frame = "x".repeat(60_000);
        List<String> sent = IntStream.range(0, 300)
                .mapToObj(i -> ada.say(To.group("films"), frame + i).getString("messageId"))
                .toList();
        bob.heard().awaitMessage(sent.get(sent.size() - 1));
        for (ServerProcess server : List.of(HUB.server(0), HUB.server(1))) {
            assertThat(server.metric("parley_delivery_behind_total"))
                    .as("times a socket on %s was full", server.name())
                    .isPositive();
        }

        List.of(slow, slower).forEach(client -> client.read(true));

        List.of(slow, slower).forEach(client -> client.heard().awaitMessage(sent.get(sent.size() - 1)));
        assertThat(all).allSatisfy(client -> assertThat(client.closings()).isEmpty());
        Checker.assertFaultless(all);
    }

    @Test
    void whoSendsTooMuchIsLimitedAndOthersAreHeard() {
        RawClient ada = RawClient.guest("Ada").connect(HUB.server(0));
        RawClient bob = RawClient.guest("Bob").connect(HUB.server(0));
        RawClient flood = RawClient.guest("Flood").connect(HUB.server(0));
        Stream.of(ada, bob, flood).forEach(client -> client.join("pool"));
        JsonObject drop = RawClient.frame(To.group("pool"), "drop");

        for (int i = 0; i < 5000; i++) {
            flood.write(drop);
        }
        JsonObject ack = ada.say(To.group("pool"), "still here");
        bob.heard().awaitMessage(ack.getString("messageId"));

        flood.heard().awaitFrame("error", error -> true);
        assertThat(flood.heard().frames("error"))
                .allSatisfy(error -> assertThat(error.getString("code")).isEqualTo("rate_limited"));
        flood.drop();
        Checker.assertFaultless(List.of(ada, bob));
    }

    @Test
    void whoTalksNothingButNonsenseIsSentAway() {
        RawClient babble = RawClient.guest("Babble").connect(HUB.server(0));

        for (int i = 0; i < 1500; i++) {
            babble.write(new JsonObject().put("type", "nonsense"));
        }

        Awaitility.await("it is sent away")
                .atMost(PATIENCE)
                .until(() -> babble.closings().equals(List.of(1008)));
    }
}
