package dev.parley.server.gateway;

import static java.util.Map.entry;
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
import java.util.List;
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
            return Map.ofEntries(
                    entry("parley.guests.secret", TestToken.SECRET),
                    entry("parley.namespaces.stage.send", "role:speaker"),
                    entry("parley.namespaces.stage.presence", "nobody"),
                    entry("parley.namespaces.stage.read", "users"),
                    entry("parley.namespaces.vip.join", "role:vip"),
                    entry("parley.namespaces.team.membership", "durable"),
                    entry("parley.namespaces.team.join", "anyone"),
                    entry("parley.namespaces.team.send", "owners,moderators"),
                    entry("parley.namespaces.team.max-members", "3"),
                    entry("parley.namespaces.gallery.presence", "role:staff"),
                    entry("parley.namespaces.board.anonymous", "true"),
                    entry("parley.namespaces.club.membership", "durable"),
                    entry("parley.namespaces.club.join", "anyone"),
                    entry("parley.namespaces.club.anonymous", "true"),
                    entry("parley.namespaces.club.presence", "moderators,owners"));
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

            Awaitility.await().untilAsserted(() -> {
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

    @Test
    void whoIsAloneMayLeaveInEveryWayAndOwnsTheGroupAgain() {
        String chat = "chat:" + id;
        JsonObject remove = JsonObject.of("type", "remove", "group", chat, "user", adaId);
        for (int way = 0; way < 3; way++) {
            assertThat(ada.join(chat).getString("role")).isEqualTo("owner");
            if (way == 2) {
                assertThat(http("DELETE", "v1/groups/" + chat + "/members/" + adaId, adaId, null))
                        .isEqualTo(204);
            } else {
                ada.accepted(way == 0 ? Say.leave(chat) : remove);
            }
            ada.await(frame -> "removed".equals(frame.getString("state")));
        }
    }

    /** By the same rules as over a socket, except that nobody is in a session group by a call. */
    @Test
    void peopleReadOverHttpWhatTheyMayRead() {
        ada.join(team);
        ada.send(Say.group(team), "to all");
        ada.accepted(Say.send(Say.group(team), "not to bob").put("except", List.of(bobId)));
        String path = "v1/groups/" + team;

        for (String what : List.of("/messages", "/presence", "/members")) {
            assertThat(http("GET", path + what, bobId, null)).as(what).isEqualTo(403);
            assertThat(http("GET", path + what, null, null)).as(what).isEqualTo(401);
            assertThat(http("GET", "v1/groups/team:none-" + id + what, bobId, null))
                    .as(what)
                    .isEqualTo(404);
        }
        ada.accepted(member(bobId, null));
        bob.await(frame -> isMembership(frame, "added"));

        assertThat(read(path + "/messages", bobId)).contains("to all").doesNotContain("not to bob");
        assertThat(read(path + "/messages", adaId)).contains("to all", "not to bob");
        assertThat(read(path + "/presence", bobId)).contains(adaId, bobId);
        assertThat(read(path + "/members?limit=1", bobId))
                .contains(adaId, "\"count\":2", "\"next\"")
                .doesNotContain(bobId);
        ada.accepted(Say.send(Say.group(stage), "kept"));
        assertThat(read("v1/groups/" + stage + "/messages", bobId)).contains("kept");
        assertThat(http("GET", "v1/groups/" + stage + "/presence", bobId, null)).isEqualTo(403);
        assertThat(http("GET", path + "/members/" + bobId, bobId, null)).isEqualTo(403);
    }

    @Test
    void whoHasNoTokenReadsWhatIsAnonymousAndNothingElse() {
        String board = "board:" + id;
        String club = "club:" + id;
        ada.join(board);
        ada.send(Say.group(board), "for everybody");
        ada.join(club);
        ada.send(Say.group(club), "for everybody, too");

        assertThat(read("v1/groups/" + board + "/messages", null)).contains("for everybody");
        assertThat(read("v1/groups/" + club + "/messages?limit=1", null)).contains("for everybody, too");
        assertThat(http("GET", "v1/groups/club:none-" + id + "/messages", null, null))
                .isEqualTo(404);
        for (String closed :
                List.of(board + "/presence", club + "/members", stage + "/messages", team + "/messages", club)) {
            assertThat(http("GET", "v1/groups/" + closed, null, null))
                    .as(closed)
                    .isEqualTo(401);
        }
    }

    @Test
    void aChangeByAnotherPersonSaysByWhom() {
        ada.join(team);
        ada.accepted(member(bobId, null));
        assertThat(by(bobId, "added")).isEqualTo(adaId);
        ada.accepted(remove(bobId));
        assertThat(by(bobId, "removed")).isEqualTo(adaId);

        try (Person carl = Person.of(root, carlId)) {
            ada.accepted(member(carlId, "moderator"));
            assertThat(by(carlId, "added")).isEqualTo(adaId);
            carl.accepted(remove(carlId));
        }
        assertThat(by(carlId, "removed")).isNull();
    }

    @Test
    void whoComesAndGoesIsToldOnlyWhomThePolicyLetsSeeIt() {
        String gallery = "gallery:" + id;
        try (Person staff = Person.of(root, "s-" + id, "staff")) {
            staff.join(gallery);
            bob.join(gallery);
            bob.refused(JsonObject.of("type", "presence", "group", gallery), "forbidden");
            staff.await(frame -> isPresence(frame, bobId));

            bob.accepted(refresh(TestToken.of(bobId, "staff")));
            staff.accepted(refresh(TestToken.of("s-" + id)));
            try (Person carl = Person.of(root, carlId)) {
                carl.join(gallery);
                bob.await(frame -> isPresence(frame, carlId));
            }
            bob.await(frame -> isPresence(frame, carlId));
            bob.send(Say.group(gallery), "mark");
            staff.await(frame -> "mark".equals(frame.getValue("data")));
            assertThat(staff.heard()).noneMatch(frame -> isPresence(frame, carlId));
        }
    }

    @Test
    void aRoleThatMaySeeWhoIsOnHearsOfItFromThenOn() {
        String club = "club:" + id;
        ada.join(club);
        bob.join(club);
        ada.await(frame -> isPresence(frame, bobId));
        try (Person carl = Person.of(root, carlId)) {
            carl.join(club);
            ada.await(frame -> isPresence(frame, carlId));
            ada.send(Say.group(club), "mark");
            bob.await(frame -> "mark".equals(frame.getValue("data")));
            assertThat(bob.heard()).noneMatch(frame -> frame.getString("type").equals("presence"));

            ada.accepted(JsonObject.of("type", "member", "group", club, "user", bobId, "role", "moderator"));
            bob.await(frame -> frame.getString("type").equals("membership")
                    && frame.getString("state").equals("role"));
        }
        bob.await(frame -> isPresence(frame, carlId));
    }

    private static JsonObject refresh(String token) {
        return JsonObject.of("type", "refresh", "token", token);
    }

    private static boolean isPresence(JsonObject frame, String user) {
        return frame.getString("type").equals("presence") && user.equals(frame.getString("user"));
    }

    /** Who made a change, as the group was told; null where nobody is named. */
    private String by(String user, String state) {
        JsonObject data = ada.await(frame -> tells(frame, user, state)).getJsonObject("data");
        JsonObject by = data.getJsonObject("by");
        return by == null ? null : by.getString("user");
    }

    private static boolean tells(JsonObject frame, String user, String state) {
        return frame.getString("type").equals("message")
                && "membership".equals(frame.getString("event"))
                && user.equals(frame.getJsonObject("data").getString("user"))
                && state.equals(frame.getJsonObject("data").getString("state"));
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
        return call(method, path, user, body).statusCode();
    }

    /** What is there to be read with the token of a user, or without one. */
    private String read(String path, String user) {
        HttpResponse<String> answer = call("GET", path, user, null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private HttpResponse<String> call(String method, String path, String user, String body) {
        HttpRequest.Builder call = HttpRequest.newBuilder(root.resolve(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (user != null) {
            call.header("Authorization", "Bearer " + TestToken.of(user));
        }
        try {
            return HttpClient.newHttpClient().send(call.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
