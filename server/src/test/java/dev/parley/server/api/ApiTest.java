package dev.parley.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.cluster.NodeId;
import dev.parley.server.security.Tokens;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the HTTP API answers to those who use it well. */
@QuarkusTest
@TestProfile(WithKeys.class)
class ApiTest {

    @TestHTTPResource("/")
    URI root;

    @Inject
    NodeId node;

    @Inject
    Tokens tokens;

    private final String group = "g-" + UUID.randomUUID();
    private Api api;

    @BeforeEach
    void connect() {
        api = new Api(root);
    }

    @Test
    void aGuestGetsATokenThatVerifies() {
        JsonObject guest = api.call("POST", "/v1/guests", "{\"name\":\"Ada\"}", Map.of("Authorization", ""))
                .is(201)
                .body();

        var identity =
                tokens.verify(guest.getString("token")).toCompletableFuture().join();
        assertThat(identity.user()).isEqualTo(guest.getJsonObject("user").getString("id"));
        assertThat(identity.name())
                .isEqualTo("Ada")
                .isEqualTo(guest.getJsonObject("user").getString("name"));
        assertThat(identity.expires()).isEqualTo(guest.getJsonNumber("expires").longValue());
    }

    @Test
    void aGuestNeedsNoNameAndNoBody() {
        assertThat(api.post("/v1/guests", "")
                        .is(201)
                        .body()
                        .getJsonObject("user")
                        .getString("name"))
                .startsWith("Guest ");
        assertThat(api.post("/v1/guests", "{}")
                        .is(201)
                        .body()
                        .getJsonObject("user")
                        .getString("name"))
                .startsWith("Guest ");
    }

    @Test
    void aMessageIsTakenAndStandsInTheHistory() {
        JsonObject sent =
                api.post("/v1/messages", message("{\"price\": 12.50}")).is(202).body();

        assertThat(sent.getString("channel")).isEqualTo("group/" + group);
        assertThat(sent.getInt("seq")).isEqualTo(1);
        assertThat(sent.getBoolean("duplicate")).isFalse();
        assertThat(sent.getString("epoch")).isNotEmpty();
        JsonObject page = api.get("/v1/groups/" + group + "/messages").is(200).body();
        assertThat(page.getBoolean("more")).isFalse();
        JsonObject message = page.getJsonArray("messages").getJsonObject(0);
        assertThat(message.getJsonObject("from")).hasToString("{\"service\":\"tests\"}");
        assertThat(message.getJsonObject("data")).hasToString("{\"price\":12.50}");
        assertThat(message.getString("messageId")).isEqualTo(sent.getString("messageId"));
    }

    @Test
    void aRepeatGetsTheFirstAnswer() {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

        JsonObject first =
                api.call("POST", "/v1/messages", message("1"), key).is(202).body();
        JsonObject again =
                api.call("POST", "/v1/messages", message("2"), key).is(202).body();

        assertThat(first.getString("messageId")).isEqualTo(key.get("Idempotency-Key"));
        assertThat(again.getBoolean("duplicate")).isTrue();
        assertThat(again.getInt("seq")).isEqualTo(first.getInt("seq"));
        assertThat(again.getJsonNumber("time")).isEqualTo(first.getJsonNumber("time"));
    }

    @Test
    void aBatchHasAResultForEachMessageInTheirOrder() {
        String batch =
                "{\"messages\": [" + message("1") + ",\n {\"to\": {\"user\": \"nobody\"}, \"data\": 2}, {\"to\": 7}, "
                        + message("[3, {\"x\": []}]") + "]}";

        JsonArray results = api.post("/v1/messages:batch", batch).is(200).body().getJsonArray("results");

        assertThat(results).hasSize(4);
        assertThat(results.getJsonObject(0).getInt("seq")).isEqualTo(1);
        assertThat(results.getJsonObject(1).getString("code")).isEqualTo("unknown_user");
        assertThat(results.getJsonObject(1).getInt("status")).isEqualTo(404);
        assertThat(results.getJsonObject(2).getString("code")).isEqualTo("bad_frame");
        assertThat(results.getJsonObject(3).getInt("seq")).isEqualTo(2);
        JsonArray stored =
                api.get("/v1/groups/" + group + "/messages").is(200).body().getJsonArray("messages");
        assertThat(stored.getJsonObject(1).getJsonArray("data")).hasToString("[3,{\"x\":[]}]");
    }

    @Test
    void aBatchIsRepeatedAsAWhole() {
        String batch = "{\"messages\": [" + message("1") + "," + message("2") + "]}";
        Map<String, String> key = Map.of("Idempotency-Key", group);

        JsonArray first = api.call("POST", "/v1/messages:batch", batch, key)
                .is(200)
                .body()
                .getJsonArray("results");
        JsonArray again = api.call("POST", "/v1/messages:batch", batch, key)
                .is(200)
                .body()
                .getJsonArray("results");

        for (int i = 0; i < 2; i++) {
            assertThat(first.getJsonObject(i).getBoolean("duplicate")).isFalse();
            assertThat(again.getJsonObject(i).getBoolean("duplicate")).isTrue();
            assertThat(again.getJsonObject(i).getInt("seq")).isEqualTo(i + 1);
        }
    }

    @Test
    void pagesGoOnByTheirCursors() {
        for (int i = 1; i <= 5; i++) {
            api.post("/v1/messages", message(Integer.toString(i))).is(202);
        }
        String path = "/v1/groups/" + group + "/messages?limit=2";

        assertThat(walk(path)).containsExactly("4 5", "2 3", "1");
        assertThat(walk(path + "&after=0")).containsExactly("1 2", "3 4", "5");
    }

    private List<String> walk(String path) {
        List<String> pages = new ArrayList<>();
        JsonObject page = api.get(path).is(200).body();
        while (true) {
            pages.add(page.getJsonArray("messages").stream()
                    .map(message -> message.asJsonObject().get("data").toString())
                    .collect(Collectors.joining(" ")));
            assertThat(page.containsKey("next")).isEqualTo(page.getBoolean("more"));
            if (!page.getBoolean("more")) {
                return pages;
            }
            page = api.get("/v1/groups/" + group + "/messages?limit=2&cursor=" + page.getString("next"))
                    .is(200)
                    .body();
        }
    }

    @Test
    void aGroupItsMembersAndTheirGroupsCanBeLookedUp() {
        String chat = "chat:" + group;
        api.get("/v1/groups/" + chat).isProblem(404, "unknown_group");
        for (String user : List.of("c", "a", "b")) {
            api.put("/v1/groups/" + chat + "/members/" + user + group, "{\"role\": \"moderator\"}")
                    .is(204);
        }

        assertThat(api.get("/v1/groups/" + chat).is(200).body())
                .hasToString(
                        "{\"group\":\"" + chat + "\",\"namespace\":\"chat\",\"membership\":\"durable\",\"members\":3}");
        assertThat(api.get("/v1/groups/" + group).is(200).body().getString("membership"))
                .isEqualTo("session");
        JsonObject page =
                api.get("/v1/groups/" + chat + "/members?limit=2").is(200).body();
        assertThat(page.getInt("count")).isEqualTo(3);
        assertThat(page.getJsonArray("members"))
                .extracting(each -> each.asJsonObject().getString("user"))
                .containsExactly("a" + group, "b" + group);
        JsonObject rest = api.get("/v1/groups/" + chat + "/members?limit=2&cursor=" + page.getString("next"))
                .is(200)
                .body();
        assertThat(rest.getJsonArray("members")).hasSize(1);
        assertThat(rest.containsKey("next")).isFalse();
        assertThat(api.get("/v1/groups/" + chat + "/members/a" + group)
                        .is(200)
                        .body()
                        .getString("role"))
                .isEqualTo("moderator");
        api.get("/v1/groups/" + chat + "/members/nobody").isProblem(404, "unknown_user");
        assertThat(api.get("/v1/users/a" + group).is(200).body())
                .hasToString("{\"user\":\"a" + group + "\",\"groups\":[{\"group\":\"" + chat
                        + "\",\"role\":\"moderator\"}]}");
        api.get("/v1/users/nobody-" + group).isProblem(404, "unknown_user");
    }

    @Test
    void aGroupIsDescribedAndItsMembersAreTold() {
        String team = "chat:" + UUID.randomUUID();
        api.call("PUT", "/v1/groups/" + team + "/members/ada", "", Map.of()).is(204);

        api.call("PATCH", "/v1/groups/" + team, "{\"title\":\"The team\",\"topic\":\"Tea\"}", Map.of())
                .is(204);
        api.call("PATCH", "/v1/groups/" + team, "{\"topic\":\"\"}", Map.of()).is(204);

        JsonObject described = api.get("/v1/groups/" + team).is(200).body();
        assertThat(described.getString("title")).isEqualTo("The team");
        assertThat(described.containsKey("topic")).isFalse();
        assertThat(described.getInt("members")).isEqualTo(1);
        JsonArray entries =
                api.get("/v1/groups/" + team + "/messages").is(200).body().getJsonArray("messages");
        assertThat(entries).hasSize(3);
        assertThat(entries.getJsonObject(1).getJsonObject("data"))
                .hasToString("{\"title\":\"The team\",\"topic\":\"Tea\"}");
        api.call("PATCH", "/v1/groups/chat:none" + team, "{\"title\":\"x\"}", Map.of())
                .isProblem(404, "unknown_group");
        api.call("PATCH", "/v1/groups/" + group, "{\"title\":\"x\"}", Map.of()).isProblem(409, "conflict");
        api.call("PATCH", "/v1/groups/" + team, "{\"title\":7}", Map.of()).isProblem(400, "bad_frame");
    }

    @Test
    void aSearchFindsWhatWasSaid() {
        api.post("/v1/messages", message("{\"text\":\"Wo ist der Käse?\"}")).is(202);
        api.post("/v1/messages", message("{\"text\":\"Keine Ahnung\"}")).is(202);

        JsonObject found = api.get("/v1/groups/" + group + "/messages?search=k%C3%84se")
                .is(200)
                .body();

        assertThat(found.getBoolean("more")).isFalse();
        assertThat(found.getJsonArray("messages")).hasSize(1);
        api.get("/v1/groups/" + group + "/messages?search=%20").isProblem(400, "bad_frame");
        api.get("/v1/groups/" + group + "/messages?search=x&after=1").isProblem(400, "bad_frame");
    }

    @Test
    void theHeaderWinsOverTheBody() {
        String body = "{\"to\":{\"group\":\"" + group + "\"},\"data\":1,\"messageId\":\"inside\"}";

        JsonObject sent = api.call("POST", "/v1/messages", body, Map.of("Idempotency-Key", "outside"))
                .is(202)
                .body();

        assertThat(sent.getString("messageId")).isEqualTo("outside");
    }

    @Test
    void aVolatileMessageStandsNowhere() {
        String body = "{\"to\":{\"group\":\"" + group + "\"},\"data\":1,\"volatile\":true}";

        JsonObject sent = api.post("/v1/messages", body).is(202).body();

        assertThat(sent.keySet()).doesNotContain("seq", "epoch");
        assertThat(api.get("/v1/groups/" + group + "/messages").body().getJsonArray("messages"))
                .isEmpty();
    }

    @Test
    void aServiceMayBroadcast() {
        assertThat(api.post("/v1/messages", "{\"to\":{\"all\":true},\"data\":null}")
                        .is(202)
                        .body()
                        .getString("channel"))
                .isEqualTo("all");
    }

    @Test
    void aBodyOfExactlyTheLimitIsTaken() {
        String frame = message("\"\"");
        String full = message("\"" + "x".repeat(65_536 - frame.length()) + "\"");

        assertThat(full).hasSize(65_536);
        api.post("/v1/messages", full).is(202);
    }

    @Test
    void historyGoesByPages() {
        for (int i = 1; i <= 5; i++) {
            api.post("/v1/messages", message("" + i)).is(202);
        }

        JsonObject newest =
                api.get("/v1/groups/" + group + "/messages?limit=2").is(200).body();
        JsonObject before =
                api.get("/v1/groups/" + group + "/messages?before=4&limit=9").body();
        JsonObject after =
                api.get("/v1/groups/" + group + "/messages?after=1&limit=2").body();

        assertThat(seqs(newest)).containsExactly(4, 5);
        assertThat(newest.getBoolean("more")).isTrue();
        assertThat(seqs(before)).containsExactly(1, 2, 3);
        assertThat(before.getBoolean("more")).isFalse();
        assertThat(seqs(after)).containsExactly(2, 3);
        assertThat(after.getBoolean("more")).isTrue();
    }

    @Test
    void nobodyIsOnInAnEmptyGroup() {
        JsonObject present =
                api.get("/v1/groups/" + group + "/presence").is(200).body();

        assertThat(present.getJsonArray("users")).isEmpty();
        assertThat(present.getInt("count")).isZero();
    }

    @Test
    void membersComeAndGo() {
        String chat = "/v1/groups/chat:" + group;

        api.put(chat + "/members/u1", "{\"role\":\"owner\"}").is(204);
        api.put(chat + "/members/u2", "").is(204);
        api.delete(chat + "/members/u2").is(204);
        api.delete(chat + "/members/u2").is(204);

        JsonObject history = api.get(chat + "/messages").is(200).body();
        assertThat(history.getJsonArray("messages").getValuesAs(JsonObject.class))
                .extracting(message -> message.getJsonObject("data").getString("user") + " "
                        + message.getJsonObject("data").getString("state"))
                .containsExactly("u1 added", "u2 added", "u2 removed");
        api.post("/v1/messages", "{\"to\":{\"group\":\"chat:" + group + "\"},\"data\":1}")
                .is(202);
    }

    @Test
    void whoHasNoConnectionsHasNone() {
        assertThat(api.get("/v1/users/nobody/connections").is(200).body().getJsonArray("connections"))
                .isEmpty();
        api.delete("/v1/users/nobody/connections").is(204);
    }

    @Test
    void theClusterIsThisNode() {
        JsonObject only =
                api.get("/v1/cluster").is(200).body().getJsonArray("nodes").getJsonObject(0);

        assertThat(only.getString("node")).isEqualTo(node.id());
        assertThat(only.getInt("connections")).isZero();
        assertThat(only.getJsonNumber("since").longValue()).isPositive();
    }

    @Test
    void anAdminsTokenIsAsGoodAsAKey() throws Exception {
        Map<String, String> admin = Map.of("Authorization", "bearer " + token("boss", "\"admin\""));

        api.call("POST", "/v1/messages", message("1"), admin).is(202);

        JsonObject message = api.get("/v1/groups/" + group + "/messages")
                .body()
                .getJsonArray("messages")
                .getJsonObject(0);
        assertThat(message.getJsonObject("from")).hasToString("{\"service\":\"boss\"}");
    }

    @Test
    void anybodyElsesTokenIsNot() throws Exception {
        Map<String, String> user = Map.of("Authorization", "Bearer " + token("ada", "\"staff\""));

        api.call("GET", "/v1/cluster", "", user).isProblem(403, "forbidden");
    }

    @Test
    void openApiDescribesTheCalls() {
        String openApi = api.get("/q/openapi").is(200).response().body();

        assertThat(openApi)
                .contains(
                        "/v1/messages:",
                        "/v1/guests:",
                        "/v1/groups/{group}/messages:",
                        "/v1/groups/{group}/presence:",
                        "/v1/groups/{group}/members/{user}:",
                        "/v1/users/{user}/connections:",
                        "/v1/connections/{connection}:",
                        "/v1/cluster:",
                        "Idempotency-Key",
                        "- service: []",
                        "scheme: bearer")
                .doesNotContain("HttpServerRequest", "RoutingContext");
    }

    private String message(String data) {
        return "{\"to\":{\"group\":\"" + group + "\"},\"data\":" + data + "}";
    }

    private static Iterable<Integer> seqs(JsonObject page) {
        return page.getJsonArray("messages").getValuesAs(JsonObject.class).stream()
                .map(message -> message.getInt("seq"))
                .toList();
    }

    private static String token(String user, String roles) throws Exception {
        JsonWebSignature token = new JsonWebSignature();
        token.setAlgorithmHeaderValue("HS256");
        token.setKey(new HmacKey(WithKeys.SECRET.getBytes(StandardCharsets.UTF_8)));
        token.setPayload("{\"sub\":\"" + user + "\",\"groups\":[" + roles + "]}");
        return token.getCompactSerialization();
    }
}
