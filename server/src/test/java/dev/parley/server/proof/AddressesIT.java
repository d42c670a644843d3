package dev.parley.server.proof;

import static dev.parley.server.proof.RawClient.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.parley.server.proof.ServerProcess.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two instances are one hub: whatever is said on one reaches its address on the other. Ada is on the first, Bob on the second. */
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
        Checker.assertFaultless(List.of(ada, bob));
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
        phone.heard().awaitFrame("membership", frame -> chat.equals(frame.getString("group")));

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
        assertThat(ada.heard().timesSeen(ack.getString("messageId"))).isZero();
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
        assertThat(bob.heard().awaitMessage(ack.getString("messageId")).getValue("data"))
                .isEqualTo(new JsonArray("[1,2]"));
        ada.say(To.user(bob), "after that");
        phone.heard().awaitFrame("message", frame -> "after that".equals(frame.getValue("data")));
        assertThat(phone.heard().timesSeen(ack.getString("messageId"))).isZero();
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
            client.heard().awaitMessage(after.getString("messageId"));
            assertThat(client.heard().timesSeen(id)).isEqualTo(1);
        }
        phone.close();
    }

    @Test
    void withholdsFromUsersWhoAreExcepted() {
        ada.join(group);
        bob.join(group);

        JsonObject hidden = RawClient.await(
                ada.send(frame(To.group(group), "a surprise").put("except", new JsonArray().add(bob.user()))));
        JsonObject shown = ada.say(To.group(group), "a cake");

        bob.heard().awaitMessage(shown.getString("messageId"));
        assertThat(bob.heard().timesSeen(hidden.getString("messageId"))).isZero();
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
        ada.heard().awaitMessage(loud.getString("messageId"));
        assertThat(ada.heard().timesSeen(quiet.getString("messageId"))).isZero();
    }

    @Test
    void deliversVolatileMessagesWithoutAPlaceInTheLog() {
        ada.join(group);
        bob.join(group);

        JsonObject ack =
                RawClient.await(ada.send(frame(To.group(group), "now or never").put("volatile", true)));
        JsonObject kept = ada.say(To.group(group), "kept");

        assertThat(ack.containsKey("seq")).isFalse();
        assertThat(bob.heard().awaitMessage(ack.getString("messageId")).containsKey("seq"))
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
        assertThat(eve.heard().timesSeen(ack.getString("messageId"))).isZero();
        eve.close();
    }

    @Test
    void tellsWhoComesAndGoes() {
        ada.join(group);
        bob.join(group);

        ada.heard().awaitFrame("presence", frame -> presence(frame, bob, "joined"));
        for (RawClient client : List.of(ada, bob)) {
            assertThat(present(client)).containsExactlyInAnyOrder(ada.user(), bob.user());
        }

        bob.request(new JsonObject().put("type", "leave").put("group", group));
        ada.heard().awaitFrame("presence", frame -> presence(frame, bob, "left"));
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

        JsonObject typing = bob.heard().awaitFrame("typing", frame -> true);
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

    private void assertRefused(String code, JsonObject send) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> RawClient.await(ada.send(send)))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    /** That a message came to a client, and at the place of which its sender was told. */
    private static void assertArrives(RawClient client, JsonObject ack, Object data) {
        JsonObject message = client.heard().awaitMessage(ack.getString("messageId"));
        for (String field : List.of("channel", "epoch", "seq", "time")) {
            assertThat(message.getValue(field)).as(field).isEqualTo(ack.getValue(field));
        }
        assertThat(message.getValue("data")).isEqualTo(data);
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
