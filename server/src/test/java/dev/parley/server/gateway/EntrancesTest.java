package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.EventReader;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every kind of wrong token at every entrance. A new entrance is one more row of {@link #entrances}, which both tables are made of. */
@QuarkusTest
@TestProfile(StrictProfile.class)
class EntrancesTest {
    private static final int TOKEN = 4100;
    private static final int REVOKED = 4101;

    @TestHTTPResource("/")
    URI root;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String user = "u-" + UUID.randomUUID();

    /** A way in: whom a token gets in as, or null for whom it does not. Checks that a refusal is as the contract says. */
    private interface Way {
        String in(String token);
    }

    private Map<String, Way> entrances() {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("the upgrade", this::byUpgrade);
        ways.put("a ticket", this::byTicket);
        ways.put("hello", this::byHello);
        ways.put("hello after an upgrade", this::byHelloAfterUpgrade);
        ways.put("refresh", this::byRefresh);
        ways.put("a stream by its header", token -> byStream("", "Authorization: Bearer " + token));
        ways.put("a stream by its query", token -> byStream("&access_token=" + encoded(token)));
        ways.put("a stream by a ticket", this::byStreamWithTicket);
        apiCalls().forEach(call -> ways.put("the HTTP API, " + call, token -> byApi(call, token)));
        ways.put("the page", token -> byOpenDoor("GET", "/", token));
        ways.put("the guests' door", token -> byOpenDoor("POST", "/v1/guests", token));
        return ways;
    }

    private Map<String, String> wrongTokens() throws Exception {
        Signer trusted = Signer.TRUSTED;
        JsonObject good = Signer.claims(user);
        long now = Instant.now().getEpochSecond();
        String token = trusted.token(good);
        String[] parts = token.split("\\.");
        HmacKey secret = key(Signer.SECRET);
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("nothing", "");
        wrong.put("no JWT", "hello");
        wrong.put("a service key", StrictProfile.SERVICE_KEY + ".");
        wrong.put("expired", trusted.token(good.copy().put("exp", now - 60)));
        wrong.put("too old", trusted.token(good.copy().put("iat", now - 60 * 86_400)));
        wrong.put("not yet valid", trusted.token(good.copy().put("nbf", now + 600)));
        wrong.put("made in the future", trusted.token(good.copy().put("iat", now + 2 * 86_400)));
        wrong.put("of a foreign key", Signer.stranger().token(good));
        wrong.put("of a foreign secret", Signer.signed("HS256", key("x".repeat(40)), good.encode()));
        wrong.put("of the guests' secret, by no issuer", Signer.signed("HS256", key(TestToken.SECRET), sub(user)));
        wrong.put("of a backend's secret, by no issuer", Signer.signed("HS256", secret, sub(user)));
        wrong.put("HS512", Signer.signed("HS512", key(Signer.SECRET + Signer.SECRET), good.encode()));
        wrong.put("HS256 with the public key's text", trusted.confused(good));
        wrong.put("HS256 with the public key's bytes", trusted.confusedByBytes(good));
        wrong.put("alg none", base64("{\"alg\":\"none\"}") + "." + parts[1] + ".");
        wrong.put("alg none with a signature", base64("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2]);
        wrong.put("alg nOnE", base64("{\"alg\":\"nOnE\"}") + "." + parts[1] + ".");
        wrong.put("no alg", base64("{}") + "." + parts[1] + "." + parts[2]);
        wrong.put("no signature", parts[0] + "." + parts[1] + ".");
        wrong.put(
                "another payload",
                parts[0] + "." + base64(good.copy().put("exp", now + 7200).encode()) + "." + parts[2]);
        wrong.put("another signature", parts[0] + "." + parts[1] + "." + base64("x".repeat(256)));
        wrong.put(
                "a key of its own",
                base64("{\"alg\":\"RS256\",\"jku\":\"http://localhost/\"}") + "." + parts[1] + ".x");
        wrong.put("a foreign issuer", trusted.token(good.copy().put("iss", "https://evil.example")));
        wrong.put("no issuer", trusted.token(without(good, "iss")));
        wrong.put("a foreign audience", trusted.token(good.copy().put("aud", "shop")));
        wrong.put("no audience", trusted.token(without(good, "aud")));
        wrong.put("no sub", trusted.token(without(good, "sub")));
        wrong.put("a sub that is a number", trusted.token(good.copy().put("sub", 7)));
        wrong.put("a sub that is no user id", trusted.token(good.copy().put("sub", "a/b")));
        wrong.put("an exp that is a text", trusted.token(good.copy().put("exp", "never")));
        wrong.put("groups that are a text", trusted.token(good.copy().put("groups", "admin")));
        wrong.put("roles that are a text", trusted.token(good.copy().put("roles", "admin")));
        wrong.put("too long", trusted.token(good.copy().put("x", "x".repeat(9000))));
        wrong.put("revoked by its id", revokedById());
        wrong.put("revoked with all of its user's", revokedWithAll());
        wrong.put("a ticket for a token", ticket(token));
        return wrong;
    }

    @TestFactory
    Iterable<DynamicTest> noWrongTokenGetsAnywhere() throws Exception {
        Map<String, DynamicTest> tests = new LinkedHashMap<>();
        Map<String, Way> entrances = entrances();
        wrongTokens()
                .forEach((kind, token) -> entrances.forEach((door, way) -> {
                    String name = kind + ", at " + door;
                    tests.put(
                            name,
                            DynamicTest.dynamicTest(
                                    name, () -> assertThat(way.in(token)).isNull()));
                }));
        return tests.values();
    }

    /** Without it the table above would hold for doors that are walled up. */
    @TestFactory
    Iterable<DynamicTest> aGoodTokenGetsInAsWhomItNames() {
        Map<String, DynamicTest> tests = new LinkedHashMap<>();
        String token = Signer.TRUSTED.token(Signer.claims(user));
        entrances().forEach((door, way) -> {
            boolean asksNobody = door.equals("the page") || door.equals("the guests' door");
            tests.put(
                    door,
                    DynamicTest.dynamicTest(
                            door, () -> assertThat(way.in(token)).isEqualTo(asksNobody ? null : user)));
        });
        return tests.values();
    }

    @Test
    void aTicketIsGoodOnce() {
        String ticket = ticket(Signer.TRUSTED.token(Signer.claims(user)));

        assertThat(upgraded(upgrade("?ticket=" + ticket), Say.hello())).isEqualTo(user);
        assertThat(upgraded(upgrade("?ticket=" + ticket), Say.hello())).isNull();
    }

    @Test
    void aTicketOpensOneStream() {
        String query = "&ticket=" + ticket(Signer.TRUSTED.token(Signer.claims(user)));

        assertThat(byStream(query)).isEqualTo(user);
        assertThat(byStream(query)).isNull();
    }

    @Test
    void aTicketMadeUpIsNone() {
        assertThat(upgraded(upgrade("?ticket=" + "A".repeat(43)), Say.hello())).isNull();
        assertThat(upgraded(upgrade("?ticket="), Say.hello())).isNull();
        assertThat(upgraded(upgrade("?ticket=x"), Say.hello())).isNull();
    }

    @Test
    void aTicketOfATokenThatIsRevokedMeanwhileIsNone() {
        String ticket = ticket(Signer.TRUSTED.token(Signer.claims(user)));
        revoke(user, "");

        assertThat(upgraded(upgrade("?ticket=" + ticket), Say.hello())).isNull();
    }

    @Test
    void whoOffersTwoThingsIsAskedForOne() {
        String token = Signer.TRUSTED.token(Signer.claims(user));
        try (RawSocket socket = RawSocket.dial(root)) {
            assertThat(connect(socket, "?ticket=" + ticket(token), "Authorization: Bearer " + token))
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void anotherSchemeIsForSomebodyElse() {
        try (RawSocket socket = RawSocket.dial(root)) {
            assertThat(connect(socket, "", "Authorization: Basic eDp5")).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void theHelloMustNotContradictTheUpgrade() {
        String token = Signer.TRUSTED.token(Signer.claims(user));
        JsonObject other = Say.hello(Signer.TRUSTED.token(Signer.claims("someone-else")));
        RawSocket socket = RawSocket.dial(root);
        assertThat(connect(socket, "", "Authorization: Bearer " + token)).startsWith("HTTP/1.1 101 ");

        assertThat(upgraded(socket, other)).isNull();
    }

    @Test
    void theHelloMayRenewTheTokenOfTheUpgrade() {
        RawSocket socket = RawSocket.dial(root);
        String first = Signer.TRUSTED.token(Signer.claims(user));
        assertThat(connect(socket, "", "Authorization: Bearer " + first)).startsWith("HTTP/1.1 101 ");
        long later = Instant.now().getEpochSecond() + 7200;

        String second = Signer.TRUSTED.token(Signer.claims(user).put("exp", later));
        try (Person person = Person.with(socket, Say.hello(second))) {
            assertThat(person.user()).isEqualTo(user);
            assertThat(person.welcome().getLong("expires")).isEqualTo(later * 1000);
        }
    }

    @Test
    void whoIsConnectedByARevokedTokenIsSentAway() {
        String kept = Signer.TRUSTED.token(Signer.claims(user));
        JsonObject claims = Signer.claims(user);
        try (Person byTheOne = Person.with(RawSocket.open(root), Say.hello(Signer.TRUSTED.token(claims)));
                Person byAnother = Person.with(RawSocket.open(root), Say.hello(kept));
                Person waiting = Person.silent(root)) {
            revoke(user, "?jti=" + claims.getString("jti"));
            byTheOne.error("unauthenticated");
            assertThat(byTheOne.awaitClose()).isEqualTo(REVOKED);
            byAnother.join("still-here");

            revoke(user, "");
            assertThat(byAnother.awaitClose()).isEqualTo(REVOKED);
            waiting.refused(Say.hello(kept), "unauthenticated");
            assertThat(waiting.awaitClose()).isEqualTo(TOKEN);
        }
    }

    @Test
    void aStreamByARevokedTokenEnds() {
        JsonObject plain = without(Signer.claims("plain-" + user), "roles");
        for (JsonObject claims : List.of(Signer.claims(user), plain)) {
            String header = "Authorization: Bearer " + Signer.TRUSTED.token(claims);
            try (EventReader reader = EventReader.open(root, "?channel=all", header)) {
                reader.next("welcome");
                revoke(claims.getString("sub"), "");
                assertThat(reader.next("error").data().getString("code")).isEqualTo("unauthenticated");
                assertThat(reader.next("close").data().getInteger("code")).isEqualTo(REVOKED);
                assertThat(reader.next()).isNull();
            }
        }
    }

    @Test
    void whoIsRevokedBetweenTheUpgradeAndTheHelloIsSentAway() {
        String token = Signer.TRUSTED.token(Signer.claims(user));
        RawSocket socket = RawSocket.dial(root);
        assertThat(connect(socket, "", "Authorization: Bearer " + token)).startsWith("HTTP/1.1 101 ");

        revoke(user, "");

        assertThat(new RawSocketEnd(socket).code()).isEqualTo(REVOKED);
    }

    @Test
    void aTokenThatIsMadeAfterTheRevocationIsGood() {
        revoke(user, "");

        String later = Signer.TRUSTED.token(
                Signer.claims(user).put("iat", Instant.now().getEpochSecond() + 2));
        assertThat(byHello(later)).isEqualTo(user);
    }

    @Test
    void aRevokedTokenRefreshesNothing() {
        String revoked = Signer.TRUSTED.token(Signer.claims(user));
        revoke(user, "");
        String later = Signer.TRUSTED.token(
                Signer.claims(user).put("iat", Instant.now().getEpochSecond() + 2));

        try (Person person = Person.with(RawSocket.open(root), Say.hello(later))) {
            person.refused(JsonObject.of("type", "refresh", "token", revoked), "unauthenticated");
            person.join("refused-" + user);
        }
    }

    @Test
    void whatIsNoTokenIdIsRefused() {
        assertThat(call("DELETE", "/v1/users/" + user + "/tokens?jti=", StrictProfile.SERVICE_KEY)
                        .statusCode())
                .isEqualTo(400);
        assertThat(call("DELETE", "/v1/users/" + user + "/tokens?jti=" + "x".repeat(300), StrictProfile.SERVICE_KEY)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void onlyWhoMayUseTheApiRevokes() {
        String plain = Signer.TRUSTED.token(without(Signer.claims(user), "roles"));

        assertThat(call("DELETE", "/v1/users/" + user + "/tokens", plain).statusCode())
                .isEqualTo(403);
        assertThat(byHello(plain)).isEqualTo(user);
    }

    private String byUpgrade(String token) {
        RawSocket socket = RawSocket.dial(root);
        String head = connect(socket, "", "Authorization: Bearer " + token);
        return upgraded(head.startsWith("HTTP/1.1 101 ") ? socket : refused(socket, head), Say.hello());
    }

    private String byTicket(String token) {
        HttpResponse<String> answer = call("POST", "/v1/tickets", token);
        if (answer.statusCode() != 201) {
            assertUnauthorized(answer);
            return null;
        }
        return upgraded(upgrade("?ticket=" + new JsonObject(answer.body()).getString("ticket")), Say.hello());
    }

    private String byHello(String token) {
        return upgraded(RawSocket.open(root), Say.hello(token));
    }

    private String byHelloAfterUpgrade(String token) {
        RawSocket socket = RawSocket.dial(root);
        String good = Signer.TRUSTED.token(
                Signer.claims(user).put("iat", Instant.now().getEpochSecond() + 2));
        assertThat(connect(socket, "", "Authorization: Bearer " + good)).startsWith("HTTP/1.1 101 ");
        return upgraded(socket, Say.hello(token));
    }

    private String byRefresh(String token) {
        String good = Signer.TRUSTED.token(
                Signer.claims(user).put("iat", Instant.now().getEpochSecond() + 2));
        try (Person person = Person.with(RawSocket.open(root), Say.hello(good))) {
            JsonObject answer = person.ask(JsonObject.of("type", "refresh", "token", token));
            if (answer.getString("type").equals("ack")) {
                return person.user();
            }
            // Of another user's token it is not even said whether it is good.
            assertThat(answer.getString("code")).isIn("unauthenticated", "token_expired", "forbidden", "bad_frame");
            person.join("refused-" + user); // it stays, by the token that it has
            return null;
        }
    }

    private String byStream(String query, String... headers) {
        try (EventReader reader = EventReader.ask(root, "?channel=all" + query, headers)) {
            if (reader.head().startsWith("HTTP/1.1 200 ")) {
                return reader.next("welcome").data().getJsonObject("user").getString("id");
            }
            if (reader.head().contains(" 414 ")) {
                return null; // a token that fits no address
            }
            assertThat(reader.head()).startsWith("HTTP/1.1 401 ").containsIgnoringCase("www-authenticate: bearer ");
            assertThat(reader.problem().getString("code")).isIn("unauthenticated", "token_expired");
            return null;
        }
    }

    private String byStreamWithTicket(String token) {
        HttpResponse<String> answer = call("POST", "/v1/tickets", token);
        if (answer.statusCode() != 201) {
            assertUnauthorized(answer);
            return null;
        }
        return byStream("&ticket=" + new JsonObject(answer.body()).getString("ticket"));
    }

    /** All that the server says it can be asked: whoever adds a call has it in the tables. The ways in for those without a key have rows of their own. */
    private List<String> apiCalls() {
        JsonObject paths =
                new JsonObject(call("GET", "/q/openapi?format=json", "").body()).getJsonObject("paths");
        List<String> calls = new ArrayList<>();
        for (String path : paths.fieldNames()) {
            for (String method : paths.getJsonObject(path).fieldNames()) {
                if (!List.of("/v1/guests", "/v1/tickets", "/v1/stream").contains(path)) {
                    calls.add(method.toUpperCase(Locale.ROOT) + " " + path);
                }
            }
        }
        assertThat(calls).contains("GET /v1/groups/{group}/messages", "DELETE /v1/users/{user}/tokens");
        assertThat(calls).hasSizeGreaterThan(12);
        return calls;
    }

    /** Who gets past the gate may still ask for what there is not. */
    private String byApi(String asked, String token) {
        String[] call = asked.split(" ");
        String path = call[1].replace("{group}", "entrances")
                .replace("{user}", "somebody-else")
                .replace("{connection}", "none.1");
        HttpResponse<String> answer = call(call[0], path, token);
        if (answer.statusCode() != 401) {
            assertThat(answer.statusCode()).as(answer.body()).isNotEqualTo(403).isLessThan(500);
            return user;
        }
        assertUnauthorized(answer);
        return null;
    }

    private static String encoded(String token) {
        return URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    /** Where everybody comes in, a token changes nothing: whose it is is not said, and nobody is let in as that. */
    private String byOpenDoor(String method, String path, String token) {
        HttpResponse<String> answer = call(method, path, token);
        assertThat(answer.statusCode()).isIn(200, 201);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        return answer.body().contains(user) ? user : null;
    }

    private RawSocket upgrade(String query) {
        RawSocket socket = RawSocket.dial(root);
        String head = connect(socket, query);
        return head.startsWith("HTTP/1.1 101 ") ? socket : refused(socket, head);
    }

    private static String connect(RawSocket socket, String query, String... headers) {
        return socket.request(
                "GET /v1/connect" + query + " HTTP/1.1",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                        + RawSocket.KEY,
                String.join("\r\n", headers));
    }

    /** The refusal of an upgrade, checked; null for there is no socket. */
    private static RawSocket refused(RawSocket socket, String head) {
        assertThat(head)
                .startsWith("HTTP/1.1 401 ")
                .containsIgnoringCase("www-authenticate: bearer ")
                .containsIgnoringCase("content-type: application/problem+json");
        socket.close();
        return null;
    }

    /** Who the welcome says one is, on a socket that may not be there. */
    private static String upgraded(RawSocket socket, JsonObject hello) {
        if (socket == null) {
            return null;
        }
        socket.text(hello.put("id", 1).encode());
        JsonObject answer = new JsonObject(socket.read().text());
        if (answer.getString("type").equals("welcome")) {
            socket.close();
            return answer.getJsonObject("user").getString("id");
        }
        if (answer.getString("code").equals("bad_frame")) {
            socket.close(); // it was no hello: the connection is as nobody's as before
            return null;
        }
        assertThat(answer.getString("code")).isIn("unauthenticated", "token_expired");
        assertThat(new RawSocketEnd(socket).code()).isEqualTo(TOKEN);
        return null;
    }

    /** Reads on to the close frame. */
    private record RawSocketEnd(RawSocket socket) {
        int code() {
            RawSocket.Frame frame = socket.read();
            while (frame != null && frame.opcode() != RawSocket.CLOSE) {
                frame = socket.read();
            }
            socket.close();
            return frame == null ? 1006 : frame.closeCode();
        }
    }

    private static void assertUnauthorized(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(new JsonObject(answer.body()).getString("code")).isIn("unauthenticated", "token_expired");
    }

    private String ticket(String token) {
        HttpResponse<String> answer = call("POST", "/v1/tickets", token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JsonObject body = new JsonObject(answer.body());
        assertThat(body.getLong("expires") - System.currentTimeMillis()).isBetween(1L, 30_000L);
        return body.getString("ticket");
    }

    private String revokedById() {
        JsonObject claims = Signer.claims(user);
        revoke(user, "?jti=" + claims.getString("jti"));
        return Signer.TRUSTED.token(claims);
    }

    private String revokedWithAll() {
        String other = "revoked-" + user;
        revoke(other, "");
        return Signer.TRUSTED.token(Signer.claims(other));
    }

    private void revoke(String whose, String query) {
        assertThat(call("DELETE", "/v1/users/" + whose + "/tokens" + query, StrictProfile.SERVICE_KEY)
                        .statusCode())
                .isEqualTo(204);
    }

    private HttpResponse<String> call(String method, String path, String bearer) {
        try {
            return http.send(
                    HttpRequest.newBuilder(root.resolve(path))
                            .method(method, BodyPublishers.noBody())
                            .header("Authorization", "Bearer " + bearer)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static JsonObject without(JsonObject claims, String claim) {
        JsonObject fewer = claims.copy();
        fewer.remove(claim);
        return fewer;
    }

    private static String sub(String user) {
        return JsonObject.of("sub", user).encode();
    }

    private static HmacKey key(String secret) {
        return new HmacKey(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
