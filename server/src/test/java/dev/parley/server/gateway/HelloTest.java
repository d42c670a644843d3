package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Saying who one is. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class HelloTest {
    private static final int TOKEN = 4100;

    @TestHTTPResource("/")
    URI root;

    @Test
    void welcomeTellsAllThatAClientNeeds() {
        try (Person ada = Person.of(root, "hello-ada")) {
            JsonObject welcome = ada.welcome();

            assertThat(welcome.getJsonObject("user")).isEqualTo(JsonObject.of("id", "hello-ada", "name", "hello-ada"));
            assertThat(welcome.getString("connection")).startsWith(welcome.getString("node") + ".");
            assertThat(welcome.getJsonObject("ping")).isEqualTo(JsonObject.of("interval", 25_000, "timeout", 10_000));
            assertThat(welcome.getJsonObject("limits").fieldNames())
                    .containsExactlyInAnyOrder("frame", "message", "sendsPerSecond", "sendBurst", "inFlight", "groups");
            assertThat(welcome.getLong("time")).isCloseTo(System.currentTimeMillis(), within(60_000L));
            assertThat(welcome.getJsonArray("channels").stream()
                            .map(channel -> ((JsonObject) channel).getString("channel")))
                    .contains("all", "user/hello-ada");
            assertThat(welcome.fieldNames()).doesNotContain("expires", "token");
        }
    }

    @Test
    void aTokensEndIsTold() {
        Instant end = Instant.now().plus(Duration.ofHours(1));
        try (Person ada = Person.with(RawSocket.open(root), Say.hello(TestToken.until(end, "hello-ada")))) {
            assertThat(ada.welcome().getLong("expires")).isEqualTo(end.getEpochSecond() * 1000);
        }
    }

    @Test
    void aGuestIsTheSameWithTheTokenOfTheWelcome() {
        try (Person first = Person.with(RawSocket.open(root), Say.hello());
                Person again = Person.with(
                        RawSocket.open(root), Say.hello(first.welcome().getString("token")))) {
            assertThat(again.user()).isEqualTo(first.user());
            assertThat(again.connection()).isNotEqualTo(first.connection());
            assertThat(again.welcome().containsKey("token")).isFalse();
        }
    }

    @Test
    void theHelloNeedsNoId() {
        try (Person guest = Person.silent(root)) {
            guest.say(Say.hello());

            assertThat(guest.next("welcome").containsKey("id")).isFalse();
        }
    }

    @Test
    void whatIsSaidBeforeTheHelloIsRefusedAndTheConnectionStays() {
        try (Person nobody = Person.silent(root)) {
            nobody.refused(Say.ping(), "unauthenticated");
            nobody.refused(Say.send(Say.group("x"), 1), "unauthenticated");
            nobody.refused(JsonObject.of("type", "nonsense"), "unknown_type");

            assertThat(nobody.ask(Say.hello()).getString("type")).isEqualTo("welcome");
        }
    }

    @Test
    void aSecondHelloIsAConflict() {
        try (Person ada = Person.of(root, "hello-ada")) {
            ada.refused(Say.hello(), "conflict");
            ada.refused(Say.hello(TestToken.of("hello-eve")), "conflict");

            assertThat(ada.send(Say.user("hello-ada"), 1).containsKey("seq")).isTrue();
            assertThat(ada.next("message").getJsonObject("from").getString("user"))
                    .isEqualTo("hello-ada");
        }
    }

    @Test
    void aSecondHelloInTheSameFrameIsAConflict() {
        try (Person guest = Person.silent(root)) {
            JsonObject first = guest.numbered(Say.hello());
            JsonObject second = guest.numbered(Say.hello());
            guest.say(first, second);

            assertThat(guest.answerTo(first).getString("type")).isEqualTo("welcome");
            assertThat(guest.answerTo(second).getString("code")).isEqualTo("conflict");
        }
    }

    @Test
    void requestsRightBehindTheHelloTakeEffectAfterIt() {
        try (Person guest = Person.silent(root)) {
            JsonObject send = guest.numbered(Say.send(Say.group("behind-hello"), 1));
            guest.say(guest.numbered(Say.hello()), guest.numbered(Say.join("behind-hello")), send);

            assertThat(guest.answerTo(send).getLong("seq")).isEqualTo(1);
        }
    }

    @Test
    void anExpiredTokenIsToldApart() {
        assertRefused(TestToken.until(Instant.now().minusSeconds(60), "hello-ada"), "token_expired");
    }

    @Test
    void aForgedTokenIsRefused() {
        assertRefused(TestToken.forged("hello-ada"), "unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ."})
    void whatIsNoTokenIsRefused(String token) {
        assertRefused(token, "unauthenticated");
    }

    @Test
    void aTokenForAUserIdThatDoesNotFitIsRefusedWithASentence() {
        assertThat(assertRefused(TestToken.of("a b"), "unauthenticated")).contains("sub");
    }

    @Test
    void aMalformedHelloIsRefusedAndMayBeSaidAgain() {
        try (Person guest = Person.silent(root)) {
            guest.refused(Say.hello().put("token", 5), "bad_frame");
            guest.refused(Say.hello().put("resume", List.of()), "bad_frame");

            assertThat(guest.ask(Say.hello()).getString("type")).isEqualTo("welcome");
        }
    }

    private String assertRefused(String token, String code) {
        try (Person nobody = Person.silent(root)) {
            String detail = nobody.refused(Say.hello(token), code).getString("detail");
            assertThat(nobody.awaitClose()).isEqualTo(TOKEN);
            return detail;
        }
    }
}
