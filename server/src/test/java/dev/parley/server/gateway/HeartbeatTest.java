package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.testing.EventReader;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who is taken for dead, and who is not. */
@QuarkusTest
@TestProfile(HeartbeatTest.Profile.class)
class HeartbeatTest {
    private static final int POLICY = 1008;
    private static final int NO_SIGN_OF_LIFE = 4000;
    private static final int TOKEN = 4100;
    private static final Duration SEVERAL_BEATS = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LAG_MAX = 400;

    /** Seconds that a token is good after its end: {@code parley.tokens.leeway}. */
    private static final int LEEWAY = 5;

    /** Everything that takes time takes a second or two, but for an answer, which a test may be late with on a busy machine. */
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.guests.secret", TestToken.SECRET,
                    "parley.heartbeat.interval", "1S",
                    "parley.heartbeat.timeout", "3S",
                    "parley.limits.hello", "2S",
                    "parley.limits.sends-per-second", "20000",
                    "parley.limits.outgoing", "65536",
                    "parley.namespaces.\"long\".history.size", "50000");
        }
    }

    @TestHTTPResource("/")
    URI root;

    @Inject
    Sessions sessions;

    private final String group = "long:heart-" + UUID.randomUUID();

    @Test
    void welcomeTellsTheBeat() {
        try (Person ada = Person.of(root, "heart-ada")) {
            assertThat(ada.welcome().getJsonObject("ping")).isEqualTo(JsonObject.of("interval", 1000, "timeout", 3000));
        }
    }

    @Test
    void withoutAHelloInTimeItEnds() {
        try (Person nobody = Person.silent(root)) {
            nobody.error("unauthenticated");
            assertThat(nobody.awaitClose()).isEqualTo(POLICY);
        }
    }

    @Test
    void requestsDoNotStandInForAHello() {
        try (Person nobody = Person.silent(root)) {
            AtomicBoolean ended = new AtomicBoolean();
            CompletableFuture<Void> talk = CompletableFuture.runAsync(() -> talkUntil(nobody, ended));
            while (!nobody.next("error").getString("detail").contains("hello in time")) {
                assertThat(ended).isFalse();
            }
            ended.set(true);
            talk.join();
            assertThat(nobody.awaitClose()).isEqualTo(POLICY);
        }
    }

    @Test
    void aSilentPeerIsProbedAndGivenUp() {
        try (RawSocket socket = RawSocket.open(root)) {
            socket.text(Say.hello(TestToken.of("heart-ada")).encode());
            assertThat(socket.read().text()).contains("welcome");

            assertThat(socket.read().text()).isEqualTo("{\"type\":\"ping\"}");
            assertThat(socket.awaitClose()).isEqualTo(NO_SIGN_OF_LIFE);
        }
    }

    @Test
    void onePongIsNotEnoughForever() {
        try (RawSocket socket = RawSocket.open(root)) {
            socket.text(Say.hello(TestToken.of("heart-ada")).encode());
            assertThat(socket.read().text()).contains("welcome");
            assertThat(socket.read().text()).contains("ping");
            socket.text("{\"type\":\"pong\"}");
            assertThat(socket.read().text()).contains("ping");

            assertThat(socket.awaitClose()).isEqualTo(NO_SIGN_OF_LIFE);
        }
    }

    @Test
    void aQuietStreamHasComments() {
        try (EventReader reader = EventReader.open(root, "?channel=group/" + group)) {
            reader.next("welcome");
            reader.awaitComments(3);
        }
    }

    @Test
    void aStreamThatNobodyReadsIsGivenUp() {
        try (EventReader reader =
                        EventReader.open(root, 8 * 1024, "?channel=group/" + group, TestToken.header("heart-deaf"));
                Person ada = Person.of(root, "heart-ada")) {
            reader.next("welcome");
            ada.join(group);
            for (int i = 0; i < 400; i++) {
                ada.send(Say.group(group), "x".repeat(10_000));
            }

            await().atMost(PATIENCE)
                    .until(() -> sessions.all().stream()
                            .noneMatch(each -> each.claimed() != null
                                    && "heart-deaf".equals(each.claimed().user())));
        }
    }

    /** So that the client, too, can tell a connection that is silent from one that is gone. */
    @Test
    void whoTalksButHearsNothingIsProbed() {
        try (RawSocket socket = RawSocket.open(root)) {
            socket.text(Say.hello(TestToken.of("heart-ada")).encode());
            assertThat(socket.read().text()).contains("welcome");
            AtomicBoolean ended = new AtomicBoolean();
            CompletableFuture<Void> talk = CompletableFuture.runAsync(
                    () -> await().pollInterval(Duration.ofMillis(100)).until(() -> {
                        socket.text("{\"type\":\"pong\"}");
                        return ended.get();
                    }));

            assertThat(socket.read().text()).contains("ping");
            ended.set(true);
            talk.join();
        }
    }

    @Test
    void whoListensButSaysNothingIsProbed() {
        try (Person ada = Person.of(root, "heart-ada");
                RawSocket silent = RawSocket.open(root)) {
            ada.join(group);
            silent.text(Say.hello(TestToken.of("heart-bob")).encode() + "\n"
                    + Say.join(group).encode());
            AtomicBoolean ended = new AtomicBoolean();
            CompletableFuture<Void> talk = CompletableFuture.runAsync(() -> await().pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        ada.send(Say.group(group), "tick");
                        return ended.get();
                    }));

            assertThat(silent.awaitClose()).isEqualTo(NO_SIGN_OF_LIFE);
            ended.set(true);
            talk.join();
        }
    }

    @Test
    void whoAnswersStays() {
        try (Person ada = Person.of(root, "heart-ada")) {
            Instant end = Instant.now().plus(SEVERAL_BEATS);
            while (Instant.now().isBefore(end)) {
                ada.awaitPing();
            }
            assertThat(ada.all()).isEmpty();
        }
    }

    @Test
    void whoStopsReadingAltogetherIsGivenUp() {
        try (Person ada = Person.of(root, "heart-ada");
                Person stopped = Person.with(RawSocket.open(root, 64 * 1024), Say.hello(TestToken.of("heart-bob")))) {
            ada.join(group);
            stopped.join(group);
            flood(ada, 300);

            await().atMost(PATIENCE)
                    .until(() -> "unknown_connection"
                            .equals(ada.ask(Say.send(Say.connection(stopped.connection()), "there?"))
                                    .getString("code")));
        }
    }

    /** Its pongs come late, behind all that waits for it, and while its socket is full they are not even read: what it takes is its sign of life. */
    @Test
    void aSlowReaderWhoMakesProgressStays() {
        try (Person ada = Person.of(root, "heart-ada");
                Person slow = Person.with(RawSocket.open(root, 256 * 1024), Say.hello(TestToken.of("heart-bob")))) {
            ada.join(group);
            slow.join(group);
            AtomicBoolean enough = new AtomicBoolean();
            AtomicLong read = new AtomicLong();
            CompletableFuture<Void> more = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    flood(ada, 100);
                    long sent = ada.places.of("group/" + group).seq();
                    // The log in memory would make room, and what is asked here is not what happens then.
                    await().until(() -> enough.get() || sent - read.get() < LAG_MAX);
                }
            });

            Instant end = Instant.now().plus(SEVERAL_BEATS);
            await().pollInterval(Duration.ofMillis(50)).atMost(PATIENCE).until(() -> {
                slow.catchUp("group/" + group, slow.places.of("group/" + group).seq() + 8);
                read.set(slow.places.of("group/" + group).seq());
                return Instant.now().isAfter(end);
            });
            JsonObject leave = slow.numbered(JsonObject.of("type", "typing", "to", Say.group(group), "active", true));
            slow.say(leave);
            assertThat(slow.answerTo(leave).getString("type"))
                    .as("heard while more comes")
                    .isEqualTo("ack");
            enough.set(true);
            more.join();

            slow.catchUp("group/" + group, ada.places.of("group/" + group).seq());
            assertThat(slow.all()).noneMatch(frame -> frame.getString("type").equals("gap"));
        }
    }

    @Test
    void aTokensEndIsAnnouncedAndEnforced() {
        try (Person ada = Person.with(
                RawSocket.open(root), Say.hello(TestToken.until(Instant.now().minusSeconds(1), "heart-ada")))) {
            assertThat(ada.next("expiring").getLong("in")).isLessThan(60_000);
            ada.error("token_expired");
            assertThat(ada.awaitClose()).isEqualTo(TOKEN);
        }
    }

    @Test
    void aRefreshedTokenGoesOn() {
        Instant soon = Instant.now().plusSeconds(3);
        Instant later = Instant.now().plusSeconds(600);
        try (Person ada = Person.with(RawSocket.open(root), Say.hello(TestToken.until(soon, "heart-ada")))) {
            ada.next("expiring");
            JsonObject refresh = JsonObject.of("type", "refresh");
            ada.refused(refresh.copy().put("token", TestToken.of("heart-bob")), "forbidden");
            ada.refused(refresh.copy().put("token", TestToken.forged("heart-ada")), "unauthenticated");
            JsonObject ack = ada.accepted(refresh.copy().put("token", TestToken.until(later, "heart-ada")));

            assertThat(ack.getLong("expires")).isEqualTo(later.getEpochSecond() * 1000);
            Instant end = soon.plusSeconds(LEEWAY + 1);
            while (Instant.now().isBefore(end)) {
                ada.awaitPing();
            }
            ada.accepted(Say.join(group));
        }
    }

    private static void talkUntil(Person nobody, AtomicBoolean ended) {
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            nobody.say(Say.ping());
            return ended.get();
        });
    }

    /** Sends so many messages of about 20 kB, and reads hers on the way: who does not read is not read. */
    private void flood(Person ada, int messages) {
        for (int i = 0; i < messages; i++) {
            ada.say(Say.send(Say.group(group), "x".repeat(20_000)));
            ada.catchUp("group/" + group, ada.places.of("group/" + group).seq() + 1);
        }
    }
}
