package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What a chat is told of its conversations: titles, what is unread, what was said last, and who has come how far. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class ConversationsTest {

    @TestHTTPResource("/")
    URI root;

    private final String id = UUID.randomUUID().toString();
    private final String team = "chat:" + id;
    private final String adaId = "a-" + id;
    private final String bobId = "b-" + id;
    private final String direct = "dm:" + adaId + '~' + bobId;
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
    void listsWhatIsFollowedInTheOrderOfNames() {
        ada.join(team);
        ada.join("chat:z" + id);
        ada.join("lobby-" + id);
        ada.join(direct);

        JsonObject first = ada.accepted(list().put("limit", 2));
        JsonObject rest = ada.accepted(list().put("after", "chat:z" + id));
        JsonObject one = ada.accepted(list().put("group", direct));

        assertThat(groups(first)).containsExactly(team, "chat:z" + id);
        assertThat(first.getBoolean("more")).isTrue();
        assertThat(groups(rest)).containsExactly(direct);
        assertThat(rest.getBoolean("more")).isFalse();
        assertThat(groups(one)).containsExactly(direct);
    }

    @Test
    void aGroupHasATitleAndATopicThatItsMembersAreToldOf() {
        JsonObject head = ada.join(team);
        bob.join(team);
        ada.accepted(describe().put("title", "The team").put("topic", "Who does what"));
        ada.accepted(describe().put("topic", ""));

        JsonObject told = bob.await(frame -> "group".equals(frame.getString("event")));
        JsonObject again = bob.await(frame -> "group".equals(frame.getString("event")));
        JsonObject listed = conversation(bob, team);

        assertThat(head.containsKey("title")).isFalse();
        assertThat(told.getJsonObject("from")).isEqualTo(JsonObject.of("service", "parley"));
        assertThat(told.getJsonObject("data").getString("title")).isEqualTo("The team");
        assertThat(told.getJsonObject("data").getString("topic")).isEqualTo("Who does what");
        assertThat(told.getJsonObject("data").getJsonObject("by").getString("user"))
                .isEqualTo(adaId);
        assertThat(again.getJsonObject("data").containsKey("topic")).isFalse();
        assertThat(listed.getString("title")).isEqualTo("The team");
        assertThat(listed.containsKey("topic")).isFalse();
        assertThat(listed.getLong("members")).isEqualTo(2);
        assertThat(listed.getString("role")).isEqualTo("member");
        assertThat(bob.join(team).getString("title")).isEqualTo("The team");
    }

    @Test
    void onlyWhoManagesAGroupDescribesIt() {
        ada.join(team);
        bob.join(team);
        ada.join(direct);

        bob.refused(describe().put("title", "Mine"), "forbidden");
        ada.refused(describe().put("group", direct).put("title", "Us"), "forbidden");
        ada.refused(describe().put("group", "chat:none" + id).put("title", "x"), "unknown_group");
        ada.refused(describe().put("group", "lobby-" + id).put("title", "x"), "conflict");
        ada.refused(describe().put("title", "x".repeat(101)), "bad_frame");
        ada.refused(describe().put("title", "two\nlines"), "bad_frame");
        ada.refused(Say.send(Say.group(team), "x").put("event", "group"), "forbidden");
        assertThat(conversation(ada, team).containsKey("title")).isFalse();
    }

    @Test
    void unreadIsWhatOthersSaidSinceOneReadOrCame() {
        ada.join(team);
        ada.send(Say.group(team), text("before Bob came"));
        bob.join(team);
        ada.send(Say.group(team), text("one"));
        JsonObject two =
                ada.accepted(Say.send(Say.group(team), text("two")).put("mentions", JsonArray.of(bobId, "somebody")));
        bob.send(Say.group(team), text("three"));
        ada.accepted(about(Say.send(Say.group(team), "👍"), "reaction", two));
        JsonObject gone = ada.send(Say.group(team), text("four, taken back"));
        long end = ada.accepted(about(Say.send(Say.group(team), null), "delete", gone))
                .getLong("seq");
        ada.catchUp("group/" + team, end);
        bob.catchUp("group/" + team, end);

        JsonObject bobs = conversation(bob, team);
        JsonObject adas = conversation(ada, team);

        assertThat(bobs.getLong("unread")).isEqualTo(2);
        assertThat(bobs.getLong("mentions")).isEqualTo(1);
        assertThat(adas.getLong("unread")).isEqualTo(1);
        assertThat(adas.getLong("mentions")).isZero();
    }

    @Test
    void allDevicesAgreeOnWhatIsUnread() {
        ada.join(team);
        bob.join(team);
        long one = ada.send(Say.group(team), text("one")).getLong("seq");
        long two = ada.send(Say.group(team), text("two")).getLong("seq");
        try (Person phone = Person.of(root, bobId)) {
            bob.catchUp("group/" + team, two);

            JsonObject left = bob.accepted(read(team, one));
            JsonObject heard = phone.next("receipt");
            JsonObject nothing = phone.accepted(read(team, two));
            JsonObject older = bob.accepted(read(team, one));

            assertThat(left.getLong("unread")).isEqualTo(1);
            assertThat(heard.getString("user")).isEqualTo(bobId);
            assertThat(heard.getLong("seq")).isEqualTo(one);
            assertThat(heard.getLong("unread")).isEqualTo(1);
            assertThat(nothing.getLong("unread")).isZero();
            assertThat(older.getLong("unread")).isZero();
            assertThat(conversation(bob, team).getLong("read")).isEqualTo(two);
            JsonObject toAda = ada.next("receipt");
            assertThat(toAda.getLong("seq")).isEqualTo(one);
            assertThat(toAda.containsKey("unread")).isFalse();
        }
    }

    @Test
    void whatWasSaidLastComesWithWhatBecameOfIt() {
        ada.join(team);
        ada.send(Say.group(team), text("first"));
        JsonObject last = ada.send(Say.group(team), text("last"));
        ada.accepted(about(Say.send(Say.group(team), text("the last")), "edit", last));
        ada.catchUp("group/" + team, bob.join(team).getLong("seq"));

        List<JsonObject> messages = conversation(ada, team).getJsonArray("last").stream()
                .map(JsonObject.class::cast)
                .toList();

        assertThat(messages).hasSize(3);
        assertThat(messages.get(0).getLong("seq")).isEqualTo(last.getLong("seq"));
        assertThat(messages.get(1).getJsonObject("ref").getString("kind")).isEqualTo("edit");
        assertThat(messages.get(2).getString("event")).isEqualTo("membership");
    }

    @Test
    void aDirectConversationSaysWhoTheOtherIsAndHowFarTheyHaveRead() {
        ada.join(direct);
        bob.await(frame -> "membership".equals(frame.getString("type")));
        long seq = ada.send(Say.group(direct), text("lunch?")).getLong("seq");
        bob.catchUp("group/" + direct, seq);
        bob.accepted(read(direct, seq));

        JsonObject other = conversation(ada, direct).getJsonObject("other");

        assertThat(other.getString("user")).isEqualTo(bobId);
        assertThat(other.getString("name"))
                .isEqualTo(bob.welcome().getJsonObject("user").getString("name"));
        assertThat(other.getLong("read")).isEqualTo(seq);
        assertThat(other.getLong("lastSeen")).isBetween(1L, System.currentTimeMillis() + 60_000);
    }

    @Test
    void aMessageIsDeliveredOnceItsReaderIsHeardAfterIt() {
        ada.join(direct);
        bob.await(frame -> "membership".equals(frame.getString("type")));
        bob.all();
        long seq = ada.send(Say.group(direct), text("lunch?")).getLong("seq");
        bob.catchUp("group/" + direct, seq);
        bob.say(JsonObject.of("type", "pong"));

        JsonObject receipt = ada.await(frame ->
                "receipt".equals(frame.getString("type")) && Long.valueOf(seq).equals(frame.getLong("delivered")));

        assertThat(receipt.getString("user")).isEqualTo(bobId);
        assertThat(receipt.getLong("seq")).isZero();
        JsonObject other = conversation(ada, direct).getJsonObject("other");
        assertThat(other.getLong("delivered")).isEqualTo(seq);
        assertThat(other.getLong("read")).isZero();
    }

    @Test
    void nothingIsDeliveredToWhoIsNotHeard() {
        ada.join(direct);
        bob.await(frame -> "membership".equals(frame.getString("type")));
        bob.all();
        long first = ada.send(Say.group(direct), text("one")).getLong("seq");
        bob.catchUp("group/" + direct, first);
        bob.say(JsonObject.of("type", "pong"));
        ada.await(frame -> Long.valueOf(first).equals(frame.getLong("delivered")));
        long second = ada.send(Say.group(direct), text("two")).getLong("seq");
        bob.catchUp("group/" + direct, second);

        JsonObject other = conversation(ada, direct).getJsonObject("other");

        assertThat(other.getLong("delivered")).isEqualTo(first);
    }

    @Test
    void receiptsOfAGroupComeTogether() {
        ada.join(team);
        bob.join(team);
        long began = System.nanoTime();
        for (int i = 0; i < 30; i++) {
            long seq = ada.send(Say.group(team), text("n")).getLong("seq");
            bob.catchUp("group/" + team, seq);
            bob.accepted(read(team, seq));
        }
        long last = bob.places.of("group/" + team).seq();

        ada.await(frame -> "receipt".equals(frame.getString("type")) && frame.getLong("seq") == last);

        long seconds = (System.nanoTime() - began) / 1_000_000_000;
        assertThat(ada.heard().stream().filter(frame -> "receipt".equals(frame.getString("type"))))
                .hasSizeLessThanOrEqualTo((int) seconds + 2);
    }

    @Test
    void membersKnowHowFarOthersHaveRead() {
        ada.join(team);
        bob.join(team);
        long seq = ada.send(Say.group(team), text("one")).getLong("seq");
        bob.catchUp("group/" + team, seq);
        bob.accepted(read(team, seq));

        JsonArray receipts =
                ada.accepted(JsonObject.of("type", "receipts", "group", team)).getJsonArray("receipts");

        assertThat(receipts).containsExactly(JsonObject.of("user", bobId, "read", seq));
        try (Person eve = Person.of(root, "e-" + id)) {
            eve.refused(JsonObject.of("type", "receipts", "group", team), "not_joined");
        }
    }

    @Test
    void settingsAreTheUsersOwnOnAllDevices() {
        ada.join(team);
        bob.join(team);
        try (Person phone = Person.of(root, adaId)) {
            ada.accepted(settings(JsonObject.of("muted", true)));

            JsonObject told = phone.next("settings");
            assertThat(told.getString("group")).isEqualTo(team);
            assertThat(told.getJsonObject("value")).isEqualTo(JsonObject.of("muted", true));
            assertThat(conversation(phone, team).getJsonObject("settings")).isEqualTo(JsonObject.of("muted", true));
            assertThat(conversation(bob, team).containsKey("settings")).isFalse();

            phone.accepted(settings(null));
            assertThat(conversation(ada, team).containsKey("settings")).isFalse();
        }
        ada.refused(settings("x".repeat(1024)), "bad_frame");
        ada.refused(settings(1).put("group", "chat:none" + id), "not_joined");
    }

    @Test
    void onlyItsAuthorOrAManagerEditsOrDeletesAMessage() {
        ada.join(team);
        bob.join(team);
        JsonObject adas = ada.send(Say.group(team), text("ada's"));
        JsonObject bobs = bob.send(Say.group(team), text("bob's"));

        bob.refused(about(Say.send(Say.group(team), text("x")), "edit", adas), "forbidden");
        bob.refused(about(Say.send(Say.group(team), null), "delete", adas), "forbidden");
        bob.accepted(about(Say.send(Say.group(team), text("x")), "reply", adas));
        bob.accepted(about(Say.send(Say.group(team), "👍"), "reaction", adas));
        long edit = bob.accepted(about(Say.send(Say.group(team), text("bob's own")), "edit", bobs))
                .getLong("seq");
        ada.accepted(about(Say.send(Say.group(team), null), "delete", bobs));
        bob.refused(
                Say.send(Say.group(team), null).put("ref", JsonObject.of("messageId", "none", "kind", "delete")),
                "unknown_message");

        JsonObject heard = ada.await(
                frame -> Long.valueOf(edit).equals(frame.getLong("seq")) && "message".equals(frame.getString("type")));
        assertThat(heard.getJsonObject("ref").getLong("seq")).isEqualTo(bobs.getLong("seq"));
    }

    @Test
    void anIdThatTwoChoseNamesOnesOwnMessage() {
        ada.join(team);
        bob.join(team);
        JsonObject adas = ada.accepted(Say.send(Say.group(team), text("ada's")).put("messageId", "same"));
        JsonObject bobs = bob.accepted(Say.send(Say.group(team), text("bob's")).put("messageId", "same"));

        long edit = bob.accepted(about(Say.send(Say.group(team), text("x")), "edit", adas))
                .getLong("seq");
        bob.refused(
                Say.send(Say.group(team), text("x"))
                        .put("ref", JsonObject.of("messageId", "same", "kind", "edit", "seq", adas.getLong("seq"))),
                "forbidden");

        JsonObject heard = ada.await(
                frame -> Long.valueOf(edit).equals(frame.getLong("seq")) && "message".equals(frame.getString("type")));
        assertThat(heard.getJsonObject("ref").getLong("seq")).isEqualTo(bobs.getLong("seq"));
    }

    @Test
    void anEditAndWhatIsSentAfterItKeepTheirOrder() {
        ada.join(team);
        JsonObject first = ada.send(Say.group(team), text("first"));
        JsonObject edit = ada.numbered(about(Say.send(Say.group(team), text("edited")), "edit", first));
        JsonObject next = ada.numbered(Say.send(Say.group(team), text("next")));
        ada.say(edit, next);

        assertThat(ada.answerTo(edit).getLong("seq")).isEqualTo(first.getLong("seq") + 1);
        assertThat(ada.answerTo(next).getLong("seq")).isEqualTo(first.getLong("seq") + 2);
    }

    @Test
    void aSearchFindsWhatWasSaidWhateverTheCase() {
        ada.join(team);
        long cheese = ada.send(Say.group(team), text("Wo ist der KÄSE?")).getLong("seq");
        ada.send(Say.group(team), text("keine Ahnung"));
        long plain = ada.send(Say.group(team), "hier: Käse").getLong("seq");
        JsonObject gone = ada.send(Say.group(team), text("käse, zurückgenommen"));
        ada.accepted(about(Say.send(Say.group(team), null), "delete", gone));
        bob.join(team);

        JsonObject found = bob.accepted(search("käse"));
        JsonObject newest = bob.accepted(search("käse").put("limit", 1));
        JsonObject older = bob.accepted(search("käse").put("before", newest.getLong("before")));

        assertThat(seqs(found)).containsExactly(cheese, plain);
        assertThat(found.getBoolean("more")).isFalse();
        assertThat(seqs(newest)).containsExactly(plain);
        assertThat(newest.getBoolean("more")).isTrue();
        assertThat(seqs(older)).containsExactly(cheese);
        bob.refused(search(" "), "bad_frame");
        try (Person eve = Person.of(root, "e-" + id)) {
            eve.refused(search("käse"), "not_joined");
        }
    }

    @Test
    void inASessionGroupNobodyTakesBackWhatOthersSaid() {
        String room = "room-" + id;
        JsonObject needle = search("needle").put("channel", "group/" + room);
        ada.join(room);
        bob.join(room);
        JsonObject adas = ada.send(Say.group(room), text("a needle"));

        long deletion = bob.accepted(about(Say.send(Say.group(room), null), "delete", adas))
                .getLong("seq");

        JsonObject heard = ada.await(frame ->
                Long.valueOf(deletion).equals(frame.getLong("seq")) && "message".equals(frame.getString("type")));
        assertThat(heard.getJsonObject("from").getString("user")).isEqualTo(bobId);
        assertThat(heard.getJsonObject("ref"))
                .isEqualTo(about(new JsonObject(), "delete", adas).getJsonObject("ref"));
        assertThat(seqs(bob.accepted(needle.copy()))).containsExactly(adas.getLong("seq"));
        ada.accepted(about(Say.send(Say.group(room), null), "delete", adas));
        assertThat(seqs(bob.accepted(needle.copy()))).isEmpty();
    }

    @Test
    void whoIsAwayWasSeenLastWhenTheyLeft() {
        ada.join(team);
        bob.join(team);
        long before = System.currentTimeMillis();
        bob.close();

        JsonObject away = null;
        while (away == null) {
            JsonArray all = ada.accepted(JsonObject.of("type", "presence", "group", team))
                    .getJsonArray("away", new JsonArray());
            away = all.isEmpty() ? null : all.getJsonObject(0);
        }

        assertThat(away.getString("user")).isEqualTo(bobId);
        assertThat(away.getLong("lastSeen")).isGreaterThanOrEqualTo(before - 1000);
    }

    private JsonObject conversation(Person who, String group) {
        JsonArray all = who.accepted(list().put("group", group)).getJsonArray("conversations");
        assertThat(all).hasSize(1);
        return all.getJsonObject(0);
    }

    private static List<String> groups(JsonObject ack) {
        return ack.getJsonArray("conversations").stream()
                .map(each -> ((JsonObject) each).getString("group"))
                .toList();
    }

    private static List<Long> seqs(JsonObject ack) {
        return ack.getJsonArray("messages").stream()
                .map(each -> ((JsonObject) each).getLong("seq"))
                .toList();
    }

    private static JsonObject about(JsonObject send, String kind, JsonObject earlier) {
        return send.put("ref", JsonObject.of("messageId", earlier.getString("messageId"), "kind", kind));
    }

    private static JsonObject text(String text) {
        return JsonObject.of("text", text);
    }

    private static JsonObject list() {
        return JsonObject.of("type", "conversations");
    }

    private JsonObject describe() {
        return JsonObject.of("type", "group", "group", team);
    }

    private JsonObject settings(Object value) {
        return JsonObject.of("type", "settings", "group", team, "value", value);
    }

    private JsonObject search(String text) {
        return JsonObject.of("type", "search", "channel", "group/" + team, "text", text);
    }

    private static JsonObject read(String group, long seq) {
        return JsonObject.of("type", "read", "channel", "group/" + group, "seq", seq);
    }
}
