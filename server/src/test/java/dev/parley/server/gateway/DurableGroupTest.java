package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups that belong to users, not to connections. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class DurableGroupTest {

    @TestHTTPResource("/")
    URI root;

    private final String id = UUID.randomUUID().toString();
    private final String group = "chat:" + id;
    private final String channel = "group/" + group;
    private final String adaId = "a-" + id;
    private final String bobId = "b-" + id;
    private Person ada;
    private Person bob;

    @BeforeEach
    void connect() {
        ada = Person.of(root, adaId);
        bob = Person.of(root, bobId);
    }

    @AfterEach
    void hangUp() {
        ada.close();
        bob.close();
    }

    @Test
    void whoCreatesItOwnsItAndWhoComesLaterIsAMember() {
        JsonObject first = ada.join(group);
        JsonObject second = bob.join(group);

        assertThat(first.getString("role")).isEqualTo("owner");
        assertThat(first.getLong("members")).isEqualTo(1);
        assertThat(second.getString("role")).isEqualTo("member");
        assertThat(second.getLong("members")).isEqualTo(2);
    }

    @Test
    void aJoinIsAnEntryForThoseWhoAreThere() {
        ada.join(group);
        JsonObject joined = bob.join(group);

        JsonObject entry = ada.await(frame -> isMembershipOf(frame, bobId));
        assertThat(entry.getLong("seq")).isEqualTo(joined.getLong("seq"));
        assertThat(entry.getJsonObject("data").getString("state")).isEqualTo("added");
        assertThat(entry.getJsonObject("data").getString("role")).isEqualTo("member");
    }

    @Test
    void aMemberFollowsFromWelcomeOnOnEveryDevice() {
        ada.join(group);
        ada.send(Say.group(group), "before");
        try (Person phone = Person.of(root, adaId)) {
            assertThat(phone.welcome(channel).getString("role")).isEqualTo("owner");
            ada.send(Say.group(group), "after");

            assertThat(phone.nextData()).isEqualTo("after");
            phone.send(Say.group(group), "from the phone");
            ada.await(frame -> "from the phone".equals(frame.getValue("data")));
        }
    }

    @Test
    void aJoinOnOneDeviceIsFollowedOnTheOthers() {
        try (Person phone = Person.of(root, adaId)) {
            JsonObject ack = ada.join(group);

            JsonObject membership = phone.next("membership");
            assertThat(membership)
                    .isEqualTo(JsonObject.of("type", "membership")
                            .put("group", group)
                            .put("state", "added")
                            .put("role", "owner")
                            .put("epoch", ack.getString("epoch"))
                            .put("seq", ack.getLong("seq").intValue()));
            ada.send(Say.group(group), "hi");
            phone.await(frame -> "hi".equals(frame.getValue("data")));
        }
    }

    @Test
    void theLeaverSeesTheEntryOfItAsTheLastOne() {
        ada.join(group);
        bob.join(group);
        try (Person phone = Person.of(root, bobId)) {
            bob.accepted(Say.leave(group));

            for (Person device : new Person[] {bob, phone}) {
                JsonObject entry = device.await(frame -> isMembershipOf(frame, bobId)
                        && frame.getJsonObject("data").getString("state").equals("removed"));
                assertThat(entry.getString("channel")).isEqualTo(channel);
                device.await(frame -> frame.getString("type").equals("membership")
                        && frame.getString("state").equals("removed"));
                device.heard();
            }
            ada.send(Say.group(group), "gone?");
            ada.await(frame -> "gone?".equals(frame.getValue("data")));
            for (Person device : new Person[] {bob, phone}) {
                assertThat(device.all()).noneMatch(frame -> channel.equals(frame.getString("channel")));
                device.refused(Say.send(Say.group(group), 1), "not_joined");
            }
        }
        try (Person back = Person.of(root, bobId)) {
            assertThat(back.welcome().getJsonArray("channels").encode()).doesNotContain(channel);
        }
    }

    @Test
    void whoJoinsAgainFollowsAgain() {
        ada.join(group);
        bob.join(group);
        bob.accepted(Say.leave(group));
        long left = bob.await(frame -> frame.getString("type").equals("membership")
                        && frame.getString("state").equals("removed"))
                .getLong("seq");
        bob.catchUp(channel, left);
        bob.places.left(channel);

        bob.join(group);

        ada.send(Say.group(group), "welcome back");
        bob.await(frame -> "welcome back".equals(frame.getValue("data")));
    }

    /** However the answers, the entries of the group and those of the inbox come between each other. */
    @Test
    void whoLeavesAndJoinsInOneBreathFollowsInTheEnd() {
        ada.join(group);
        try (RawSocket hasty = RawSocket.open(root)) {
            hasty.text(Say.hello(TestToken.of(bobId)).encode());
            for (int i = 1; i <= 50; i++) {
                JsonObject join = Say.join(group).put("id", "join " + i);
                hasty.text(Say.leave(group).encode() + "\n" + join.encode());
                awaitText(hasty, "join " + i);
                ada.send(Say.group(group), "message " + i);
                awaitText(hasty, "message " + i);
            }
        }
    }

    private static void awaitText(RawSocket socket, String part) {
        RawSocket.Frame frame = socket.read();
        while (!frame.text().contains('"' + part + '"')) {
            frame = socket.read();
        }
    }

    @Test
    void whoWasAwayResumesItLikeAnyChannel() {
        ada.join(group);
        bob.join(group);
        JsonObject resume = bob.places.resume();
        bob.close();
        ada.send(Say.group(group), "missed");

        try (Person back = Person.back(root, bobId, resume)) {
            assertThat(back.welcome(channel).getBoolean("recovered")).isTrue();
            back.await(frame -> "missed".equals(frame.getValue("data")));
        }
    }

    /** The inbox tells where a group begins that another device joined meanwhile. */
    @Test
    void whoWasAwayWhenAnotherDeviceJoinedMissesNothingSinceThen() {
        ada.join(group);
        JsonObject resume = bob.places.resume();
        try (Person desktop = Person.of(root, bobId)) {
            bob.close();
            desktop.join(group);
            ada.send(Say.group(group), "one");
            ada.send(Say.group(group), "two");
        }
        try (Person back = Person.back(root, bobId, resume)) {
            back.await(frame -> "one".equals(frame.getValue("data")));
            back.await(frame -> "two".equals(frame.getValue("data")));
        }
    }

    @Test
    void whoIsNoMemberMayNeitherSendNorReadNorResume() {
        ada.join(group);

        bob.refused(Say.send(Say.group(group), 1), "not_joined");
        bob.refused(Say.history(channel), "not_joined");
        bob.refused(JsonObject.of("type", "presence", "group", group), "not_joined");
        try (Person back = Person.back(root, bobId, JsonObject.of(channel, Say.cursor("e", 0)))) {
            assertThat(back.welcome(channel).getString("error")).isEqualTo("not_joined");
        }
    }

    @Test
    void aReadPositionIsToldToTheOthersAndKept() {
        ada.join(group);
        bob.join(group);
        long seq = ada.send(Say.group(group), "read me").getLong("seq");
        bob.catchUp(channel, seq);
        JsonObject read = JsonObject.of("type", "read", "channel", channel, "seq", seq);
        bob.accepted(read);

        JsonObject receipt = ada.next("receipt");
        assertThat(receipt.getString("channel")).isEqualTo(channel);
        assertThat(receipt.getString("user")).isEqualTo(bobId);
        assertThat(receipt.getLong("seq")).isEqualTo(seq);

        bob.accepted(read.copy().put("seq", 1));
        try (Person phone = Person.of(root, bobId)) {
            assertThat(phone.welcome(channel).getLong("read")).isEqualTo(seq);
        }
    }

    @Test
    void aReadPositionIsNotBeyondTheEnd() {
        ada.join(group);
        long head = ada.send(Say.group(group), 1).getLong("seq");
        ada.catchUp(channel, head);
        ada.accepted(JsonObject.of("type", "read", "channel", channel, "seq", 9007199254740991L));

        try (Person phone = Person.of(root, adaId)) {
            assertThat(phone.welcome(channel).getLong("read")).isEqualTo(head);
        }
    }

    @Test
    void aDirectConversationIsOpenedByEitherOfTheTwo() {
        String direct = "dm:" + adaId + "~" + bobId;
        ada.refused(Say.send(Say.group(direct), 1), "unknown_group");
        bob.join(direct);

        assertThat(ada.await(frame -> frame.getString("type").equals("membership")
                                && frame.getString("group").equals(direct))
                        .getString("state"))
                .isEqualTo("added");
        ada.send(Say.group(direct), "hi bob");
        bob.await(frame -> "hi bob".equals(frame.getValue("data")));
    }

    @Test
    void aDirectConversationHasRoomForThoseTwoOnly() {
        ada.refused(Say.join("dm:" + bobId + "~z-" + id), "forbidden");
        ada.refused(Say.join("dm:" + bobId + "~" + adaId), "bad_frame");
        ada.refused(Say.join("dm:" + adaId + "~" + adaId), "bad_frame");
        ada.refused(Say.join("dm:" + adaId), "bad_frame");
    }

    private static boolean isMembershipOf(JsonObject frame, String user) {
        return frame.getString("type").equals("message")
                && frame.getString("event").equals("membership")
                && frame.getString("channel").startsWith("group/")
                && frame.getJsonObject("data").getString("user").equals(user);
    }
}
