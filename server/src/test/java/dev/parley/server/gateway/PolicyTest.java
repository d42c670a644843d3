package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Namespaces' policies, and members who manage members, over sockets and over HTTP with their own tokens. */
@QuarkusTest
@TestProfile(PolicyTest.Profile.class)
class PolicyTest {

    /** One namespace for each thing that can be held back. */
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.guests.secret", TestToken.SECRET,
                    "parley.namespaces.stage.send", "role:speaker",
                    "parley.namespaces.stage.presence", "nobody",
                    "parley.namespaces.stage.read", "users",
                    "parley.namespaces.vip.join", "role:vip",
                    "parley.namespaces.team.membership", "durable",
                    "parley.namespaces.team.join", "anyone",
                    "parley.namespaces.team.send", "owners,moderators",
                    "parley.namespaces.team.max-members", "3");
        }
    }

    @TestHTTPResource("/")
    URI root;

    private final String id = UUID.randomUUID().toString();
    private final String team = "team:" + id;
    private final String stage = "stage:" + id;
    private final String adaId = "a-" + id;
    private final String bobId = "b-" + id;
    private final String carlId = "c-" + id;
    private Person ada;
    private Person bob;

    @BeforeEach
    void connect() {
        ada = Person.of(root, adaId, "speaker");
        bob = Person.of(root, bobId);
    }

    @AfterEach
    void hangUp() {
        ada.close();
        bob.close();
    }

    @Test
    void whoMayNotSendListensAllTheSame() {
        bob.join(stage);

        String detail =
                bob.refused(Say.send(Say.group(stage), "me too"), "forbidden").getString("detail");
        assertThat(detail).contains("who has the role speaker");
        bob.refused(JsonObject.of("type", "typing", "to", Say.group(stage), "active", true), "forbidden");
        bob.refused(JsonObject.of("type", "presence", "group", stage), "forbidden");

        ada.accepted(Say.send(Say.group(stage), "from outside"));
        bob.await(frame -> "from outside".equals(frame.getValue("data")));
    }

    @Test
    void whoMayReadNeedNotJoin() {
        ada.accepted(Say.send(Say.group(stage), "kept"));

        assertThat(bob.accepted(Say.history("group/" + stage)).getJsonArray("messages"))
                .hasSize(1);
        try (Person guest = Person.with(RawSocket.open(root), Say.hello())) {
            guest.refused(Say.history("group/" + stage), "forbidden");
        }
    }

    @Test
    void whoMayNotJoinDoesNotComeInByResumingEither() {
        String vip = "vip:" + id;
        bob.refused(Say.join(vip), "forbidden");
        try (Person back = Person.back(root, bobId, JsonObject.of("group/" + vip, Say.cursor("e", 0)))) {
            assertThat(back.welcome("group/" + vip).getString("error")).isEqualTo("forbidden");
        }
        try (Person guest = Person.of(root, carlId, "vip")) {
            guest.join(vip);
            assertThat(guest.send(Say.group(vip), "inside")).isNotNull();
        }
    }

    @Test
    void ownersAddChangeAndRemoveMembers() {
        ada.join(team);

        ada.accepted(member(bobId, null));
        JsonObject added = bob.await(frame -> isMembership(frame, "added"));
        assertThat(added.getString("role")).isEqualTo("member");
        bob.refused(Say.send(Say.group(team), "too early"), "forbidden");

        ada.accepted(member(bobId, "moderator"));
        assertThat(bob.await(frame -> isMembership(frame, "role")).getString("role"))
                .isEqualTo("moderator");
        bob.send(Say.group(team), "now");
        ada.await(frame -> "now".equals(frame.getValue("data")));

        ada.accepted(remove(bobId));
        bob.await(frame -> isMembership(frame, "removed"));
        bob.refused(Say.send(Say.group(team), "too late"), "not_joined");
    }

    @Test
    void moderatorsManageMembersButNotOwners() {
        ada.join(team);
        ada.accepted(member(bobId, "moderator"));
        bob.await(frame -> isMembership(frame, "added"));

        try (Person carl = Person.of(root, carlId)) {
            bob.accepted(member(carlId, null));
            carl.await(frame -> isMembership(frame, "added"));
            bob.accepted(member(carlId, "moderator"));
            bob.refused(member(carlId, "owner"), "forbidden");
            bob.refused(member(adaId, "member"), "forbidden");
            bob.refused(remove(adaId), "forbidden");
            bob.accepted(member(carlId, "member"));
            carl.refused(remove(bobId), "forbidden");
            carl.refused(member(bobId, "member"), "forbidden");
        }
    }

    @Test
    void strangersManageNothing() {
        bob.refused(member(carlId, null), "unknown_group");
        ada.join(team);

        bob.refused(member(carlId, null), "not_joined");
        bob.refused(remove(adaId), "not_joined");
        ada.refused(member("nobody-" + id, null), "unknown_user");
        ada.refused(JsonObject.of("type", "member", "group", stage, "user", bobId), "conflict");
        ada.refused(member("no such id", null), "bad_frame");
        ada.refused(member(bobId, "king"), "bad_frame");
    }

    @Test
    void theLastOwnerNeitherLeavesNorStepsDown() {
        ada.join(team);
        bob.join(team);

        for (JsonObject attempt : new JsonObject[] {Say.leave(team), remove(adaId), member(adaId, "member")}) {
            assertThat(ada.refused(attempt, "conflict").getString("detail")).contains("last owner");
        }
        ada.accepted(member(bobId, "owner"));
        ada.accepted(Say.leave(team));
        assertThat(bob.refused(member(bobId, "moderator"), "conflict").getString("detail"))
                .contains("last owner");
    }

    @Test
    void aGroupFullOfMembersTakesNobodyElse() {
        ada.join(team);
        bob.join(team);
        try (Person carl = Person.of(root, carlId);
                Person dora = Person.of(root, "d-" + id)) {
            carl.join(team);
            assertThat(dora.refused(Say.join(team), "conflict").getString("detail"))
                    .contains("full");
            bob.accepted(Say.leave(team));
            dora.join(team);
        }
    }

    @Test
    void theSameGoesOverHttpWithOnesOwnToken() {
        ada.join(team);
        String path = "v1/groups/" + team + "/members/";

        assertThat(http("PUT", path + bobId, bobId, "{}")).isEqualTo(403);
        assertThat(http("PUT", path + bobId, adaId, "{}")).isEqualTo(204);
        bob.await(frame -> isMembership(frame, "added"));
        assertThat(http("PUT", path + bobId, adaId, "{\"role\":\"moderator\"}")).isEqualTo(204);
        bob.await(frame -> isMembership(frame, "role"));
        assertThat(http("DELETE", path + adaId, bobId, null)).isEqualTo(403);
        assertThat(http("DELETE", path + adaId, adaId, null)).isEqualTo(409);
        assertThat(http("PUT", path + adaId, adaId, "{\"role\":\"member\"}")).isEqualTo(409);
        assertThat(http("PUT", path + "nobody-" + id, adaId, "{}")).isEqualTo(404);
        assertThat(http("DELETE", path + bobId, adaId, null)).isEqualTo(204);
        bob.await(frame -> isMembership(frame, "removed"));
        assertThat(http("GET", "v1/groups/" + team + "/presence", null, null)).isEqualTo(401);
        assertThat(http("PUT", path + bobId, null, "{}")).isEqualTo(401);
    }

    /** On another connection of the same user, too, which was open all the time. */
    @Test
    void whoIsRemovedReceivesNothingMoreWithinTwoSeconds() {
        ada.join(team);
        bob.join(team);
        try (Person phone = Person.of(root, bobId)) {
            ada.accepted(remove(bobId));

            Awaitility.await().atMost(java.time.Duration.ofSeconds(2)).untilAsserted(() -> {
                bob.refused(Say.send(Say.group(team), "?"), "not_joined");
                phone.refused(Say.send(Say.group(team), "?"), "not_joined");
            });
            phone.heard();
            bob.heard();
            ada.send(Say.group(team), "secret");
            ada.await(frame -> "secret".equals(frame.getValue("data")));
            assertThat(bob.all()).noneMatch(frame -> "secret".equals(frame.getValue("data")));
            assertThat(phone.all()).noneMatch(frame -> "secret".equals(frame.getValue("data")));
        }
    }

    private JsonObject member(String user, String role) {
        JsonObject request = JsonObject.of("type", "member", "group", team, "user", user);
        return role == null ? request : request.put("role", role);
    }

    private JsonObject remove(String user) {
        return JsonObject.of("type", "remove", "group", team, "user", user);
    }

    private boolean isMembership(JsonObject frame, String state) {
        return frame.getString("type").equals("membership")
                && frame.getString("group").equals(team)
                && frame.getString("state").equals(state);
    }

    /** The status of a call with the token of a user, or without one. */
    private int http(String method, String path, String user, String body) {
        HttpRequest.Builder call = HttpRequest.newBuilder(root.resolve(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (user != null) {
            call.header("Authorization", "Bearer " + TestToken.of(user));
        }
        try {
            return HttpClient.newHttpClient()
                    .send(call.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
