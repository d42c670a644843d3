package dev.parley.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal is a problem with its code and a sentence. */
@QuarkusTest
@TestProfile(WithKeys.class)
class ApiBadInputTest {
    private static final String GOOD = "{\"to\":{\"group\":\"prices\"},\"data\":1}";

    @TestHTTPResource("/")
    URI root;

    private Api api;

    @BeforeEach
    void connect() {
        api = new Api(root);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /v1,                                404, unsupported",
        "GET,    /v1/,                               404, unsupported",
        "GET,    /v1/nothing,                        404, unsupported",
        "POST,   /v1/cluster/more,                   404, unsupported",
        "GET,    /v1/messages,                       405, unsupported",
        "PATCH,  /v1/messages,                       405, unsupported",
        "POST,   /v1/groups/a/messages,              405, unsupported",
        "GET,    /v1/guests,                         405, unsupported",
        "PUT,    /v1/cluster,                        405, unsupported",
        "GET,    /v1/stream,                         400, bad_frame",
        "POST,   /v1/stream,                         405, unsupported",
        "GET,    /v1/groups/a%2Fb/messages,          400, bad_frame",
        "GET,    /v1/groups/a%20b/presence,          400, bad_frame",
        "GET,    /v1/groups/%C3%A9/presence,         400, bad_frame",
        "GET,    /v1/groups/a/messages?limit=x,      400, bad_frame",
        "GET,    /v1/groups/a/messages?limit=-1,     400, bad_frame",
        "GET,    /v1/groups/a/messages?before=1e3,   400, bad_frame",
        "GET,    /v1/groups/a/messages?after=9007199254740992,        400, bad_frame",
        "GET,    /v1/groups/a/messages?after=99999999999999999999999, 400, bad_frame",
        "GET,    /v1/groups/a/messages?before=9&after=1,              400, bad_frame",
        "GET,    /v1/users/a~b/connections,          400, bad_frame",
        "DELETE, /v1/users/a%20b/connections,        400, bad_frame",
        "DELETE, /v1/connections/a%20b,              400, bad_frame",
        "DELETE, /v1/connections/none,               404, unknown_connection",
        "DELETE, /v1/connections/aaaaaaa.1,          404, unknown_connection",
        "PUT,    /v1/groups/default:x/members/u1,    409, conflict",
        "PUT,    /v1/groups/chat:x/members/a~b,      400, bad_frame",
        "DELETE, /v1/groups/default:x/members/u1,    409, conflict",
    })
    void pathsAndQueries(String method, String path, int status, String code) {
        api.call(method, path, "", Map.of()).isProblem(status, code);
    }

    @ParameterizedTest
    @CsvSource({
        "PATCH, /v1/messages, POST",
        "POST, /v1/groups/a/messages, GET",
        "PUT, /v1/cluster, GET",
        "POST, /v1/stream, GET",
        "DELETE, /v1/connect, GET",
    })
    void aMethodThatIsNotTakenIsToldWhichAre(String method, String path, String allowed) {
        Api.Answer answer = api.call(method, path, "", Map.of()).isProblem(405, "unsupported");

        assertThat(answer.header("Allow").split(", *")).contains(allowed).doesNotContain(method);
    }

    /** What no client library sends, so it is written by hand. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%zz",
                "/v1/%zz",
                "/v1/groups/%/messages",
                "/v1/groups/a/messages?limit=%zz",
                "/v1/stream?channel=%"
            })
    void aPathThatMeansNothingIsAProblem(String path) throws IOException {
        try (Socket socket = new Socket(root.getHost(), root.getPort())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                                    + Api.KEY + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer)
                    .startsWith("HTTP/1.1 400 ")
                    .containsIgnoringCase("content-type: application/problem+json")
                    .contains("\"code\":\"bad_frame\"");
        }
    }

    @ParameterizedTest
    @MethodSource
    void messages(String body, int status, String code, String says) {
        Api.Answer answer = api.post("/v1/messages", body).isProblem(status, code);

        assertThat(answer.detail()).contains(says);
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                arguments("", 400, "bad_frame", ""),
                arguments("x", 400, "bad_frame", "JSON"),
                arguments("[]", 400, "bad_frame", "JSON object"),
                arguments("null", 400, "bad_frame", "JSON object"),
                arguments("{", 400, "bad_frame", "JSON"),
                arguments(GOOD + GOOD, 400, "bad_frame", "follows"),
                arguments("{}", 400, "bad_frame", "missing"),
                arguments("{\"to\":{\"group\":\"a\"}}", 400, "bad_frame", "data"),
                arguments("{\"data\":1}", 400, "bad_frame", "to"),
                arguments("{\"to\":{},\"data\":1}", 400, "bad_frame", "to"),
                arguments("{\"to\":{\"all\":true,\"group\":\"a\"},\"data\":1}", 400, "bad_frame", "to"),
                arguments("{\"to\":{\"group\":\"a b\"},\"data\":1}", 400, "bad_frame", "group"),
                arguments("{\"to\":{\"group\":7},\"data\":1}", 400, "bad_frame", "group"),
                arguments("{\"to\":{\"all\":true},\"data\":" + "[".repeat(300) + "}", 400, "bad_frame", "deep"),
                arguments("{\"to\":{\"all\":true},\"data\":1,\"except\":\"u1\"}", 400, "bad_frame", "except"),
                arguments("{\"to\":{\"all\":true},\"data\":1,\"messageId\":\"\"}", 400, "bad_frame", "messageId"),
                arguments("{\"to\":{\"connection\":\"none\"},\"data\":1}", 404, "unknown_connection", ""),
                arguments("{\"to\":{\"connection\":\"aaaaaaa.1\"},\"data\":1}", 404, "unknown_connection", ""),
                arguments("{\"to\":{\"user\":\"nobody\"},\"data\":1}", 404, "unknown_user", ""),
                arguments("{\"to\":{\"group\":\"chat:none\"},\"data\":1}", 404, "unknown_group", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"messages\":1}",
                "{\"messages\":[1]}",
                "{\"messages\":[],\"messages\":[]}",
                "{\"messages\":[]",
                "{\"messages\":[]} x",
                "{\"messages\":[{]}"
            })
    void batches(String body) {
        api.post("/v1/messages:batch", body).isProblem(400, "bad_frame");
    }

    @Test
    void aBatchHasABound() {
        String batch =
                "{\"messages\":[" + String.join(",", Collections.nCopies(BatchResource.MESSAGES_MAX + 1, GOOD)) + "]}";

        api.post("/v1/messages:batch", batch).isProblem(400, "bad_frame");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%20", "bi4u", "eC4xLnk", "Yi4xLg", "Yi45OTk5OTk5OTk5OTk5OTk5LmU"})
    void cursorsThatNoPageGave(String cursor) {
        api.get("/v1/groups/a/messages?cursor=" + cursor).isProblem(400, "bad_frame");
    }

    @ParameterizedTest
    @MethodSource
    void idempotencyKeys(String key) {
        api.call("POST", "/v1/messages", GOOD, Map.of("Idempotency-Key", key)).isProblem(400, "bad_frame");
    }

    static Stream<String> idempotencyKeys() {
        return Stream.of("x".repeat(65), "a\tb");
    }

    @Test
    void aBodyOfAnotherKindIsUnsupported() {
        api.call("POST", "/v1/messages", GOOD, Map.of("Content-Type", "text/plain"))
                .isProblem(415, "unsupported");
        api.call("POST", "/v1/guests", "{}", Map.of("Content-Type", "nonsense")).isProblem(415, "unsupported");
    }

    @Test
    void theTypeOfABodyThatIsNotThereIsNotLookedAt() {
        api.call("POST", "/v1/guests", "", Map.of("Content-Type", "application/octet-stream"))
                .is(201);
        api.call("POST", "/v1/messages", "", Map.of("Content-Type", "application/octet-stream"))
                .isProblem(400, "bad_frame");
    }

    @Test
    void aLargeBodyIsTooLarge() {
        String large = "{\"to\":{\"all\":true},\"data\":\"" + "x".repeat(70_000) + "\"}";

        api.post("/v1/messages", large).isProblem(413, "too_large");
    }

    @Test
    void aLargeBodyOfUnknownLengthIsTooLarge() {
        var endless = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[20_000_000]));

        api.call("POST", "/v1/messages", endless, Map.of()).isProblem(413, "too_large");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":7}            | name",
                "{\"name\":\"\"}         | name",
                "{\"name\":\"a\\u0000\"} | control",
                "{\"name\":\"a\",\"name\":\"b\"} | twice",
                "[]                      | object",
                "{\"name\":              | object",
                "{} {}                   | follows",
            })
    void guests(String body, String says) {
        Api.Answer answer = api.post("/v1/guests", body).isProblem(400, "bad_frame");

        assertThat(answer.detail()).contains(says);
    }

    @Test
    void aRoleThatDoesNotExist() {
        api.put("/v1/groups/chat:x/members/u1", "{\"role\":\"king\"}").isProblem(400, "bad_frame");
    }

    @ParameterizedTest
    @CsvSource({"''", "Basic dXNlcjpwYXNz", "Bearer", "'Bearer '", "Bearer wrong", "Bearer a.b.c", "wrong"})
    void nobodyIsLetInWithoutAKey(String authorization) {
        Api.Answer answer = api.call("POST", "/v1/messages", GOOD, Map.of("Authorization", authorization))
                .isProblem(401, "unauthenticated");

        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/cluster",
        "GET, /v1/groups/a/messages",
        "GET, /v1/groups/a/presence",
        "PUT, /v1/groups/chat:a/members/u1",
        "DELETE, /v1/groups/chat:a/members/u1",
        "GET, /v1/users/u1/connections",
        "DELETE, /v1/users/u1/connections",
        "DELETE, /v1/connections/aaaaaaa.1",
        "POST, /v1/messages",
        "POST, /v1/messages:batch",
        "GET, /v1/groups/chat:a",
        "GET, /v1/groups/chat:a/members",
        "GET, /v1/groups/chat:a/members/u1",
        "GET, /v1/users/u1",
    })
    void everyCallIsGuarded(String method, String path) {
        api.call(method, path, "", Map.of("Authorization", "")).isProblem(401, "unauthenticated");
    }

    @Test
    void anUnauthorizedBodyIsNotRead() {
        var endless = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[20_000_000]));

        api.call("POST", "/v1/messages", endless, Map.of("Authorization", "Bearer wrong"))
                .isProblem(401, "unauthenticated");
    }
}
