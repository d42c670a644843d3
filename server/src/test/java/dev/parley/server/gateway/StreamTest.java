package dev.parley.server.gateway;

import static dev.parley.server.gateway.TestToken.header;
import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.parley.protocol.Address;
import dev.parley.protocol.CloseReason;
import dev.parley.server.cluster.LocalConnections;
import dev.parley.server.delivery.Counters;
import dev.parley.server.delivery.Takeover;
import dev.parley.server.group.Groups;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.testing.EventReader;
import dev.parley.server.testing.EventReader.Event;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading by server-sent events: the same messages in the same order as over a socket, for those who may have them. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class StreamTest {
    private static final int MESSAGES = 4000;
    private static final int RECEIVE_BUFFER = 64 * 1024;
    private static final String FILLER = "x".repeat(2000);

    @TestHTTPResource("/")
    URI root;

    @Inject
    Groups groups;

    @Inject
    ChannelLog log;

    @Inject
    Sessions sessions;

    @Inject
    Takeover sockets;

    @Inject
    Counters counters;

    @Inject
    LocalConnections connections;

    private final String id = UUID.randomUUID().toString();
    private final String group = "long:stream-" + id;
    private final String channel = "group/" + group;
    private Person ada;

    @BeforeEach
    void connect() {
        ada = Person.of(root, "stream-ada-" + id);
        ada.join(group);
    }

    @AfterEach
    void hangUp() {
        ada.close();
    }

    @Test
    void aStreamIsNotKeptAndNotHeldBack() {
        try (EventReader reader = EventReader.open(root, "?channel=" + channel)) {
            assertThat(reader.head())
                    .containsIgnoringCase("content-type: text/event-stream\r\n")
                    .containsIgnoringCase("cache-control: no-store\r\n")
                    .containsIgnoringCase("x-accel-buffering: no\r\n");
            assertThat(reader.next("welcome").data().getString("connection")).isNotEmpty();
            assertThat(reader.retry()).isPositive();
        }
    }

    @Test
    void receiptsThatComeTogetherReachTheSocketsBesideAStream() {
        String chat = "chat:receipts-" + id;
        ada.join(chat);
        try (Person bob = Person.of(root, "stream-bob-" + id);
                Person carl = Person.of(root, "stream-carl-" + id);
                Person dora = Person.of(root, "stream-dora-" + id)) {
            List<Person> readers = List.of(bob, carl, dora);
            readers.forEach(reader -> reader.join(chat));
            try (EventReader stream = EventReader.open(root, "?channel=group/" + chat, header("stream-ada-" + id))) {
                stream.next("welcome");
                long seq = ada.send(Say.group(chat), "read me").getLong("seq");
                JsonObject read = JsonObject.of("type", "read", "channel", "group/" + chat, "seq", seq);
                readers.forEach(reader -> reader.accepted(read.copy()));

                for (int i = 0; i < readers.size(); i++) {
                    ada.await(frame -> "receipt".equals(frame.getString("type")));
                }
                ada.send(Say.group(chat), "after");
                assertThat(stream.nextData()).isEqualTo("read me");
                assertThat(stream.nextData()).isEqualTo("after");
            }
        }
    }

    @Test
    void aReaderGetsTheFramesThatASocketGets() {
        try (EventReader reader = EventReader.open(root, "?channel=" + channel, header("bob-" + id));
                Person carl = Person.of(root, "stream-carl-" + id)) {
            carl.join(group);
            reader.next("welcome");
            ada.send(Say.group(group), JsonObject.of("text", "line\nbreak, \r and ü"));

            Event event = reader.next("message");

            assertThat(event.data()).isEqualTo(carl.next("message"));
            assertThat(event.id()).isEqualTo(channel + "=" + event.data().getString("epoch") + ".1");
        }
    }

    @Test
    void severalChannelsHaveOneId() {
        String other = "long:other-" + id;
        ada.join(other);
        String query = "?channel=" + channel + "&channel=group/" + other;
        String back;
        try (EventReader reader = EventReader.open(root, query)) {
            reader.next("welcome");
            ada.send(Say.group(group), 1);
            assertThat(reader.nextData()).isEqualTo(1);
            ada.send(Say.group(other), 2);
            assertThat(reader.nextData()).isEqualTo(2);
            ada.send(Say.group(group), 3);
            assertThat(reader.nextData()).isEqualTo(3);
            back = reader.comeBack();
        }
        ada.send(Say.group(other), 4);
        ada.send(Say.group(group), 5);

        try (EventReader reader = EventReader.open(root, query, back)) {
            JsonObject welcome = reader.next("welcome").data();
            assertThat(welcome.getJsonArray("channels").stream()
                            .map(each -> ((JsonObject) each).getBoolean("recovered")))
                    .containsExactly(true, true);
            assertThat(List.of(reader.nextData(), reader.nextData())).containsExactlyInAnyOrder(4, 5);
        }
    }

    @Test
    void whoWasCutOffBeforeTheFirstMessageMissesNothing() {
        String back;
        try (EventReader reader = EventReader.open(root, "?channel=" + channel)) {
            reader.next("welcome");
            back = reader.comeBack();
            reader.reset();
        }
        ada.send(Say.group(group), "meanwhile");

        try (EventReader reader = EventReader.open(root, "?channel=" + channel, back)) {
            reader.next("welcome");
            assertThat(reader.nextData()).isEqualTo("meanwhile");
        }
    }

    @Test
    void theIdMayBeAParameterAndTheHeaderWins() {
        try (EventReader reader = EventReader.open(root, "?channel=" + channel)) {
            reader.next("welcome");
            String before = reader.lastId();
            ada.send(Say.group(group), "one");
            reader.nextData();
            String after = reader.lastId();

            try (EventReader back = EventReader.open(root, "?channel=" + channel + "&lastEventId=" + before)) {
                back.next("welcome");
                assertThat(back.nextData()).isEqualTo("one");
            }
            try (EventReader back = EventReader.open(
                    root, "?channel=" + channel + "&lastEventId=" + before, "Last-Event-ID: " + after)) {
                back.next("welcome");
                ada.send(Say.group(group), "two");
                assertThat(back.nextData()).isEqualTo("two");
            }
        }
    }

    @Test
    void theLastEntriesComeFirstWhereTheyAreAskedFor() {
        for (int i = 1; i <= 5; i++) {
            ada.send(Say.group(group), i);
        }
        try (EventReader reader = EventReader.open(root, "?channel=" + channel + "&last=2")) {
            reader.next("welcome");
            assertThat(reader.nextData()).isEqualTo(4);
            assertThat(reader.nextData()).isEqualTo(5);
        }
    }

    @Test
    void whatIsNotForAReaderMovesItsPlace() {
        try (EventReader reader = EventReader.open(root, "?channel=" + channel, header("bob-" + id))) {
            reader.next("welcome");
            ada.accepted(Say.send(Say.group(group), "secret").put("except", List.of("bob-" + id)));
            ada.send(Say.group(group), "open");

            Event skip = reader.next("skip");
            assertThat(skip.id()).endsWith(".1");
            assertThat(reader.nextData()).isEqualTo("open");
        }
    }

    @Test
    void volatileMessagesHaveNoId() {
        try (EventReader reader = EventReader.open(root, "?channel=" + channel)) {
            reader.next("welcome");
            ada.accepted(Say.send(Say.group(group), "gone").put("volatile", true));

            Event event = reader.next("message");
            assertThat(event.id()).isNull();
            assertThat(event.data().getString("data")).isEqualTo("gone");
        }
    }

    @Test
    void whatTheLogLostIsAGap() {
        String brief = "brief:" + id;
        ada.join(brief);
        String back;
        try (EventReader reader = EventReader.open(root, "?channel=group/" + brief)) {
            reader.next("welcome");
            back = reader.comeBack();
        }
        int sent = 100;
        IntStream.rangeClosed(1, sent).forEach(i -> ada.send(Say.group(brief), i));

        try (EventReader reader = EventReader.open(root, "?channel=group/" + brief, back)) {
            JsonObject welcome = reader.next("welcome").data();
            assertThat(welcome.getJsonArray("channels").getJsonObject(0).getBoolean("recovered"))
                    .isFalse();
            Event gap = reader.next("gap");
            assertThat(gap.data().getString("reason")).isEqualTo("expired");
            assertThat(gap.id()).endsWith("." + gap.data().getLong("to"));
            assertThat(reader.next("message").data().getLong("seq"))
                    .isEqualTo(gap.data().getLong("to") + 1);
        }
    }

    @Test
    void aLogThatBeganAnewIsAGapOfTheEpoch() {
        try (EventReader reader = EventReader.open(root, "?channel=" + channel)) {
            reader.next("welcome");
            ada.send(Say.group(group), "old");
            String epoch = reader.next("message").data().getString("epoch");
            get(log.restart(channel, epoch));
            ada.send(Say.group(group), "new");

            assertThat(reader.next("gap").data().getString("reason")).isEqualTo("epoch");
            assertThat(reader.nextData()).isEqualTo("new");
            assertThat(reader.lastId()).doesNotContain(epoch);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                        400, bad_frame",
        "?channel=,                                 400, bad_frame",
        "?channel=lobby,                            400, bad_frame",
        "?channel=group/a%20b,                      400, bad_frame",
        "?channel=connection/aaaaaaa.1,             400, bad_frame",
        "?channel=%zz,                              400, bad_frame",
        "?channel=all&last=x,                       400, bad_frame",
        "?channel=all&last=201,                     400, bad_frame",
        "?channel=all&lastEventId=x,                400, bad_frame",
        "?channel=all&lastEventId=all=.1,           400, bad_frame",
        "?channel=all&lastEventId=all=e.99999999999999999, 400, bad_frame",
        "?channel=user/somebody,                    403, forbidden",
        "?channel=group/chat:none,                  404, unknown_group",
        "?channel=all&channel=user/somebody,        403, forbidden",
        "?channel=all&access_token=x.y.z,           401, unauthenticated",
    })
    void whatCannotBeReadIsAProblem(String query, int status, String code) {
        try (EventReader reader = EventReader.ask(root, query)) {
            isProblem(reader, status, code);
        }
        await().untilAsserted(() -> assertThat(count()).isEqualTo(1));
    }

    @Test
    void tooManyChannelsAreRefused() {
        StringBuilder many = new StringBuilder("?channel=all");
        IntStream.range(0, StreamRequest.CHANNELS_MAX)
                .forEach(i -> many.append("&channel=group/x").append(i));
        try (EventReader reader = EventReader.ask(root, many.toString())) {
            isProblem(reader, 400, "bad_frame");
        }
    }

    @Test
    void aTokenThatIsNoneOpensNoStream() {
        String expired = TestToken.until(Instant.now().minusSeconds(60), "bob");
        for (String token : List.of(TestToken.forged("bob"), "nonsense", expired)) {
            try (EventReader reader = EventReader.ask(root, "?channel=all", "Authorization: Bearer " + token)) {
                isProblem(reader, 401, token.equals(expired) ? "token_expired" : "unauthenticated");
                assertThat(reader.head()).containsIgnoringCase("www-authenticate: bearer");
            }
        }
        try (EventReader reader = EventReader.ask(root, "?channel=all", "Authorization: Basic eDp5")) {
            isProblem(reader, 401, "unauthenticated");
        }
    }

    @Test
    void curlReadsAStream() throws Exception {
        Process curl;
        try {
            curl = new ProcessBuilder("curl", "-sN", "-H", header("bob-" + id), root + "v1/stream?channel=" + channel)
                    .start();
        } catch (IOException e) {
            abort("there is no curl here");
            return;
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(curl.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.lines().filter(line -> line.startsWith("data: ")).findFirst())
                    .hasValueSatisfying(line -> assertThat(line).contains("welcome"));
            ada.join(group);
            ada.send(Say.group(group), "for curl");
            assertThat(lines.lines().filter(line -> line.startsWith("data: ")).findFirst())
                    .hasValueSatisfying(line -> assertThat(line).contains("for curl"));
        } finally {
            curl.destroy();
        }
    }

    @Test
    void onesOwnInboxMayBeRead() {
        try (EventReader reader =
                EventReader.open(root, "?channel=user/stream-bob-" + id, header("stream-bob-" + id))) {
            reader.next("welcome");
            ada.send(Say.user("stream-bob-" + id), "psst");
            assertThat(reader.nextData()).isEqualTo("psst");
        }
    }

    @Test
    void aServiceMayReadEverything() {
        String chat = "chat:stream-" + id;
        ada.join(chat);
        String query = "?channel=group/" + chat + "&channel=" + new Address.User(ada.user()).channel();
        try (EventReader reader = EventReader.open(root, query, "Authorization: Bearer dev")) {
            reader.next("welcome");
            ada.send(Say.group(chat), "hello");
            assertThat(reader.nextData()).isEqualTo("hello");
        }
        try (EventReader reader = EventReader.ask(root, query, header("bob-" + id))) {
            isProblem(reader, 403, "not_joined");
        }
    }

    @Test
    void whoIsRemovedGetsTheLastEntryAndNothingMore() {
        String chat = "chat:stream-" + id;
        String bob = "stream-bob-" + id;
        ada.join(chat);
        get(groups.put(new Address.Group(chat), bob, null));
        try (EventReader reader = EventReader.open(root, "?channel=group/" + chat, header(bob))) {
            JsonObject welcome = reader.next("welcome").data();
            assertThat(welcome.getJsonArray("channels").getJsonObject(0).getString("role"))
                    .isEqualTo("member");
            ada.send(Say.group(chat), "before");
            assertThat(reader.nextData()).isEqualTo("before");

            get(groups.remove(new Address.Group(chat), bob));
            ada.send(Say.group(chat), "after");

            assertThat(reader.next("message").data().getJsonObject("data").getString("state"))
                    .isEqualTo("removed");
            assertThat(reader.next("membership").data().getString("state")).isEqualTo("removed");
            reader.next("close");
            assertThat(reader.next()).isNull();
            try (EventReader again = EventReader.ask(root, "?channel=group/" + chat, header(bob), reader.comeBack())) {
                isProblem(again, 403, "not_joined");
            }
        }
    }

    @Test
    void whoseRemovalTheLogLostIsSentAwayAtTheGap() {
        String chat = "chat:stream-" + id;
        String bob = "stream-bob-" + id;
        ada.join(chat);
        get(groups.put(new Address.Group(chat), bob, null));
        try (EventReader reader = EventReader.open(root, RECEIVE_BUFFER, "?channel=group/" + chat, header(bob))) {
            reader.next("welcome");
            String filler = "x".repeat(20_000);
            IntStream.range(0, 200).forEach(i -> ada.send(Say.group(chat), filler));
            get(groups.remove(new Address.Group(chat), bob));
            // More than the namespace keeps, so that the entry of the removal goes.
            IntStream.range(0, 1200).forEach(i -> ada.send(Say.group(chat), "after"));

            Event event = reader.next();
            while (event != null && event.name().equals("message")) {
                event = reader.next();
            }
            while (event != null && !event.name().equals("close")) {
                event = reader.next();
            }
            assertThat(event).isNotNull();
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void aStreamIsAConnectionOfItsUser() {
        String bob = "stream-bob-" + id;
        try (EventReader reader = EventReader.open(root, "?channel=" + channel, header(bob))) {
            String connection = reader.next("welcome").data().getString("connection");
            assertThat(connections.ofUser(bob)).hasSize(1);
            ada.send(Say.connection(connection), "only you");
            assertThat(reader.nextData()).isEqualTo("only you");

            connections.close(connection, CloseReason.DISCONNECTED);

            assertThat(reader.next("close").data().getInteger("code")).isEqualTo(4201);
            assertThat(reader.next()).isNull();
            await().untilAsserted(() -> assertThat(connections.ofUser(bob)).isEmpty());
        }
    }

    @Test
    void aStreamThatIsOverLeavesNothingBehind() {
        int open = sockets.open();
        long count = count();
        for (int i = 0; i < 10; i++) {
            EventReader.open(root, "?channel=" + channel).reset();
        }

        await().untilAsserted(() -> assertThat(sockets.open()).isEqualTo(open));
        await().untilAsserted(() -> assertThat(count()).isEqualTo(count));
    }

    @Test
    void aStreamEndsWithItsToken() {
        String token = TestToken.until(Instant.now().plusSeconds(2), "stream-bob-" + id);
        try (EventReader reader = EventReader.open(root, "?channel=" + channel + "&access_token=" + token)) {
            reader.next("welcome");
            reader.next("expiring");
            assertThat(reader.next("error").data().getString("code")).isEqualTo("token_expired");
            assertThat(reader.next("close").data().getInteger("code")).isEqualTo(4100);
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void aSlowReaderIsHeldToTheBoundAndGetsEverything() {
        try (EventReader reader = EventReader.open(root, RECEIVE_BUFFER, "?channel=" + channel, header("slow-" + id))) {
            reader.next("welcome");
            long behind = counters.behind.sum();
            for (int sent = 0; sent < MESSAGES; sent += 20) {
                ada.say(IntStream.range(0, 20)
                        .mapToObj(n -> Say.send(Say.group(group), FILLER))
                        .toArray(JsonObject[]::new));
                ada.catchUp(channel, sent + 20);
            }

            assertThat(counters.behind.sum()).isGreaterThan(behind);
            Session session = sessions.all().stream()
                    .filter(each -> each.claimed() != null
                            && ("slow-" + id).equals(each.claimed().user()))
                    .findAny()
                    .orElseThrow();
            long waiting = CompletableFuture.supplyAsync(
                            () -> session.socket.queuedBytes() - session.socket.drainedBytes(), session.socket.loop())
                    .join();
            assertThat(waiting).isLessThan(2 * 256 * 1024);
            for (int seq = 1; seq <= MESSAGES; seq++) {
                assertThat(reader.next("message").data().getInteger("seq")).isEqualTo(seq);
            }
        }
    }

    private long count() {
        return sessions.count();
    }

    private static void isProblem(EventReader reader, int status, String code) {
        assertThat(reader.head())
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("content-type: application/problem+json\r\n");
        JsonObject problem = reader.problem();
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getString("type")).isEqualTo("urn:parley:error:" + code);
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("detail")).isNotBlank();
    }
}
