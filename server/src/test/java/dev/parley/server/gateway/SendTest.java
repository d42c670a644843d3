package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages to everyone, a group, a user and one connection: who gets them, and what their sender is told. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class SendTest {

    @TestHTTPResource("/")
    URI root;

    private Person ada;
    private Person bob;

    @BeforeEach
    void connect() {
        ada = Person.of(root, "send-ada");
        bob = Person.of(root, "send-bob");
    }

    @AfterEach
    void hangUp() {
        ada.close();
        bob.close();
    }

    @Test
    void aMessageToAGroupReachesItsFollowersTheSenderIncluded() {
        String group = inGroup(ada, bob);
        JsonObject ack = ada.accepted(Say.send(Say.group(group), "hi")
                .put("event", "greeting")
                .put("messageId", "m-1")
                .put("ref", JsonObject.of("messageId", "m-0", "kind", "reply")));

        JsonObject message = bob.next("message");

        assertThat(message)
                .isEqualTo(JsonObject.of("type", "message")
                        .put("channel", "group/" + group)
                        .put("seq", ack.getInteger("seq"))
                        .put("epoch", ack.getString("epoch"))
                        .put("to", Say.group(group))
                        .put(
                                "from",
                                JsonObject.of("user", "send-ada", "name", "send-ada", "connection", ada.connection()))
                        .put("messageId", "m-1")
                        .put("event", "greeting")
                        .put("time", ack.getLong("time"))
                        .put("data", "hi")
                        .put("ref", JsonObject.of("messageId", "m-0", "kind", "reply")));
        assertThat(ada.next("message")).isEqualTo(message);
        assertThat(ack.getBoolean("duplicate")).isFalse();
        assertThat(ack.getString("channel")).isEqualTo("group/" + group);
    }

    @Test
    void whoDoesNotFollowTheGroupHearsNothing() {
        String group = inGroup(ada);
        ada.send(Say.group(group), "hi");

        assertThat(bob.all()).isEmpty();
    }

    @Test
    void whoLeftTheGroupHearsNothing() {
        String group = inGroup(ada, bob);
        bob.accepted(Say.leave(group));
        ada.send(Say.group(group), "hi");

        assertThat(bob.all()).noneMatch(frame -> frame.getString("type").equals("message"));
        bob.refused(Say.send(Say.group(group), "hi"), "not_joined");
    }

    @Test
    void payloadsTravelByteForByte() {
        String group = inGroup(ada, bob);
        String data = "{\"b\":1.10,\"a\":[1e3,-0,\"\\u00e9\\/€\",null,true,{}],\"a\":12345678901234567890}";
        ada.socket.text("{\"type\":\"send\",\"to\":{\"group\":\"" + group + "\"},\"data\":" + data + "}");

        assertThat(bob.socket.read().text()).contains("\"data\":" + data);
    }

    @Test
    void aMessageToAUserReachesAllTheirDevices() {
        try (Person phone = Person.of(root, "send-bob")) {
            ada.send(Say.user("send-bob"), "psst");

            assertThat(bob.nextData()).isEqualTo("psst");
            assertThat(phone.nextData()).isEqualTo("psst");
            assertThat(ada.all()).isEmpty();
        }
    }

    @Test
    void aMessageToAUserWhoIsAwayWaitsInTheirInbox() {
        JsonObject before = bob.places.resume();
        bob.close();
        ada.send(Say.user("send-bob"), "later");

        try (Person back = Person.back(root, "send-bob", before)) {
            assertThat(back.nextData()).isEqualTo("later");
        }
    }

    @Test
    void nobodySendsToAUserWhoNeverWasHere() {
        ada.refused(Say.send(Say.user("send-nobody"), 1), "unknown_user");
    }

    @Test
    void aMessageToAConnectionReachesThatOneOnlyAndTakesNoSeq() {
        try (Person phone = Person.of(root, "send-bob")) {
            JsonObject ack = ada.send(Say.connection(bob.connection()), "you");

            JsonObject message = bob.next("message");
            assertThat(message.getString("channel")).isEqualTo("connection/" + bob.connection());
            assertThat(message.getValue("data")).isEqualTo("you");
            assertThat(message.fieldNames()).doesNotContain("seq", "epoch");
            assertThat(ack.fieldNames()).doesNotContain("seq", "epoch").contains("messageId", "channel", "time");
            assertThat(phone.all()).isEmpty();
        }
    }

    @Test
    void aConnectionThatIsGoneIsUnknown() {
        bob.socket.close(1000, "");
        bob.awaitClose();

        await().until(() -> isUnknown(bob.connection()));
        ada.refused(Say.send(Say.connection("nowhere"), 1), "unknown_connection");
        ada.refused(Say.send(Say.connection(ada.welcome().getString("node") + ".zzzzzz"), 1), "unknown_connection");
    }

    @Test
    void onlyAnAdminSendsToEveryone() {
        ada.refused(Say.send(Say.everyone(), 1), "forbidden");

        try (Person admin = Person.of(root, "send-admin", "admin")) {
            JsonObject ack = admin.send(Say.everyone(), "hear, hear");

            assertThat(ack.getString("channel")).isEqualTo("all");
            assertThat(List.of(ada.nextData(), bob.nextData(), admin.nextData()))
                    .containsOnly("hear, hear");
        }
    }

    @Test
    void aGroupMustBeJoinedFirst() {
        ada.refused(Say.send(Say.group("send-unjoined"), 1), "not_joined");
    }

    @Test
    void aDurableGroupThatDoesNotExistIsUnknown() {
        ada.refused(Say.send(Say.group("chat:send-nowhere"), 1), "unknown_group");
    }

    @Test
    void withoutEchoTheSendingConnectionGetsASkip() {
        String group = inGroup(ada, bob);
        try (Person phone = Person.of(root, "send-ada")) {
            phone.join(group);
            JsonObject ack = ada.accepted(Say.send(Say.group(group), "hi").put("echo", false));

            assertThat(ada.next("skip"))
                    .isEqualTo(JsonObject.of("type", "skip")
                            .put("channel", "group/" + group)
                            .put("epoch", ack.getString("epoch"))
                            .put("from", ack.getInteger("seq"))
                            .put("to", ack.getInteger("seq")));
            assertThat(List.of(bob.nextData(), phone.nextData())).containsOnly("hi");
        }
    }

    @Test
    void whoIsExceptedGetsASkipOnAllDevicesLiveInReplayAndInHistory() {
        String group = inGroup(ada, bob);
        JsonObject before = bob.places.resume();
        try (Person phone = Person.of(root, "send-bob")) {
            phone.join(group);
            ada.accepted(Say.send(Say.group(group), "secret").put("except", new JsonArray().add("send-bob")));
            ada.send(Say.group(group), "open");

            for (Person device : List.of(bob, phone)) {
                assertThat(device.next("skip").getInteger("from")).isEqualTo(1);
                assertThat(device.nextData()).isEqualTo("open");
                JsonObject page = device.accepted(Say.history("group/" + group));
                assertThat(page.getJsonArray("messages")).hasSize(1);
            }
        }
        try (Person back = Person.back(root, "send-bob", before)) {
            assertThat(back.welcome("group/" + group).getBoolean("recovered")).isTrue();
            assertThat(back.next("skip").getInteger("to")).isEqualTo(1);
            assertThat(back.nextData()).isEqualTo("open");
        }
        assertThat(ada.accepted(Say.history("group/" + group)).getJsonArray("messages"))
                .hasSize(2);
    }

    @Test
    void skipsAmongMessagesOfOneFrameKeepTheOrder() {
        String group = inGroup(ada, bob);
        JsonObject[] sends = new JsonObject[12];
        for (int i = 0; i < sends.length; i++) {
            sends[i] = Say.send(Say.group(group), i).put("echo", i % 3 == 0);
        }
        ada.say(sends);

        ada.catchUp("group/" + group, sends.length);
        bob.catchUp("group/" + group, sends.length);
        assertThat(ada.all())
                .filteredOn(frame -> frame.getString("type").equals("skip"))
                .hasSize(8);
        assertThat(bob.all())
                .extracting(frame -> frame.getValue("data"))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    @Test
    void aVolatileMessageTakesNoSeqAndIsNotKept() {
        String group = inGroup(ada, bob);
        JsonObject ack = ada.accepted(
                Say.send(Say.group(group), "gone").put("volatile", true).put("messageId", "v"));
        JsonObject kept = ada.send(Say.group(group), "kept");

        JsonObject message = bob.next("message");
        assertThat(message.getValue("data")).isEqualTo("gone");
        assertThat(message.fieldNames()).doesNotContain("seq", "epoch");
        assertThat(ack.fieldNames()).doesNotContain("seq", "epoch");
        assertThat(kept.getInteger("seq")).isEqualTo(1);
        assertThat(bob.accepted(Say.history("group/" + group)).getJsonArray("messages"))
                .hasSize(1);
    }

    @Test
    void aVolatileMessageKnowsEchoAndExcept() {
        String group = inGroup(ada, bob);
        ada.accepted(Say.send(Say.group(group), 1).put("volatile", true).put("echo", false));
        ada.accepted(
                Say.send(Say.group(group), 2).put("volatile", true).put("except", new JsonArray().add("send-bob")));
        ada.send(Say.group(group), 3);

        assertThat(List.of(ada.nextData(), ada.nextData())).containsExactly(2, 3);
        assertThat(List.of(bob.nextData(), bob.nextData())).containsExactly(1, 3);
    }

    @Test
    void aRepeatGetsTheFirstResultAndIsDeliveredToNobody() {
        String group = inGroup(ada, bob);
        JsonObject send = Say.send(Say.group(group), "once")
                .put("messageId", UUID.randomUUID().toString());
        JsonObject first = ada.accepted(send);
        try (Person phone = Person.of(root, "send-ada")) {
            phone.join(group);
            for (Person device : List.of(ada, phone)) {
                JsonObject repeat = device.accepted(send.copy().put("data", "twice"));

                assertThat(repeat.getBoolean("duplicate")).isTrue();
                assertThat(repeat.copy().put("id", 0).put("duplicate", false))
                        .isEqualTo(first.copy().put("id", 0));
            }
        }
        ada.send(Say.group(group), "end");
        assertThat(List.of(bob.nextData(), bob.nextData())).containsExactly("once", "end");
    }

    @Test
    void theSameMessageIdOfAnotherSenderOrInAnotherChannelIsAnotherMessage() {
        String one = inGroup(ada, bob);
        String other = inGroup(ada, bob);
        for (Person sender : List.of(ada, bob)) {
            for (String group : List.of(one, other)) {
                JsonObject ack = sender.accepted(Say.send(Say.group(group), 1).put("messageId", "same"));
                assertThat(ack.getBoolean("duplicate")).isFalse();
            }
        }
    }

    @Test
    void withoutAMessageIdTheServerMakesOneUp() {
        String group = inGroup(ada);
        JsonObject first = ada.send(Say.group(group), 1);
        JsonObject second = ada.send(Say.group(group), 1);

        assertThat(UUID.fromString(first.getString("messageId")).version()).isEqualTo(7);
        assertThat(second.getString("messageId")).isNotEqualTo(first.getString("messageId"));
    }

    @Test
    void oneWhoAsksForNoAnswerGetsNone() {
        String group = inGroup(ada);
        ada.say(Say.send(Say.group(group), 1), Say.send(Say.group("send-unjoined"), 1));

        ada.error("not_joined");
        assertThat(ada.all()).extracting(frame -> frame.getString("type")).containsExactly("message");
    }

    private boolean isUnknown(String connection) {
        return "unknown_connection"
                .equals(ada.ask(Say.send(Say.connection(connection), 1)).getString("code"));
    }

    private String inGroup(Person... people) {
        String group = "send-" + UUID.randomUUID();
        for (Person person : people) {
            person.join(group);
        }
        // Everybody has heard of everybody by now, so that tests see only what is sent.
        for (Person person : people) {
            person.all();
        }
        return group;
    }
}
