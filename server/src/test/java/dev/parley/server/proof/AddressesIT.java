package dev.parley.server.proof;

import static dev.parley.server.proof.RawClient.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.parley.server.proof.ServerProcess.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two instances are one hub: whatever is sent on one reaches its address on the other, from sockets and over HTTP. Ada is on the first, Bob on the second. */
class AddressesIT {

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
        Awaitility.await("everything asked is answered")
                .until(() -> Stream.of(ada, bob).allMatch(client -> client.unanswered() == 0));
        Checker checker = new Checker();
        for (RawClient client : List.of(ada, bob)) {
            assertThat(client.violations()).isEmpty();
            client.acks().forEach(checker::acked);
            client.close();
        }
        Stream.of(ada, bob)
                .forEach(client ->
                        checker.received(client.user(), client.record().seen()));
        assertThat(checker.faults(Map.of())).isEmpty();
    }

    @Test
    void reachesEverybody() {
        JsonObject ack = ada.say(To.all(), "hear, hear");

        assertThat(ack.getString("channel")).isEqualTo("all");
        assertArrives(bob, ack, "hear, hear");
        assertArrives(ada, ack, "hear, hear");
    }

    @Test
    void reachesWhoJoinedASessionGroup() {
        ada.join(group);
        bob.join(group);

        JsonObject ack = ada.say(To.group(group), new JsonObject().put("text", "hi"));

        assertThat(ack.getString("channel")).isEqualTo("group/" + group);
        assertArrives(bob, ack, new JsonObject().put("text", "hi"));
        assertArrives(ada, ack, new JsonObject().put("text", "hi"));
    }

    @Test
    void reachesAllDevicesOfAMemberOfADurableGroup() {
        String chat = "chat:" + group;
        ada.join(chat);
        bob.join(chat);
        RawClient phone = bob.device("phone").connect(HUB.server(0));

        JsonObject ack = ada.say(To.group(chat), 1);

        assertArrives(bob, ack, 1);
        assertArrives(phone, ack, 1);
        assertThat(phone.violations()).isEmpty();
        phone.close();
    }

    @Test
    void followsOnAllDevicesWhenOneJoins() {
        String chat = "chat:" + group;
        RawClient phone = bob.device("phone").connect(HUB.server(0));
        ada.join(chat);
        bob.join(chat);
        phone.awaitFrame("membership", frame -> chat.equals(frame.getString("group")));

        JsonObject ack = ada.say(To.group(chat), "welcome");

        assertArrives(phone, ack, "welcome");
        assertThat(phone.violations()).isEmpty();
        phone.close();
    }

    @Test
    void reachesAUserOnEveryDevice() {
        RawClient phone = bob.device("phone").connect(HUB.server(0));

        JsonObject ack = ada.say(To.user(bob), true);

        assertThat(ack.getString("channel")).isEqualTo("user/" + bob.user());
        assertArrives(bob, ack, true);
        assertArrives(phone, ack, true);
        assertThat(ada.timesSeen(ack.getString("messageId"))).isZero();
        phone.close();
    }

    @Test
    void keepsWhatIsSentToAUserWhoIsAway() {
        bob.drop();

        JsonObject ack = ada.say(To.user(bob), "for later");
        bob.connect(HUB.server(0));

        assertArrives(bob, ack, "for later");
    }

    @Test
    void reachesOneConnectionOnly() {
        RawClient phone = bob.device("phone").connect(HUB.server(1));

        JsonObject ack = ada.say(To.connection(bob), List.of(1, 2));

        assertThat(ack.containsKey("seq")).isFalse();
        assertThat(bob.awaitMessage(ack.getString("messageId")).getValue("data"))
                .isEqualTo(new JsonArray("[1,2]"));
        ada.say(To.user(bob), "after that");
        phone.awaitFrame("message", frame -> "after that".equals(frame.getValue("data")));
        assertThat(phone.timesSeen(ack.getString("messageId"))).isZero();
        phone.close();
    }

    @Test
    void saysThatAnAddressDoesNotExist() {
        JsonObject gone = new JsonObject().put("connection", bob.connection() + "0");

        assertRefused("unknown_connection", frame(gone, 1));
        assertRefused("unknown_user", frame(new JsonObject().put("user", "nobody-" + UUID.randomUUID()), 1));
        assertRefused("unknown_group", frame(To.group("chat:" + group), 1));
        assertRefused("not_joined", frame(To.group(group), 1));
        bob.join("chat:" + group);
        assertRefused("not_joined", frame(To.group("chat:" + group), 1));
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
            JsonObject message = bob.awaitMessage(id);
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
    void takesAMessageOnceHoweverOftenAndWhereverItIsSent() {
        ada.join(group);
        RawClient phone = ada.device("phone").connect(HUB.server(1));
        phone.join(group);
        String id = UUID.randomUUID().toString();

        JsonObject first =
                RawClient.await(ada.send(frame(To.group(group), "once").put("messageId", id)));
        JsonObject second =
                RawClient.await(phone.send(frame(To.group(group), "once").put("messageId", id)));
        JsonObject after = ada.say(To.group(group), "after");

        assertThat(first.getBoolean("duplicate")).isFalse();
        assertThat(second.getBoolean("duplicate")).isTrue();
        for (String field : List.of("channel", "epoch", "seq", "time")) {
            assertThat(second.getValue(field)).as(field).isEqualTo(first.getValue(field));
        }
        assertThat(after.getLong("seq")).isEqualTo(first.getLong("seq") + 1);
        for (RawClient client : List.of(ada, phone)) {
            client.awaitMessage(after.getString("messageId"));
            assertThat(client.timesSeen(id)).isEqualTo(1);
        }
        phone.close();
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
    void withholdsFromUsersWhoAreExcepted() {
        ada.join(group);
        bob.join(group);

        JsonObject hidden = RawClient.await(
                ada.send(frame(To.group(group), "a surprise").put("except", new JsonArray().add(bob.user()))));
        JsonObject shown = ada.say(To.group(group), "a cake");

        bob.awaitMessage(shown.getString("messageId"));
        assertThat(bob.timesSeen(hidden.getString("messageId"))).isZero();
        assertThat(bob.record().seen())
                .contains(new Seen.Skip(
                        "group/" + group, hidden.getString("epoch"), hidden.getLong("seq"), hidden.getLong("seq")));
        assertThat(history(bob, group)).containsExactly(shown.getLong("seq"));
        assertThat(history(ada, group)).containsExactly(hidden.getLong("seq"), shown.getLong("seq"));
    }

    @Test
    void doesNotEchoToAConnectionThatWantsNone() {
        ada.join(group);
        bob.join(group);

        JsonObject quiet =
                RawClient.await(ada.send(frame(To.group(group), "noted").put("echo", false)));
        JsonObject loud = ada.say(To.group(group), "and this");

        assertArrives(bob, quiet, "noted");
        ada.awaitMessage(loud.getString("messageId"));
        assertThat(ada.timesSeen(quiet.getString("messageId"))).isZero();
    }

    @Test
    void deliversVolatileMessagesWithoutAPlaceInTheLog() {
        ada.join(group);
        bob.join(group);

        JsonObject ack =
                RawClient.await(ada.send(frame(To.group(group), "now or never").put("volatile", true)));
        JsonObject kept = ada.say(To.group(group), "kept");

        assertThat(ack.containsKey("seq")).isFalse();
        assertThat(bob.awaitMessage(ack.getString("messageId")).containsKey("seq"))
                .isFalse();
        assertThat(history(bob, group)).containsExactly(kept.getLong("seq"));
    }

    @Test
    void keepsADirectConversationForTheTwo() {
        String dm = "dm:"
                + Stream.of(ada.user(), bob.user())
                        .sorted()
                        .reduce((one, two) -> one + "~" + two)
                        .orElseThrow();
        RawClient eve = RawClient.guest("Eve").connect(HUB.server(1));

        ada.join(dm);
        JsonObject ack = ada.say(To.group(dm), "psst");

        assertArrives(bob, ack, "psst");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> eve.join(dm))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("forbidden"));
        JsonObject answer = bob.say(To.group(dm), "what?");
        assertArrives(ada, answer, "what?");
        assertThat(eve.timesSeen(ack.getString("messageId"))).isZero();
        eve.close();
    }

    @Test
    void tellsWhoComesAndGoes() {
        ada.join(group);
        bob.join(group);

        ada.awaitFrame("presence", frame -> presence(frame, bob, "joined"));
        for (RawClient client : List.of(ada, bob)) {
            assertThat(present(client)).containsExactlyInAnyOrder(ada.user(), bob.user());
        }

        bob.request(new JsonObject().put("type", "leave").put("group", group));
        ada.awaitFrame("presence", frame -> presence(frame, bob, "left"));
        assertThat(present(ada)).containsExactly(ada.user());
    }

    @Test
    void tellsThatSomebodyTypes() {
        ada.join(group);
        bob.join(group);

        ada.request(new JsonObject()
                .put("type", "typing")
                .put("to", To.group(group))
                .put("active", true));

        JsonObject typing = bob.awaitFrame("typing", frame -> true);
        assertThat(typing.getString("user")).isEqualTo(ada.user());
        assertThat(typing.getBoolean("active")).isTrue();
    }

    @Test
    void givesTheSameHistoryEverywhere() {
        ada.join(group);
        bob.join(group);
        List<Long> sent = Stream.of("a", "b", "c", "d")
                .map(text -> ada.say(To.group(group), text).getLong("seq"))
                .toList();

        assertThat(history(ada, group)).isEqualTo(sent);
        assertThat(history(bob, group)).isEqualTo(sent);
        JsonObject page = bob.request(new JsonObject()
                .put("type", "history")
                .put("channel", "group/" + group)
                .put("before", sent.get(3))
                .put("limit", 2));
        assertThat(seqs(page)).containsExactly(sent.get(1), sent.get(2));
        assertThat(page.getBoolean("more")).isTrue();
        Answer http = HUB.server(1).get("/v1/groups/" + group + "/messages?limit=3");
        assertThat(seqs(http.body())).isEqualTo(sent.subList(1, 4));
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
        Awaitility.await("Bob is sent away").until(() -> bob.closings().equals(List.of(4201)));
    }

    @Test
    void countsTheInstances() {
        JsonArray nodes = HUB.server(0).get("/v1/cluster").body().getJsonArray("nodes");

        assertThat(nodes.stream().map(node -> ((JsonObject) node).getString("node")))
                .containsExactlyInAnyOrder(
                        ada.welcomed().getString("node"), bob.welcomed().getString("node"));
    }

    private void assertRefused(String code, JsonObject send) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> RawClient.await(ada.send(send)))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    /** That a message came to a client, and at the place of which its sender was told. */
    private static void assertArrives(RawClient client, JsonObject ack, Object data) {
        JsonObject message = client.awaitMessage(ack.getString("messageId"));
        for (String field : List.of("channel", "epoch", "seq", "time")) {
            assertThat(message.getValue(field)).as(field).isEqualTo(ack.getValue(field));
        }
        assertThat(message.getValue("data")).isEqualTo(data);
    }

    private static Answer post(ServerProcess server, JsonObject message, String id) {
        return server.post("/v1/messages", message, Map.of("Idempotency-Key", id));
    }

    private static List<Long> history(RawClient client, String group) {
        return seqs(client.request(new JsonObject().put("type", "history").put("channel", "group/" + group)));
    }

    private static List<Long> seqs(JsonObject page) {
        return page.getJsonArray("messages").stream()
                .map(message -> ((JsonObject) message).getLong("seq"))
                .toList();
    }

    private List<String> present(RawClient client) {
        return client
                .request(new JsonObject().put("type", "presence").put("group", group))
                .getJsonArray("users")
                .stream()
                .map(user -> ((JsonObject) user).getString("user"))
                .toList();
    }

    private static boolean presence(JsonObject frame, RawClient who, String state) {
        return who.user().equals(frame.getString("user")) && state.equals(frame.getString("state"));
    }
}
