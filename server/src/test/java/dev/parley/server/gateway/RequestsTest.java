package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The smaller requests: who is here, typing, tokens, pings. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class RequestsTest {

    @TestHTTPResource("/")
    URI root;

    private final String group = "requests-" + UUID.randomUUID();
    private Person ada;
    private Person bob;

    @BeforeEach
    void connect() {
        ada = Person.of(root, "requests-ada");
        bob = Person.of(root, "requests-bob");
    }

    @AfterEach
    void hangUp() {
        ada.close();
        bob.close();
    }

    @Test
    void aPingIsAnsweredWithItsIdAndWithoutOne() {
        assertThat(ada.ask(Say.ping()).getString("type")).isEqualTo("pong");
        ada.say(Say.ping());
        assertThat(ada.next("pong").containsKey("id")).isFalse();
    }

    @Test
    void aPongGetsNoAnswer() {
        ada.say(JsonObject.of("type", "pong", "id", 1));

        assertThat(ada.all()).isEmpty();
    }

    /** Each is answered at once, and all at once when what held them up is done. */
    @Test
    void manyRequestsThatWaitedForOneAreAllAnswered() {
        try (Person guest = Person.silent(root)) {
            int many = 2500;
            String leave = Say.leave(group).put("id", "l").encode() + "\n";
            guest.socket.text(Say.hello().encode() + "\n" + leave.repeat(many));

            assertThat(guest.socket.read().text()).contains("\"welcome\"");
            for (int i = 0; i < many; i++) {
                assertThat(guest.socket.read().text()).isEqualTo("{\"type\":\"ack\",\"id\":\"l\"}");
            }
        }
    }

    @Test
    void presenceListsWhoFollowsAndOnHowManyDevices() {
        try (Person phone = Person.of(root, "requests-bob")) {
            Stream.of(ada, bob, phone).forEach(each -> each.join(group));

            JsonObject present = ada.accepted(JsonObject.of("type", "presence", "group", group));

            assertThat(present.getLong("count")).isEqualTo(2);
            assertThat(present.getJsonArray("users").stream()
                            .map(JsonObject.class::cast)
                            .map(user -> user.getString("user") + " " + user.getString("name") + " "
                                    + user.getInteger("devices")))
                    .containsExactlyInAnyOrder("requests-ada requests-ada 1", "requests-bob requests-bob 2");
        }
    }

    @Test
    void presenceOfAGroupNotJoinedIsNotTold() {
        ada.refused(JsonObject.of("type", "presence", "group", group), "not_joined");
    }

    @Test
    void comingAndGoingIsToldToTheOthers() {
        ada.join(group);
        bob.join(group);

        JsonObject joined = ada.next("presence");
        assertThat(joined.getString("state")).isEqualTo("joined");
        assertThat(joined.getString("user")).isEqualTo("requests-bob");
        bob.accepted(Say.leave(group));
        assertThat(ada.next("presence").getString("state")).isEqualTo("left");
    }

    @Test
    void typingIsToldToTheOtherFollowers() {
        try (Person phone = Person.of(root, "requests-ada")) {
            Stream.of(ada, bob, phone).forEach(each -> each.join(group));
            ada.accepted(typing(Say.group(group)));

            assertThat(bob.next("typing"))
                    .isEqualTo(JsonObject.of("type", "typing")
                            .put("to", Say.group(group))
                            .put("user", "requests-ada")
                            .put("name", "requests-ada")
                            .put("active", true));
            for (Person own : List.of(ada, phone)) {
                assertThat(own.all()).noneMatch(frame -> frame.getString("type").equals("typing"));
            }
        }
    }

    @Test
    void typingToAUserIsToldToThem() {
        ada.accepted(typing(Say.user("requests-bob")));

        assertThat(bob.next("typing").getJsonObject("to")).isEqualTo(Say.user("requests-bob"));
    }

    @Test
    void typingWhereOneIsNotOrToEveryoneIsRefused() {
        ada.refused(typing(Say.group(group)), "not_joined");
        ada.refused(typing(Say.everyone()), "forbidden");
        ada.refused(typing(Say.connection(bob.connection())), "forbidden");
    }

    @Test
    void onlyWhatOneFollowsCanBeRead() {
        ada.accepted(JsonObject.of("type", "read", "channel", "user/requests-ada", "seq", 0));
        ada.refused(JsonObject.of("type", "read", "channel", "group/" + group, "seq", 0), "not_joined");
        ada.refused(JsonObject.of("type", "read", "channel", "user/requests-bob", "seq", 0), "not_joined");
    }

    @Test
    void aTokenIsRefreshedByOneOfTheSameUserThatIsGood() {
        Instant end = Instant.now().plusSeconds(100);
        JsonObject refresh = JsonObject.of("type", "refresh");

        assertThat(ada.accepted(refresh.copy().put("token", TestToken.until(end, "requests-ada")))
                        .getLong("expires"))
                .isEqualTo(end.getEpochSecond() * 1000);
        ada.refused(refresh.copy().put("token", TestToken.of("requests-bob")), "forbidden");
        ada.refused(refresh.copy().put("token", TestToken.forged("requests-ada")), "unauthenticated");
        ada.refused(
                refresh.copy().put("token", TestToken.until(Instant.now().minusSeconds(60), "requests-ada")),
                "token_expired");
        ada.accepted(Say.join(group));
    }

    @Test
    void aRefreshedTokenBringsItsRoles() {
        ada.refused(Say.send(Say.everyone(), 1), "forbidden");
        ada.accepted(JsonObject.of("type", "refresh", "token", TestToken.of("requests-ada", "admin")));

        ada.send(Say.everyone(), "as an admin");
    }

    private static JsonObject typing(JsonObject to) {
        return JsonObject.of("type", "typing", "to", to, "active", true);
    }
}
