package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a server says in its log where machines read it, at a level at which it says all it can. */
class LogsIT {
    private static final String CONTENT = "what nobody but its recipients may read";
    private static final String GROUP = "log:of-a-group";

    @Test
    void linesAreAboutConnectionsAndHoldNeitherContentNorTokens() {
        Map<String, String> talkative = Map.of(
                "quarkus.log.console.json.enabled", "true", "quarkus.log.category.\"dev.parley\".level", "DEBUG");
        try (ServerProcess server = ServerProcess.launch("LogsIT-1", talkative).awaitReady()) {
            RawClient client = RawClient.guest("Speaker").connect(server);
            String token = Objects.requireNonNull(client.welcomed().getString("token"));
            client.join(GROUP);
            client.say(new JsonObject().put("group", GROUP), CONTENT);
            client.say(new JsonObject().put("user", client.user()), CONTENT);
            server.post(
                    "/v1/messages",
                    new JsonObject()
                            .put("to", new JsonObject().put("group", GROUP))
                            .put("data", CONTENT),
                    Map.of());
            server.post(
                    "/v1/messages", new JsonObject().put("data", CONTENT), Map.of("Authorization", "Bearer " + token));
            String connection = client.connection();
            client.close();

            List<JsonObject> lines = Awaitility.await()
                    .atMost(RawClient.PATIENCE)
                    .until(() -> about(server, connection), about -> about.size() >= 2);
            assertThat(lines).extracting(line -> line.getString("message")).contains("connected", "disconnected");
            assertThat(lines)
                    .extracting(line -> line.getJsonObject("mdc").getString("user"))
                    .containsOnly(client.user());
            assertThat(server.log())
                    .doesNotContain(CONTENT)
                    .doesNotContain(token)
                    .doesNotContain(ServerProcess.SERVICE_KEY);
        }
    }

    private static List<JsonObject> about(ServerProcess server, String connection) {
        return server.log()
                .lines()
                .map(JsonObject::new)
                .filter(line -> connection.equals(
                        line.getJsonObject("mdc", new JsonObject()).getString("connection")))
                .toList();
    }
}
