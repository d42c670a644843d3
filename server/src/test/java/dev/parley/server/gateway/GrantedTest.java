package dev.parley.server.gateway;

import static dev.parley.server.gateway.TestToken.grant;
import static dev.parley.server.gateway.TestToken.granted;
import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Address;
import dev.parley.server.group.Groups;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a token's grants open and close. Ada has none and is in every group first. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class GrantedTest {

    @TestHTTPResource("/")
    URI root;

    @Inject
    Groups groups;

    private final String id = UUID.randomUUID().toString();
    private final String open = "open-" + id;
    private final String chat = "chat:" + id;
    private final String team = "team:" + id;
    private final String bobId = "b-" + id;
    private Person ada;

    @BeforeEach
    void connect() {
        ada = Person.of(root, "a-" + id);
        ada.join(open);
        ada.join(chat);
        ada.join(team);
        ada.send(Say.group(open), "first");
        ada.send(Say.group(chat), "first");
        ada.send(Say.group(team), "first");
    }

    @AfterEach
    void hangUp() {
        ada.close();
    }

    @Test
    void whatNoGrantAllowsIsForbidden() {
        try (Person bob = bob(grant("open-*", "presence"), grant("elsewhere", "join", "send", "read"))) {
            bob.refused(Say.join(open), "forbidden");
            bob.refused(Say.send(Say.group(open), 1), "forbidden");
            bob.refused(JsonObject.of("type", "typing", "to", Say.group(open), "active", true), "not_joined");
            bob.refused(Say.history("group/" + open), "forbidden");
            bob.refused(Say.join(chat), "forbidden");
            bob.refused(Say.history("group/" + chat), "forbidden");
            bob.refused(JsonObject.of("type", "presence", "group", chat), "forbidden");

            bob.accepted(JsonObject.of("type", "presence", "group", open));
            bob.join("elsewhere");
        }
    }

    @Test
    void whoMayOnlyJoinReadsWithoutATongue() {
        try (Person bob = bob(grant(open, "join"))) {
            bob.accepted(Say.join(open).put("since", JsonObject.of("last", 1)));
            assertThat(bob.nextData()).isEqualTo("first");
            ada.send(Say.group(open), "second");
            assertThat(bob.nextData()).isEqualTo("second");

            assertThat(bob.accepted(Say.history("group/" + open)).getJsonArray("messages"))
                    .hasSize(2);
            bob.refused(Say.send(Say.group(open), 1), "forbidden");
            bob.refused(JsonObject.of("type", "presence", "group", open), "forbidden");
        }
    }

    @Test
    void whoMayOnlySendNeedNotJoin() {
        try (Person bob = bob(grant("*", "send"))) {
            for (String group : new String[] {open, chat, team}) {
                bob.send(Say.group(group), "from outside");
                assertThat(ada.await(frame -> "from outside".equals(frame.getValue("data")))
                                .getString("channel"))
                        .isEqualTo("group/" + group);
                bob.refused(Say.join(group), "forbidden");
                bob.refused(Say.history("group/" + group), "forbidden");
            }
            bob.refused(Say.send(Say.group("chat:none-" + id), 1), "unknown_group");
        }
    }

    @Test
    void whoMayOnlyReadNeedNotJoin() {
        try (Person bob = bob(grant("*", "read", "presence"))) {
            for (String group : new String[] {open, chat, team}) {
                assertThat(bob.accepted(Say.history("group/" + group)).getJsonArray("messages").stream()
                                .map(message -> ((JsonObject) message).getValue("data")))
                        .contains("first");
                assertThat(bob.accepted(JsonObject.of("type", "presence", "group", group))
                                .getLong("count"))
                        .isEqualTo(1);
                bob.refused(Say.join(group), "forbidden");
            }
            bob.refused(Say.history("group/chat:none-" + id), "unknown_group");
        }
    }

    @Test
    void aGrantOpensAClosedGroup() {
        try (Person eve = Person.of(root, "e-" + id);
                Person bob = bob(grant("team:*", "join", "send"))) {
            eve.refused(Say.join(team), "forbidden");

            assertThat(bob.join(team).getString("role")).isEqualTo("member");
            bob.send(Say.group(team), "in");
            assertThat(ada.await(frame -> "in".equals(frame.getValue("data")))
                            .getJsonObject("from")
                            .getString("user"))
                    .isEqualTo(bobId);
        }
    }

    @Test
    void noGrantOpensTheConversationOfOthers() {
        String direct = "dm:a-" + id + "~c-" + id;
        ada.join(direct);
        ada.send(Say.group(direct), "between us");
        try (Person bob = bob(grant("*", "join", "send", "read", "presence", "manage"))) {
            bob.refused(Say.join(direct), "forbidden");
            bob.refused(Say.send(Say.group(direct), 1), "not_joined");
            bob.refused(Say.history("group/" + direct), "not_joined");
            bob.refused(JsonObject.of("type", "presence", "group", direct), "not_joined");
        }
    }

    @Test
    void aGroupThatMayNotBeReadIsNotFollowedByItsMember() {
        get(groups.put(new Address.Group(chat), bobId, null));
        try (Person bob = bob(grant(open, "join"))) {
            assertThat(bob.welcome().getJsonArray("channels").stream()
                            .map(each -> ((JsonObject) each).getString("channel")))
                    .doesNotContain("group/" + chat);
            ada.send(Say.group(chat), "not for bob here");
            bob.refused(Say.history("group/" + chat), "forbidden");

            JsonObject refresh = JsonObject.of("type", "refresh", "token", granted(bobId, grant("chat:*", "read")));
            bob.accepted(refresh);
            JsonObject added = bob.next("membership");
            assertThat(added.getString("group")).isEqualTo(chat);
            assertThat(added.getString("state")).isEqualTo("added");
            ada.send(Say.group(chat), "for bob");

            bob.await(frame -> "for bob".equals(frame.getValue("data")));
            assertThat(bob.all()).noneMatch(frame -> "not for bob here".equals(frame.getValue("data")));
        }
    }

    @Test
    void whatIsNotGrantedAnyMoreIsNotResumed() {
        try (Person bob = Person.of(root, bobId)) {
            bob.join(open);
            bob.join(chat);
            JsonObject resume = bob.places.resume();
            ada.send(Say.group(open), "meanwhile");

            JsonObject hello =
                    Say.hello(granted(bobId, grant("elsewhere", "join"))).put("resume", resume);
            try (Person back = Person.with(RawSocket.open(root), hello)) {
                assertThat(back.welcome("group/" + open).getString("error")).isEqualTo("forbidden");
                assertThat(back.welcome("group/" + chat).getString("error")).isEqualTo("forbidden");
                assertThat(back.all()).noneMatch(frame -> "meanwhile".equals(frame.getValue("data")));
            }
        }
    }

    @Test
    void aRefreshThatAllowsLessEndsWhatMayNotBeReadAnyMore() {
        try (Person bob = Person.of(root, bobId)) {
            bob.join(open);
            bob.join(chat);
            bob.join("kept-" + id);
            JsonObject refresh =
                    JsonObject.of("type", "refresh", "token", granted(bobId, grant("kept-*", "join", "send")));
            bob.accepted(refresh);
            assertThat(bob.await(frame -> isRemoved(frame, open)).containsKey("epoch"))
                    .isTrue();
            bob.await(frame -> isRemoved(frame, chat));

            ada.send(Say.group(open), "not for bob");
            ada.send(Say.group(chat), "not for bob");
            bob.refused(Say.send(Say.group(open), 1), "forbidden");
            bob.refused(Say.history("group/" + open), "forbidden");
            bob.refused(Say.join(open), "forbidden");
            bob.send(Say.group("kept-" + id), "still here");

            bob.await(frame -> "still here".equals(frame.getValue("data")));
            assertThat(bob.all()).noneMatch(frame -> "not for bob".equals(frame.getValue("data")));
        }
    }

    @Test
    void whoIsAddedToAGroupThatMayNotBeReadHearsNothingOfIt() {
        try (Person bob = bob(grant(open, "join"))) {
            get(groups.put(new Address.Group(chat), bobId, null));
            ada.send(Say.group(chat), "not for bob");
            ada.send(Say.user(bobId), "hello bob");

            bob.await(frame -> "hello bob".equals(frame.getValue("data")));
            assertThat(bob.all())
                    .noneMatch(frame -> "not for bob".equals(frame.getValue("data")))
                    .noneMatch(frame -> frame.getString("type").equals("membership"));
        }
    }

    private static boolean isRemoved(JsonObject frame, String group) {
        return frame.getString("type").equals("membership")
                && frame.getString("group").equals(group)
                && frame.getString("state").equals("removed");
    }

    private Person bob(JsonObject... grants) {
        return Person.with(RawSocket.open(root), Say.hello(granted(bobId, grants)));
    }
}
