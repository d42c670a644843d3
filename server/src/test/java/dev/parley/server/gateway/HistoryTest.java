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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading what a channel keeps, page by page. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class HistoryTest {

    @TestHTTPResource("/")
    URI root;

    private final String group = "history-" + UUID.randomUUID();
    private final String channel = "group/" + group;
    private Person ada;

    @BeforeEach
    void connect() {
        ada = Person.of(root, "history-ada");
        ada.join(group);
    }

    @AfterEach
    void hangUp() {
        ada.close();
    }

    @Test
    void withoutABoundTheNewestFiftyCome() {
        fill(60);

        assertPage(Say.history(channel), 11, 60, true);
    }

    @Test
    void beforeGivesOlderOnesNextToIt() {
        fill(20);

        assertPage(Say.history(channel).put("before", 11).put("limit", 5), 6, 10, true);
        assertPage(Say.history(channel).put("before", 6).put("limit", 5), 1, 5, false);
        assertPage(Say.history(channel).put("before", 6).put("limit", 4), 2, 5, true);
    }

    @Test
    void afterGivesNewerOnesNextToIt() {
        fill(20);

        assertPage(Say.history(channel).put("after", 10).put("limit", 5), 11, 15, true);
        assertPage(Say.history(channel).put("after", 15).put("limit", 5), 16, 20, false);
        assertPage(Say.history(channel).put("after", 0).put("limit", 1), 1, 1, true);
    }

    @Test
    void beyondTheEndsThereIsNothing() {
        fill(3);

        for (JsonObject beyond : List.of(
                Say.history(channel).put("before", 1),
                Say.history(channel).put("before", 0),
                Say.history(channel).put("after", 3),
                Say.history(channel).put("after", 9007199254740991L))) {
            JsonObject page = ada.accepted(beyond);
            assertThat(page.getJsonArray("messages")).isEmpty();
            assertThat(page.getBoolean("more")).isFalse();
        }
    }

    @Test
    void theLimitIsClamped() {
        fill(250);

        assertPage(Say.history(channel).put("limit", 100_000), 51, 250, true);
        assertPage(Say.history(channel).put("limit", 0), 250, 250, true);
    }

    @Test
    void theLimitCountsWhatTheReaderMaySee() {
        fill(2);
        ada.say(IntStream.range(0, 300)
                .mapToObj(i -> Say.send(Say.group(group), i).put("echo", false))
                .toArray(JsonObject[]::new));
        ada.send(Say.group(group), 303);

        assertThat(seqs(ada.accepted(Say.history(channel).put("limit", 3)))).containsExactly(1, 2, 303);
        assertThat(seqs(ada.accepted(Say.history(channel).put("limit", 2)))).containsExactly(2, 303);
        assertThat(seqs(ada.accepted(Say.history(channel).put("after", 1).put("limit", 2))))
                .containsExactly(2, 303);
    }

    @Test
    void aPageHasWholeMessages() {
        ada.accepted(Say.send(Say.group(group), JsonObject.of("text", "hi"))
                .put("event", "e")
                .put("messageId", "m"));
        JsonObject live = ada.next("message");

        JsonObject kept =
                ada.accepted(Say.history(channel)).getJsonArray("messages").getJsonObject(0);

        live.fieldNames().stream()
                .filter(field -> !field.equals("type"))
                .forEach(field -> assertThat(kept.getValue(field)).as(field).isEqualTo(live.getValue(field)));
    }

    @Test
    void aSendAndAHistoryInOneFrameTakeEffectInOrder() {
        JsonObject history = ada.numbered(Say.history(channel));
        ada.say(Say.send(Say.group(group), 1), Say.send(Say.group(group), 2), history, Say.send(Say.group(group), 3));

        assertThat(seqs(ada.answerTo(history))).containsExactly(1, 2);
    }

    @Test
    void onesOwnInboxAndWhatIsForAllMayBeRead() {
        ada.send(Say.user("history-ada"), "note to self");

        JsonArray inbox = ada.accepted(Say.history("user/history-ada")).getJsonArray("messages");

        assertThat(inbox.getJsonObject(inbox.size() - 1).getValue("data")).isEqualTo("note to self");
        ada.accepted(Say.history("all"));
    }

    @Test
    void aForeignInboxMayNotBeRead() {
        ada.refused(Say.history("user/history-bob"), "forbidden");
    }

    @Test
    void aGroupNotJoinedMayNotBeRead() {
        ada.refused(Say.history("group/history-other"), "not_joined");
        ada.accepted(Say.leave(group));
        ada.refused(Say.history(channel), "not_joined");
    }

    @Test
    void aDurableGroupThatDoesNotExistIsUnknown() {
        ada.refused(Say.history("group/chat:history-nowhere"), "unknown_group");
    }

    @Test
    void bothBoundsAreTooMany() {
        ada.refused(Say.history(channel).put("before", 5).put("after", 1), "bad_frame");
    }

    @Test
    void aConnectionHasNoHistory() {
        String code = ada.ask(Say.history("connection/" + ada.connection())).getString("code");

        assertThat(code).isIn("bad_frame", "forbidden");
    }

    private void fill(int entries) {
        ada.say(IntStream.rangeClosed(1, entries)
                .mapToObj(i -> Say.send(Say.group(group), i))
                .toArray(JsonObject[]::new));
        ada.catchUp(channel, entries);
    }

    private void assertPage(JsonObject request, int from, int to, boolean more) {
        JsonObject page = ada.accepted(request);
        assertThat(seqs(page))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(from, to).boxed().toList());
        assertThat(page.getBoolean("more")).as("more").isEqualTo(more);
    }

    private static List<Integer> seqs(JsonObject page) {
        return page.getJsonArray("messages").stream()
                .map(message -> ((JsonObject) message).getInteger("seq"))
                .toList();
    }
}
