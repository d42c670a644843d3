package dev.parley.server.gateway;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Role;
import dev.parley.server.group.Groups;
import dev.parley.server.log.ChannelLog;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memberships that change while a connection is slow, or while logs begin anew: what it is told and what it gets fit each other in the end. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class MembershipChangesTest {
    private static final int RECEIVE_BUFFER = 64 * 1024;
    private static final String FILLER = "x".repeat(20_000);

    @TestHTTPResource("/")
    URI root;

    @Inject
    Groups groups;

    @Inject
    ChannelLog log;

    @Inject
    Sessions sessions;

    private final String id = UUID.randomUUID().toString();
    private final String group = "chat:" + id;
    private final String channel = "group/" + group;
    private final Address.Group team = new Address.Group(group);
    private final String bobId = "b-" + id;
    private final String inbox = "user/" + bobId;
    private Person ada;

    @BeforeEach
    void connect() {
        ada = Person.of(root, "a-" + id);
        ada.join(group);
    }

    @AfterEach
    void hangUp() {
        ada.close();
    }

    @Test
    void whoBelongsToAGroupIsListedPageByPageForItsMembers() {
        try (Person bob = Person.of(root, bobId)) {
            JsonObject ask = JsonObject.of("type", "members", "group", group, "limit", 2);
            bob.refused(ask, "not_joined");
            get(groups.put(team, bobId, Role.MODERATOR));
            bob.await(frame -> isMembership(frame, "added"));
            get(groups.put(team, "c-" + id, null));

            JsonObject first = bob.accepted(ask);
            JsonObject last = bob.accepted(ask.copy().put("cursor", first.getString("next")));

            assertThat(listed(first)).containsExactly("a-" + id + " owner", bobId + " moderator");
            assertThat(first.getJsonArray("members").getJsonObject(0).getString("name"))
                    .isEqualTo(ada.welcome().getJsonObject("user").getString("name"));
            assertThat(listed(last)).containsExactly("c-" + id + " member");
            assertThat(last.containsKey("next")).isFalse();
            assertThat(List.of(first.getLong("count"), last.getLong("count"))).containsExactly(3L, 3L);
            bob.refused(ask.copy().put("cursor", "bm9uZQ"), "bad_frame");
            bob.refused(ask.copy().put("group", "session-" + id), "not_joined");
            bob.refused(ask.copy().put("group", "chat:none-" + id), "unknown_group");
            bob.join("session-" + id);
            bob.refused(ask.copy().put("group", "session-" + id), "conflict");

            get(groups.remove(team, bobId));
            bob.await(frame -> isMembership(frame, "removed"));
            bob.refused(ask, "not_joined");
        }
    }

    private static List<String> listed(JsonObject page) {
        return page.getJsonArray("members").stream()
                .map(JsonObject.class::cast)
                .map(each -> each.getString("user") + " " + each.getString("role"))
                .toList();
    }

    /** The removal lies in a backlog that is written only when the user is a member again. */
    @Test
    void whoIsPutBackWhileReadingSlowlyGoesOnBehindTheRemoval() {
        get(groups.put(team, bobId, null));
        try (Person slow = slowBob()) {
            flood(300);
            get(groups.remove(team, bobId));
            ada.send(Say.group(group), "not for bob");
            get(groups.put(team, bobId, null));
            flood(300);

            slow.await(frame -> isMembership(frame, "removed"));
            slow.await(frame -> isMembership(frame, "added"));
            ada.send(Say.group(group), "welcome back");

            slow.await(frame -> "welcome back".equals(frame.getValue("data")));
            assertThat(slow.heard())
                    .noneMatch(frame -> "not for bob".equals(frame.getValue("data")))
                    .noneMatch(frame -> frame.getString("type").equals("gap"));
        }
    }

    @Test
    void whoIsRemovedWhileReadingSlowlyGetsAllUpToThatAndNothingAfter() {
        get(groups.put(team, bobId, null));
        try (Person slow = slowBob()) {
            flood(300);
            get(groups.remove(team, bobId));
            long last = get(log.head(channel, null)).seq();
            ada.send(Say.group(group), "not for bob");

            slow.await(frame -> isMembership(frame, "removed"));

            assertThat(slow.places.of(channel).seq()).isEqualTo(last);
            slow.refused(Say.send(Say.group(group), 1), "not_joined");
            assertThat(slow.all()).noneMatch(frame -> "not for bob".equals(frame.getValue("data")));
        }
    }

    /** {@link Places} holds that nothing of the group comes between being told of a removal and of the next addition, and everything besides. */
    @Test
    void manyChangesInARowAreToldInOrderWithWhatCameBetween() {
        try (Person bob = Person.of(root, bobId)) {
            for (int i = 0; i < 100; i++) {
                get(groups.put(team, bobId, null));
                ada.send(Say.group(group), "in " + i);
                get(groups.remove(team, bobId));
                ada.send(Say.group(group), "out " + i);
            }
            get(groups.put(team, bobId, null));
            ada.send(Say.group(group), "in the end");

            for (int i = 0; i < 100; i++) {
                bob.await(frame -> isMembership(frame, "added"));
                String data = "in " + i;
                bob.await(frame -> data.equals(frame.getValue("data")));
                bob.await(frame -> isMembership(frame, "removed"));
            }
            bob.await(frame -> "in the end".equals(frame.getValue("data")));
            assertThat(bob.heard())
                    .noneMatch(frame -> String.valueOf(frame.getValue("data")).startsWith("out "));
        }
    }

    /** Or it could not know whether the ack of its join says where it goes on, or only where the group stands. */
    @Test
    void whoLeavesAndComesBackAtOnceIsToldOfTheEndFirst() {
        try (Person bob = Person.of(root, bobId)) {
            bob.join(group);
            for (int i = 0; i < 50; i++) {
                JsonObject leave = bob.numbered(Say.leave(group));
                JsonObject join = bob.numbered(Say.join(group));
                bob.say(leave, join);
                ada.send(Say.group(group), i);

                assertThat(bob.answerTo(join).getString("type")).isEqualTo("ack");

                assertThat(bob.heard())
                        .as("what is told before the ack of the join")
                        .filteredOn(frame -> isMembership(frame, "removed"))
                        .hasSize(1);
            }
            assertThat(bob.all()).noneMatch(frame -> isMembership(frame, "removed"));
        }
    }

    @Test
    void anAdditionIsHeardInANewInbox() {
        for (int i = 0; i < 20; i++) {
            ada.ask(Say.send(Say.user("a-" + id), i));
        }
        try (Person bob = Person.of(root, bobId)) {
            for (int i = 0; i < 20; i++) {
                ada.send(Say.user(bobId), i);
            }
            bob.catchUp(inbox, 20);
        }
        try (Person bob = Person.of(root, bobId)) {
            beginAnew(inbox);

            get(groups.put(team, bobId, null));

            bob.await(frame -> isMembership(frame, "added"));
            ada.send(Say.group(group), "hi bob");
            bob.await(frame -> "hi bob".equals(frame.getValue("data")));
            bob.send(Say.group(group), "hi ada");
        }
    }

    @Test
    void aRemovalIsHeardInANewInboxAndANewGroupLog() {
        get(groups.put(team, bobId, null));
        for (int i = 0; i < 20; i++) {
            ada.send(Say.group(group), i);
            ada.send(Say.user(bobId), i);
        }
        try (Person bob = Person.of(root, bobId)) {
            beginAnew(inbox);
            beginAnew(channel);

            get(groups.remove(team, bobId));

            bob.await(frame -> isMembership(frame, "removed"));
            ada.send(Say.group(group), "not for bob");
            ada.await(frame -> "not for bob".equals(frame.getValue("data")));
            bob.refused(Say.send(Say.group(group), 1), "not_joined");
            assertThat(bob.all()).noneMatch(frame -> "not for bob".equals(frame.getValue("data")));
        }
    }

    @Test
    void anAdditionThatGotLostWithTheInboxIsFoundInTheList() throws InterruptedException {
        try (Person bob = Person.of(root, bobId)) {
            whileNothingReaches(bob, () -> {
                beginAnew(inbox);
                get(groups.put(team, bobId, null));
                beginAnew(inbox);
            });
            ada.send(Say.user(bobId), "rings");

            bob.await(frame -> isMembership(frame, "added"));
            ada.send(Say.group(group), "hi bob");
            bob.await(frame -> "hi bob".equals(frame.getValue("data")));
            bob.send(Say.group(group), "hi ada");
        }
    }

    /** Both the group's entry and the inbox's are lost. */
    @Test
    void aRemovalThatGotLostWithTheInboxIsFoundInTheList() throws InterruptedException {
        get(groups.put(team, bobId, null));
        try (Person bob = Person.of(root, bobId)) {
            whileNothingReaches(bob, () -> {
                beginAnew(inbox);
                beginAnew(channel);
                get(groups.remove(team, bobId));
                beginAnew(inbox);
                beginAnew(channel);
            });
            ada.send(Say.user(bobId), "rings");

            bob.await(frame -> isMembership(frame, "removed"));
            ada.send(Say.group(group), "not for bob");
            ada.await(frame -> "not for bob".equals(frame.getValue("data")));
            bob.refused(Say.send(Say.group(group), 1), "not_joined");
            assertThat(bob.all()).noneMatch(frame -> "not for bob".equals(frame.getValue("data")));
        }
    }

    private void whileNothingReaches(Person person, Runnable what) throws InterruptedException {
        Session session = sessions.all().stream()
                .filter(each -> each.connection.equals(person.connection()))
                .findAny()
                .orElseThrow();
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        session.socket.loop().execute(() -> {
            stopped.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        stopped.await();
        try {
            what.run();
        } finally {
            goOn.countDown();
        }
    }

    private void beginAnew(String which) {
        Cursor head = get(log.head(which, null));
        assertThat(get(log.restart(which, head.epoch())).epoch()).isNotEqualTo(head.epoch());
    }

    private Person slowBob() {
        return Person.with(RawSocket.open(root, RECEIVE_BUFFER), Say.hello(TestToken.of(bobId)));
    }

    private static boolean isMembership(JsonObject frame, String state) {
        return frame.getString("type").equals("membership")
                && frame.getString("state").equals(state);
    }

    private void flood(int messages) {
        for (int sent = 0; sent < messages; sent += 10) {
            ada.say(IntStream.range(0, 10)
                    .mapToObj(n -> Say.send(Say.group(group), FILLER))
                    .toArray(JsonObject[]::new));
            ada.catchUp(channel, ada.places.of(channel).seq() + 10);
        }
    }
}
