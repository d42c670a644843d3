package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From HTTP to a WebSocket. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class UpgradeTest {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    @TestHTTPResource("/")
    URI root;

    @Test
    void theKeyIsAnswered() {
        try (RawSocket socket = RawSocket.dial(root)) {
            assertThat(socket.handshake())
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .containsIgnoringCase("upgrade: websocket\r\n")
                    .containsIgnoringCase("connection: upgrade\r\n")
                    .containsIgnoringCase("sec-websocket-accept: " + RawSocket.ACCEPT + "\r\n");
        }
    }

    @Test
    void theSubprotocolIsSelectedAmongThoseOffered() {
        try (RawSocket socket = RawSocket.dial(root)) {
            assertThat(socket.handshake("Sec-WebSocket-Protocol: chat, parley.v1.json, other"))
                    .containsIgnoringCase("sec-websocket-protocol: parley.v1.json\r\n");
        }
    }

    @Test
    void theSubprotocolIsAssumedWhereNoneIsOffered() {
        RawSocket socket = RawSocket.dial(root);
        assertThat(socket.handshake()).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("sec-websocket-protocol");

        try (Person person = Person.with(socket, Say.hello())) {
            assertThat(person.connection()).isNotEmpty();
        }
    }

    @Test
    void aForeignSubprotocolIsNotSelected() {
        try (RawSocket socket = RawSocket.dial(root)) {
            assertThat(socket.handshake("Sec-WebSocket-Protocol: mqtt")).doesNotContainIgnoringCase("protocol: mqtt");
        }
    }

    @Test
    void compressionIsNotTaken() {
        try (RawSocket socket = RawSocket.dial(root)) {
            assertThat(socket.handshake("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"))
                    .startsWith("HTTP/1.1 101")
                    .doesNotContainIgnoringCase("sec-websocket-extensions");
        }
    }

    @Test
    void aPlainGetIsToldToUpgrade() {
        try (RawSocket socket = RawSocket.dial(root)) {
            String head = socket.request("GET /v1/connect HTTP/1.1");

            assertThat(head)
                    .startsWith("HTTP/1.1 426 ")
                    .containsIgnoringCase("upgrade: websocket\r\n")
                    .containsIgnoringCase("content-type: application/problem+json\r\n");
            assertThat(body(socket, head).getInteger("status")).isEqualTo(426);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade\r\nSec-WebSocket-Version: 13",
                "Connection: keep-alive\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + RawSocket.KEY,
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + RawSocket.KEY,
            })
    void aHalfHandshakeIsRefused(String headers) {
        try (RawSocket socket = RawSocket.dial(root)) {
            assertThat(socket.request("GET /v1/connect HTTP/1.1", "Upgrade: websocket", headers))
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    /** Whose frames are not those of the RFC. */
    @ParameterizedTest
    @ValueSource(strings = {"", "Sec-WebSocket-Version: 0", "Sec-WebSocket-Version: 7", "Sec-WebSocket-Version: 8"})
    void draftsOfTheProtocolAreRefused(String version) {
        try (RawSocket socket = RawSocket.dial(root)) {
            assertThat(socket.request(
                            "GET /v1/connect HTTP/1.1",
                            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + RawSocket.KEY,
                            version))
                    .startsWith("HTTP/1.1 426 ")
                    .containsIgnoringCase("sec-websocket-version: 13");
        }
    }

    @Test
    void anotherVersionOfTheHandshakeIsRefusedWithTheRightOne() {
        try (RawSocket socket = RawSocket.dial(root)) {
            assertThat(socket.request(
                            "GET /v1/connect HTTP/1.1",
                            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 99",
                            "Sec-WebSocket-Key: " + RawSocket.KEY))
                    .startsWith("HTTP/1.1 426 ")
                    .containsIgnoringCase("sec-websocket-version: 13");
        }
    }

    private static JsonObject body(RawSocket socket, String head) {
        Matcher length = LENGTH.matcher(head);
        assertThat(length.find()).isTrue();
        return new JsonObject(new String(socket.take(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8));
    }
}
