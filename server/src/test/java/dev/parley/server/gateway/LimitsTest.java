package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.limit.Exceeded;
import dev.parley.server.limit.Limit;
import dev.parley.server.testing.EventReader;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much one connection and one address may do, and that who is no guest needs a token where guests are off. */
@QuarkusTest
@TestProfile(LimitsTest.Profile.class)
class LimitsTest {
    private static final int POLICY = 1008;
    private static final int TOKEN = 4100;
    private static final int TOO_MANY_CONNECTIONS = 4202;
    private static final int BURST = 10;
    private static final int REQUESTS_BURST = 20;
    private static final int GROUPS = 2;
    private static final int CONNECTIONS = 4;

    /** Who asks this often without a pause is over every rate. */
    private static final int FAR_MORE = 2000;

    /** Little of everything. */
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "parley.guests.secret", TestToken.SECRET,
                    "parley.guests.enabled", "false",
                    "parley.limits.sends-per-second", "5",
                    "parley.limits.requests-per-second", "2",
                    "parley.limits.groups", Integer.toString(GROUPS),
                    "parley.limits.message", "2000",
                    "parley.namespaces.board.anonymous", "true",
                    "parley.limits.connections-per-address", Integer.toString(CONNECTIONS));
        }
    }

    @TestHTTPResource("/")
    URI root;

    @Inject
    Exceeded exceeded;

    @Inject
    Sessions sessions;

    /** They count for the address, and the server hears of their end a moment after they hung up. */
    @BeforeEach
    void nobodyIsLeft() {
        await().until(() -> sessions.count() == 0);
    }

    @Test
    void welcomeTellsTheLimits() {
        try (Person ada = Person.of(root, "limits-ada")) {
            assertThat(ada.welcome().getJsonObject("limits"))
                    .isEqualTo(JsonObject.of("frame", 262144)
                            .put("message", 2000)
                            .put("sendsPerSecond", 5)
                            .put("sendBurst", BURST)
                            .put("inFlight", 32)
                            .put("groups", GROUPS));
        }
    }

    @Test
    void withoutATokenThereIsNoWelcomeWhereGuestsAreOff() {
        try (Person guest = Person.silent(root)) {
            guest.refused(Say.hello(), "unauthenticated");
            assertThat(guest.awaitClose()).isEqualTo(TOKEN);
        }
    }

    @Test
    void withoutATokenOneStreamsWhatIsAnonymousAndNothingElseWhereGuestsAreOff() {
        try (Person ada = Person.of(root, "limits-ada");
                EventReader reader = EventReader.open(root, "?channel=group/board:news")) {
            reader.next("welcome");
            ada.join("board:news");
            ada.send(Say.group("board:news"), "for everybody");
            assertThat(reader.nextData()).isEqualTo("for everybody");
            for (String closed : List.of("all", "group/lobby", "group/board:news&channel=all", "user/limits-ada")) {
                try (EventReader refused = EventReader.ask(root, "?channel=" + closed)) {
                    assertThat(refused.head()).as(closed).startsWith("HTTP/1.1 401 ");
                }
            }
        }
    }

    @Test
    void sendsOverTheRateAreRefusedWithTheTimeToWait() {
        try (Person ada = Person.of(root, "limits-ada")) {
            ada.join("limits");
            ada.say(IntStream.rangeClosed(1, BURST)
                    .mapToObj(i -> Say.send(Say.group("limits"), i))
                    .toArray(JsonObject[]::new));
            ada.catchUp("group/limits", ada.places.of("group/limits").seq() + BURST);

            // The bucket fills up meanwhile, and on a machine that stands still for a moment by more than one.
            JsonObject refusal = refusalOf(ada, () -> Say.send(Say.group("limits"), "over"));
            long wait = refusal.getLong("retryAfter");

            assertThat(wait).isBetween(1L, 200L);
            assertThat(exceeded.of(Limit.SENDS_PER_SECOND)).isPositive();
            await().pollDelay(Duration.ofMillis(wait))
                    .until(() -> ada.ask(Say.send(Say.group("limits"), "later"))
                            .getString("type")
                            .equals("ack"));
        }
    }

    @Test
    void sendsAndOtherRequestsHaveBucketsOfTheirOwn() {
        try (Person ada = Person.of(root, "limits-ada")) {
            ada.join("limits");
            for (int i = 0; i < REQUESTS_BURST / 2; i++) {
                assertThat(ada.ask(Say.ping()).getString("type")).isEqualTo("pong");
            }
            JsonObject last = refusalOf(ada, Say::ping);

            assertThat(last.getString("code")).isEqualTo("rate_limited");
            assertThat(last.getLong("retryAfter")).isBetween(1L, 500L);
            assertThat(exceeded.of(Limit.REQUESTS_PER_SECOND)).isPositive();
            ada.send(Say.group("limits"), "still");
        }
    }

    @Test
    void moreGroupsThanAllowedAreAConflict() {
        try (Person ada = Person.of(root, "limits-ada")) {
            ada.join("limits-1");
            ada.join("limits-2");
            ada.join("limits-2");
            long before = exceeded.of(Limit.GROUPS);
            ada.refused(Say.join("limits-3"), "conflict");
            assertThat(exceeded.of(Limit.GROUPS)).isGreaterThan(before);
            ada.accepted(Say.leave("limits-1"));
            ada.join("limits-3");
        }
    }

    /** Asks, faster than the rate, until that is refused. */
    private static JsonObject refusalOf(Person person, Supplier<JsonObject> request) {
        for (int i = 0; i < FAR_MORE; i++) {
            JsonObject answer = person.ask(request.get());
            if (answer.getString("type").equals("error")) {
                assertThat(answer.getString("code")).isEqualTo("rate_limited");
                return answer;
            }
        }
        throw new AssertionError("nothing is refused");
    }

    @Test
    void moreGroupsThanAllowedInAResumeAreListedAsConflict() {
        JsonObject resume = new JsonObject();
        for (int i = 1; i <= GROUPS + 1; i++) {
            resume.put("group/limits-" + i, Say.cursor("e", 0));
        }
        try (Person ada = Person.back(root, "limits-ada", resume)) {
            assertThat(ada.welcome("group/limits-3").getString("error")).isEqualTo("conflict");
            assertThat(ada.welcome("group/limits-2").containsKey("error")).isFalse();
        }
    }

    @Test
    void theLimitOfAnObjectIsTheOneOfTheSettings() {
        try (Person ada = Person.of(root, "limits-ada")) {
            ada.refused(Say.send(Say.user("limits-ada"), "x".repeat(2000)), "too_large");
        }
    }

    @Test
    void aFloodOfRefusalsEndsIt() {
        try (Person ada = Person.of(root, "limits-ada")) {
            for (int i = 0; i < 11; i++) {
                ada.socket.text("x\n".repeat(100));
            }
            assertThat(ada.awaitClose()).isEqualTo(POLICY);
        }
    }

    @Test
    void aFloodBeforeTheHelloEndsItAsWell() {
        try (Person nobody = Person.silent(root)) {
            nobody.socket.text("{\"type\":\"ping\"}\n".repeat(1100));

            assertThat(nobody.awaitClose()).isEqualTo(POLICY);
        }
    }

    /** Five sends a second get through all the while. */
    @Test
    void aSendLetThroughNowAndThenDoesNotExcuseAFlood() {
        try (Person ada = Person.of(root, "limits-ada")) {
            String flood = (Say.send(Say.user("limits-ada"), 1).encode() + '\n').repeat(150);
            CompletableFuture<Integer> closed = CompletableFuture.supplyAsync(ada::awaitClose);
            await().ignoreExceptions().pollInterval(Duration.ofMillis(250)).until(() -> {
                if (!closed.isDone()) {
                    ada.socket.text(flood);
                }
                return closed.isDone();
            });
            assertThat(closed.join()).isEqualTo(POLICY);
        }
    }

    @Test
    void refusalsBetweenAcceptedRequestsAreNoFlood() {
        try (Person ada = Person.of(root, "limits-ada")) {
            ada.socket.text("x\n".repeat(900));
            ada.send(Say.user("limits-ada"), 1);
            ada.socket.text("x\n".repeat(900));
            ada.send(Say.user("limits-ada"), 2);
        }
    }

    /** Connections of earlier tests may take a moment to be gone, so the limit is filled until somebody is turned away. */
    @Test
    void oneConnectionTooManyOfAnAddressIsClosedAndTheOthersStay() {
        List<Person> people = new ArrayList<>();
        try {
            await().until(() -> {
                fill(people);
                return people.size() == CONNECTIONS;
            });
            people.forEach(person -> person.send(Say.user(person.user()), "still here"));

            people.remove(0).close();
            await().until(() -> {
                fill(people);
                return people.size() == CONNECTIONS;
            });
        } finally {
            people.forEach(Person::close);
        }
    }

    /** Opens connections until one is turned away. */
    private void fill(List<Person> people) {
        while (true) {
            RawSocket socket = RawSocket.open(root);
            socket.text(Say.hello(TestToken.of("limits-ada")).encode());
            RawSocket.Frame first = socket.read();
            if (first.opcode() == RawSocket.CLOSE) {
                assertThat(first.closeCode()).isEqualTo(TOO_MANY_CONNECTIONS);
                socket.close();
                return;
            }
            people.add(Person.welcomed(socket, first));
        }
    }
}
