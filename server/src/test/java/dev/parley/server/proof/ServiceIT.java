package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.proof.ServerProcess.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a program asks of one instance over HTTP reaches people on the other. Ada is on the first, Bob on the second. */
class ServiceIT {

    @RegisterExtension
    static final Hub HUB = new Hub(2);

    private final String group = "g-" + UUID.randomUUID();
    private RawClient ada;
    private RawClient bob;

    @BeforeEach
    void connectOneToEach() {
        ada = RawClient.guest("Ada").connect(HUB.server(0));
        bob = RawClient.guest("Bob").connect(HUB.server(1));
    }

    @AfterEach
    void nobodyBrokeTheContract() {
        Checker.assertFaultless(List.of(ada, bob));
    }

    @Test
    void reachesEveryKindOfAddressOverHttp() {
        bob.join(group);
        bob.join("chat:" + group);
        for (JsonObject to :
                List.of(To.all(), To.group(group), To.group("chat:" + group), To.user(bob), To.connection(bob))) {
            String id = UUID.randomUUID().toString();
            Answer answer = post(HUB.server(0), new JsonObject().put("to", to).put("data", "push"), id);

            assertThat(answer.status()).as("to %s: %s", to, answer).isEqualTo(202);
            assertThat(answer.body().getString("messageId")).isEqualTo(id);
            JsonObject message = bob.heard().awaitMessage(id);
            assertThat(message.getJsonObject("from").getString("service")).isEqualTo("proof");
            assertThat(message.getValue("data")).isEqualTo("push");
            for (String field : List.of("channel", "seq", "epoch", "time")) {
                assertThat(message.getValue(field))
                        .as(field)
                        .isEqualTo(answer.body().getValue(field));
            }
        }
    }

    @Test
    void saysOverHttpThatAnAddressDoesNotExist() {
        Function<JsonObject, Answer> push =
                to -> post(HUB.server(0), new JsonObject().put("to", to).put("data", 1), "id");

        Answer connection = push.apply(new JsonObject().put("connection", bob.connection() + "0"));
        Answer user = push.apply(new JsonObject().put("user", "nobody-" + UUID.randomUUID()));

        assertThat(connection.status()).isEqualTo(404);
        assertThat(connection.body().getString("code")).isEqualTo("unknown_connection");
        assertThat(user.status()).isEqualTo(404);
        assertThat(user.body().getString("code")).isEqualTo("unknown_user");
    }

    @Test
    void takesAPushOnceOnAnyInstance() {
        bob.join(group);
        String id = UUID.randomUUID().toString();
        JsonObject push = new JsonObject().put("to", To.group(group)).put("data", 7);

        JsonObject first = post(HUB.server(0), push, id).body();
        JsonObject second = post(HUB.server(1), push, id).body();

        assertThat(first.getBoolean("duplicate")).isFalse();
        assertThat(second).isEqualTo(first.copy().put("duplicate", true));
    }

    @Test
    void sendsSomebodyAwayWhoIsOnAnotherInstance() {
        Answer listed = HUB.server(0).get("/v1/users/" + bob.user() + "/connections");
        assertThat(listed.body().getJsonArray("connections"))
                .singleElement()
                .satisfies(connection -> assertThat(((JsonObject) connection).getString("connection"))
                        .isEqualTo(bob.connection()));

        Answer answer = HUB.server(0).call("DELETE", "/v1/connections/" + bob.connection(), new JsonObject());

        assertThat(answer.status()).isEqualTo(204);
        Awaitility.await("Bob is sent away")
                .atMost(RawClient.PATIENCE)
                .until(() -> bob.closings().equals(List.of(4201)));
    }

    @Test
    void countsTheInstances() {
        JsonArray nodes = HUB.server(0).get("/v1/cluster").body().getJsonArray("nodes");

        assertThat(nodes.stream().map(node -> ((JsonObject) node).getString("node")))
                .containsExactlyInAnyOrder(
                        ada.welcomed().getString("node"), bob.welcomed().getString("node"));
    }

    private static Answer post(ServerProcess server, JsonObject message, String id) {
        return server.post("/v1/messages", message, Map.of("Idempotency-Key", id));
    }
}
