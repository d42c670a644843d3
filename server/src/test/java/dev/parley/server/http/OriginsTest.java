package dev.parley.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may use the hub, whatever they ask for: each entrance is asked by a page of its own, of a listed and of a foreign origin, and by no page. */
@QuarkusTest
@TestProfile(OriginsTest.Listed.class)
class OriginsTest {

    /** A server that lets in the pages of another site. */
    public static final class Listed implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("parley.http.origins", "https://app.example.com,http://other.example.com:8081");
        }
    }

    @TestHTTPResource("/")
    URI root;

    @ParameterizedTest
    @CsvSource({
        "'',                                101, 200, 200",
        "own,                               101, 200, 200",
        "https://app.example.com,           101, 200, 200",
        "http://other.example.com:8081,     101, 200, 200",
        "https://evil.example.com,          403, 403, 403",
        "http://app.example.com,            403, 403, 403",
        "https://app.example.com:8443,      403, 403, 403",
        "https://app.example.com.evil.com,  403, 403, 403",
        "null,                              403, 403, 403",
        "nonsense,                          403, 403, 403",
        "http://localhost:1,                403, 403, 403",
    })
    void whoMayComeIn(String origin, int socket, int stream, int api) throws IOException {
        String header = origin.isEmpty() ? "" : "Origin: " + (origin.equals("own") ? own() : origin) + "\r\n";

        assertThat(status(
                        "GET /v1/connect",
                        header + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"))
                .isEqualTo(socket);
        assertThat(status("GET /v1/stream?channel=all", header)).isEqualTo(stream);
        assertThat(status("GET /v1/cluster", header + "Authorization: Bearer dev\r\n"))
                .isEqualTo(api);
    }

    @Test
    void aListedOriginMayReadTheAnswer() throws IOException {
        String head = head("GET /v1/cluster", "Origin: https://app.example.com\r\nAuthorization: Bearer dev\r\n");

        assertThat(head)
                .containsIgnoringCase("access-control-allow-origin: https://app.example.com\r\n")
                .containsIgnoringCase("vary: origin\r\n")
                .doesNotContainIgnoringCase("access-control-allow-credentials");
    }

    @Test
    void aListedOriginIsToldBeforehandWhatItMaySend() throws IOException {
        String head = head(
                "OPTIONS /v1/messages",
                "Origin: https://app.example.com\r\nAccess-Control-Request-Method: POST\r\n"
                        + "Access-Control-Request-Headers: authorization,idempotency-key\r\n");

        assertThat(head)
                .startsWith("HTTP/1.1 204 ")
                .containsIgnoringCase("access-control-allow-origin: https://app.example.com\r\n")
                .containsPattern("(?i)access-control-allow-methods: .*POST")
                .containsPattern("(?i)access-control-allow-headers: .*Idempotency-Key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS /v1/messages", "POST /v1/guests", "GET /v1/nothing"})
    void aForeignOriginGetsAProblemAndNoPermission(String line) throws IOException {
        String head = head(line, "Origin: https://evil.example.com\r\nAccess-Control-Request-Method: POST\r\n");

        assertThat(head)
                .startsWith("HTTP/1.1 403 ")
                .containsIgnoringCase("content-type: application/problem+json")
                .doesNotContainIgnoringCase("access-control-allow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/live/", "/v1/cluster", "/v1/nothing", "/q/health"})
    void everyAnswerIsGuardedInTheBrowser(String path) throws IOException {
        assertThat(head("GET " + path, ""))
                .containsIgnoringCase("x-content-type-options: nosniff\r\n")
                .containsIgnoringCase("referrer-policy: same-origin\r\n")
                .containsIgnoringCase("cross-origin-opener-policy: same-origin\r\n")
                .containsPattern("(?i)content-security-policy: default-src 'none';.*frame-ancestors 'none'")
                .doesNotContainIgnoringCase("unsafe-")
                .doesNotContainIgnoringCase("set-cookie");
    }

    private String own() {
        return "http://" + root.getHost() + ":" + root.getPort();
    }

    private int status(String line, String headers) throws IOException {
        return Integer.parseInt(head(line, headers).substring(9, 12));
    }

    private String head(String line, String headers) throws IOException {
        try (Socket socket = new Socket(root.getHost(), root.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((line + " HTTP/1.1\r\nHost: " + root.getHost() + ":" + root.getPort() + "\r\n" + headers
                                    + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                assertThat(next).isNotNegative();
                head.append((char) next);
            }
            return head.toString();
        }
    }
}
