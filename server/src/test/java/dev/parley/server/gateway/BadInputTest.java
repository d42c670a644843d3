package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.LogWatch;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no request, or none that can be taken: an error with its code, the connection stays, and nothing of it is logged. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class BadInputTest {
    private static final int OBJECT_MAX = 64 * 1024;

    @TestHTTPResource("/")
    URI root;

    private Person ada;
    private LogWatch log;

    @BeforeEach
    void connect() {
        ada = Person.of(root, "bad-ada");
        log = new LogWatch();
    }

    @AfterEach
    void nothingHappened() {
        assertThat(ada.ask(Say.ping()).getString("type")).isEqualTo("pong");
        log.close();
        assertThat(log.lines()).isEmpty();
        ada.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "{",
                "[]",
                "[{\"type\":\"ping\"}]",
                "null",
                "5",
                "\"ping\"",
                "{}",
                "{\"type\":5}",
                "{\"type\":\"ping\"} x",
                "{\"type\":\"ping\"}{\"type\":\"ping\"}",
                "{\"type\":\"ping\",}",
                "{'type':'ping'}",
                "{\"type\":\"ping\",\"type\":\"ping\"}",
                "\u0000",
                "\uFEFF{\"type\":\"ping\"}",
            })
    void whatIsNoRequestIsABadFrame(String text) {
        ada.socket.text(text);

        assertThat(ada.error("bad_frame").containsKey("id")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"send\",\"id\":7,\"data\":1}",
                "{\"type\":\"send\",\"id\":7,\"to\":{\"group\":\"x\"}}",
                "{\"type\":\"send\",\"id\":7,\"to\":{},\"data\":1}",
                "{\"type\":\"send\",\"id\":7,\"to\":{\"group\":\"x\",\"user\":\"y\"},\"data\":1}",
                "{\"type\":\"send\",\"id\":7,\"to\":{\"all\":false},\"data\":1}",
                "{\"type\":\"send\",\"id\":7,\"to\":{\"group\":\"a b\"},\"data\":1}",
                "{\"type\":\"send\",\"id\":7,\"to\":{\"user\":\"a/b\"},\"data\":1}",
                "{\"type\":\"send\",\"id\":7,\"to\":\"all\",\"data\":1}",
                "{\"type\":\"send\",\"id\":7,\"to\":{\"group\":\"x\"},\"data\":1,\"echo\":\"no\"}",
                "{\"type\":\"send\",\"id\":7,\"to\":{\"group\":\"x\"},\"data\":1,\"except\":\"bob\"}",
                "{\"type\":\"send\",\"id\":7,\"to\":{\"group\":\"x\"},\"data\":1,\"except\":[\"a b\"]}",
                "{\"type\":\"send\",\"id\":7,\"to\":{\"group\":\"x\"},\"data\":1,\"ref\":{\"messageId\":\"m\",\"kind\":\"x\"}}",
                "{\"type\":\"join\",\"id\":7}",
                "{\"type\":\"join\",\"id\":7,\"group\":\"\"}",
                "{\"type\":\"join\",\"id\":7,\"group\":\"x\",\"since\":{}}",
                "{\"type\":\"join\",\"id\":7,\"group\":\"x\",\"since\":{\"last\":-1}}",
                "{\"type\":\"join\",\"id\":7,\"group\":\"x\",\"since\":{\"last\":1,\"epoch\":\"e\",\"seq\":1}}",
                "{\"type\":\"leave\",\"id\":7,\"group\":5}",
                "{\"type\":\"history\",\"id\":7,\"channel\":\"x\"}",
                "{\"type\":\"history\",\"id\":7,\"channel\":\"all\",\"before\":1.5}",
                "{\"type\":\"read\",\"id\":7,\"channel\":\"all\"}",
                "{\"type\":\"read\",\"id\":7,\"channel\":\"all\",\"seq\":9007199254740992}",
                "{\"type\":\"typing\",\"id\":7,\"to\":{\"group\":\"x\"}}",
                "{\"type\":\"presence\",\"id\":7}",
                "{\"type\":\"refresh\",\"id\":7}",
            })
    void aMissingOrWrongFieldIsABadFrameOfThatRequest(String text) {
        ada.socket.text(text);

        assertThat(ada.error("bad_frame").getInteger("id")).isEqualTo(7);
    }

    @Test
    void anUnknownTypeIsToldAsSuch() {
        ada.refused(JsonObject.of("type", "dance"), "unknown_type");
    }

    @ParameterizedTest
    @CsvSource({"5", "\"five\"", "-1"})
    void anIdComesBackAsItWas(String id) {
        ada.socket.text("{\"type\":\"ping\",\"id\":" + id + "}");

        assertThat(ada.socket.read().text()).contains("\"id\":" + id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1.5", "true", "{}", "[]", "9007199254740992000"})
    void anIdOfAnotherKindIsABadFrame(String id) {
        ada.socket.text("{\"type\":\"ping\",\"id\":" + id + "}");

        JsonObject answer = ada.await(frame -> true);
        // An id of null may also count as none.
        assertThat(answer.getString("type").equals("pong") && id.equals("null")
                        || "bad_frame".equals(answer.getString("code")))
                .as("%s", answer)
                .isTrue();
    }

    @Test
    void anIdThatIsTooLongIsABadFrame() {
        ada.socket.text(Say.ping().put("id", "x".repeat(64)).encode());
        ada.next("pong");
        ada.socket.text(Say.ping().put("id", "x".repeat(65)).encode());
        ada.error("bad_frame");
    }

    @Test
    void unknownFieldsAndEmptyLinesAreIgnored() {
        ada.socket.text("\n\n{\"type\":\"ping\",\"id\":1,\"colour\":{\"type\":\"x\"}}\n\r\n  \n");

        assertThat(ada.next("pong").getInteger("id")).isEqualTo(1);
        assertThat(ada.all()).isEmpty();
    }

    @Test
    void aBadObjectAmongOthersHurtsOnlyItself() {
        ada.socket.text(
                "{\"type\":\"ping\",\"id\":1}\n{oops\n{\"type\":\"dance\",\"id\":2}\n{\"type\":\"ping\",\"id\":3}");

        assertThat(ada.next("pong").getInteger("id")).isEqualTo(1);
        ada.error("bad_frame");
        assertThat(ada.error("unknown_type").getInteger("id")).isEqualTo(2);
        assertThat(ada.next("pong").getInteger("id")).isEqualTo(3);
    }

    @Test
    void anObjectOverTheLimitIsTooLargeAndTheOthersOfItsFrameAreTaken() {
        ada.join("bad-large");
        String large = "x".repeat(OBJECT_MAX);
        JsonObject send = ada.numbered(Say.send(Say.group("bad-large"), large));
        JsonObject after = ada.numbered(Say.send(Say.group("bad-large"), "small"));
        ada.say(send, after);

        assertThat(ada.error("too_large").getInteger("id")).isEqualTo(send.getInteger("id"));
        assertThat(ada.answerTo(after).getInteger("seq")).isEqualTo(1);
    }

    @Test
    void anObjectOfTheLargestSizeIsTaken() {
        ada.join("bad-largest");
        String frame = Say.send(Say.group("bad-largest"), "").encode();
        String data = "x".repeat(OBJECT_MAX - frame.length());
        ada.socket.text(Say.send(Say.group("bad-largest"), data).encode());

        assertThat(ada.nextData()).isEqualTo(data);
    }

    @Test
    void deepNestingIsABadFrameBeforeAnythingIsKept() {
        ada.join("bad-deep");
        String deep = "[".repeat(200) + "]".repeat(200);
        ada.socket.text("{\"type\":\"send\",\"to\":{\"group\":\"bad-deep\"},\"data\":" + deep + "}");

        ada.error("bad_frame");
        assertThat(ada.accepted(Say.history("group/bad-deep")).getJsonArray("messages"))
                .isEmpty();
    }

    @Test
    void refusalsOfRequestsAreNotLogged() {
        ada.refused(Say.send(Say.everyone(), 1), "forbidden");
        ada.refused(Say.send(Say.connection("x"), 1), "unknown_connection");
        ada.refused(Say.send(Say.group("bad-unjoined"), 1).put("except", new JsonArray()), "not_joined");
        ada.refused(Say.hello(), "conflict");
    }

    @Test
    void connectionsThatBreakRulesOrOffAreNotLogged() {
        try (RawSocket socket = RawSocket.open(root)) {
            socket.frame(0xFF, false, (byte) 1);
            socket.awaitClose();
        }
        try (RawSocket socket = RawSocket.open(root)) {
            socket.frame(true, RawSocket.TEXT, (byte) 0xFF);
            socket.awaitClose();
        }
        try (RawSocket socket = RawSocket.dial(root)) {
            socket.request("GET /v1/connect HTTP/1.1", "Upgrade: websocket");
        }
        try (Person forger = Person.silent(root)) {
            forger.refused(Say.hello(TestToken.forged("bad-eve")), "unauthenticated");
            forger.awaitClose();
        }
        Person.of(root, "bad-bob").socket.reset();
    }
}
