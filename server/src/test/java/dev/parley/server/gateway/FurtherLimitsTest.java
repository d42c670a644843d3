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
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Limits that bind more than one connection, or what comes in before anybody looks at it; each is counted. */
@QuarkusTest
@TestProfile(FurtherLimitsTest.Profile.class)
class FurtherLimitsTest {
    private static final int TOO_MANY_CONNECTIONS = 4202;
    private static final int OVERLOADED = 1013;
    private static final int TOO_LARGE = 1009;
    private static final int POLICY = 1008;
    private static final int PING = 9;

    /** Little of everything that {@link LimitsTest} has no little of. The proxy is this machine. */
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>();
            settings.put("parley.guests.secret", TestToken.SECRET);
            settings.put("parley.limits.connections-per-user", "2");
            settings.put("parley.limits.connections-per-address", "3");
            settings.put("parley.limits.guests-per-address", "2");
            settings.put("parley.limits.tickets-per-user", "3");
            settings.put("parley.limits.frames-per-second", "200");
            settings.put("parley.limits.bytes-per-second", "100000");
            settings.put("parley.limits.group-name", "40");
            settings.put("parley.limits.history-page", "3");
            settings.put("parley.limits.hello", "5S");
            settings.put("parley.limits.body", "2048");
            settings.put("parley.proxies.trusted", "127.0.0.0/8");
            return settings;
        }
    }

    @TestHTTPResource("/")
    URI root;

    @Inject
    Exceeded exceeded;

    private final String id = UUID.randomUUID().toString().substring(0, 8);

    @Test
    void oneConnectionTooManyOfAUserIsClosedAndTheOthersStay() {
        String ada = "ada-" + id;
        long before = exceeded.of(Limit.CONNECTIONS_PER_USER);
        try (Person first = from("10.0.1.1", ada);
                Person second = from("10.0.1.2", ada);
                Person third = Person.silent(open("10.0.1.3"))) {
            JsonObject error = third.refused(Say.hello(TestToken.of(ada)), "conflict");
            assertThat(error.getString("detail")).contains("2 connections of one user");
            assertThat(third.awaitClose()).isEqualTo(TOO_MANY_CONNECTIONS);
            first.send(Say.user(ada), "still here");
            second.await(frame -> "still here".equals(frame.getValue("data")));
        }
        assertThat(exceeded.of(Limit.CONNECTIONS_PER_USER)).isEqualTo(before + 1);
        await().untilAsserted(() -> from("10.0.1.4", ada).close());
    }

    @Test
    void anAddressIsWhomTheProxyNamesAndNotWhatTheClientInvents() {
        long before = exceeded.of(Limit.CONNECTIONS_PER_ADDRESS);
        try (Person one = from("6.6.6.1, 10.0.2.1", "a-" + id);
                Person two = from("6.6.6.2, 10.0.2.1", "b-" + id);
                Person three = from("6.6.6.3, 10.0.2.1", "c-" + id);
                RawSocket four = open("6.6.6.4, 10.0.2.1");
                Person other = from("10.0.2.2", "d-" + id)) {
            assertThat(four.read().closeCode()).isEqualTo(TOO_MANY_CONNECTIONS);
            for (Person there : new Person[] {one, two, three, other}) {
                there.accepted(Say.history("all"));
            }
        }
        assertThat(exceeded.of(Limit.CONNECTIONS_PER_ADDRESS)).isEqualTo(before + 1);
    }

    @Test
    void anAddressMakesSoManyGuestsByEachWay() throws Exception {
        Person.with(open("10.0.3.1"), Say.hello()).close();
        assertThat(guest("10.0.3.1")).isEqualTo(201);
        assertThat(guest("10.0.3.1")).isEqualTo(429);
        try (Person third = Person.silent(open("10.0.3.1"))) {
            JsonObject error = third.refused(Say.hello(), "rate_limited");
            assertThat(error.getLong("retryAfter")).isGreaterThan(60_000);
            assertThat(third.awaitClose()).isEqualTo(OVERLOADED);
        }
        assertThat(guest("10.0.3.2")).isEqualTo(201);
        try (EventReader first = visitor("10.0.3.3");
                EventReader second = visitor("10.0.3.3");
                EventReader third = visitor("10.0.3.3")) {
            assertThat(List.of(first.next().name(), second.next().name())).containsExactly("welcome", "welcome");
            assertThat(third.problem().getString("code")).isEqualTo("rate_limited");
        }
        assertThat(exceeded.of(Limit.GUESTS_PER_ADDRESS)).isEqualTo(3);
    }

    private EventReader visitor(String forwardedFor) {
        return EventReader.ask(root, "?channel=group/g-" + id, "X-Forwarded-For: " + forwardedFor);
    }

    @Test
    void aUserMakesSoManyTickets() throws Exception {
        long before = exceeded.of(Limit.TICKETS_PER_USER);
        for (int i = 0; i < 3; i++) {
            assertThat(ticket("ada-" + id).statusCode()).isEqualTo(201);
        }
        HttpResponse<String> refused = ticket("ada-" + id);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(ticket("bob-" + id).statusCode()).isEqualTo(201);
        assertThat(exceeded.of(Limit.TICKETS_PER_USER)).isEqualTo(before + 1);
    }

    private HttpResponse<String> ticket(String user) throws IOException, InterruptedException {
        HttpRequest call = HttpRequest.newBuilder(root.resolve("v1/tickets"))
                .header("Authorization", "Bearer " + TestToken.of(user))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(call, HttpResponse.BodyHandlers.ofString());
    }

    /** What is too fast is not refused but read later, so nothing of it is lost; and nobody else waits for it. */
    @Test
    void whoSendsTooManyFramesIsReadMoreSlowly() {
        try (Person hasty = from("10.0.4.1", "hasty-" + id);
                Person other = from("10.0.4.2", "other-" + id)) {
            int many = 1_300;
            long began = System.nanoTime();
            for (int i = 0; i < many; i++) {
                hasty.socket.frame(true, PING, (byte) i);
            }
            other.accepted(Say.history("all"));
            for (int i = 0; i < many; i++) {
                assertThat(hasty.socket.read().payload()).containsExactly((byte) i);
            }
            hasty.accepted(Say.history("all"));
            assertThat(System.nanoTime() - began).isGreaterThan(1_000_000_000L);
        }
        assertThat(exceeded.of(Limit.FRAMES_PER_SECOND)).isPositive();
    }

    @Test
    void whoSendsTooManyBytesIsReadMoreSlowly() {
        try (Person hasty = from("10.0.5.1", "hasty-" + id)) {
            long began = System.nanoTime();
            String large = "x".repeat(60_000);
            for (int i = 0; i < 6; i++) {
                hasty.accepted(Say.send(Say.user(hasty.user()), large));
            }
            assertThat(System.nanoTime() - began).isGreaterThan(1_000_000_000L);
        }
        assertThat(exceeded.of(Limit.BYTES_PER_SECOND)).isPositive();
    }

    @Test
    void namesAndPagesAreAsLongAsTheSettingsSay() {
        String longest = id + "x".repeat(40 - id.length());
        try (Person ada = from("10.0.6.1", "ada-" + id)) {
            ada.join(longest);
            ada.refused(Say.join(longest + "x"), "bad_frame");
            ada.refused(Say.send(Say.group(longest + "x"), 1), "bad_frame");
            ada.refused(Say.join("chat:" + longest), "bad_frame");
            for (int i = 0; i < 5; i++) {
                ada.send(Say.group(longest), i);
            }
            JsonObject page = ada.accepted(Say.history("group/" + longest));
            assertThat(page.getJsonArray("messages")).hasSize(3);
            assertThat(page.getBoolean("more")).isTrue();
        }
        assertThat(exceeded.of(Limit.GROUP_NAME)).isEqualTo(3);
        assertThat(exceeded.of(Limit.HISTORY_PAGE)).isPositive();
    }

    @Test
    void aHelloTooLateAFrameTooLargeAndASendTooManyAreCounted() {
        try (RawSocket silent = open("10.0.7.1");
                RawSocket large = open("10.0.7.2");
                Person ada = from("10.0.7.3", "ada-" + id)) {
            large.text("x".repeat(300_000));
            assertThat(large.read().closeCode()).isEqualTo(TOO_LARGE);
            RawSocket.Frame refusal = silent.read();
            assertThat(refusal.text()).contains("no hello in time");
            assertThat(silent.read().closeCode()).isEqualTo(POLICY);
            ada.refused(Say.send(Say.everyone(), "x".repeat(70_000)), "too_large");
        }
        assertThat(exceeded.of(Limit.HELLO)).isPositive();
        assertThat(exceeded.of(Limit.FRAME)).isPositive();
        assertThat(exceeded.of(Limit.MESSAGE)).isPositive();
    }

    /** By who writes all of it before looking for an answer, as most do: a reset would take the answer with it. */
    @Test
    void aBodyOfTwelveMegabytesIsRefusedAndTheConnectionGoesOn() throws Exception {
        try (Socket socket = new Socket(root.getHost(), root.getPort())) {
            socket.setSoTimeout(20_000);
            byte[] body = new byte[12_000_000];
            OutputStream out = socket.getOutputStream();
            out.write(head("POST /v1/messages", body.length));
            out.write(body);
            out.flush();
            assertThat(status(socket.getInputStream())).isEqualTo(413);

            out.write(head("GET /v1/cluster", 0));
            out.flush();
            assertThat(status(socket.getInputStream())).isEqualTo(200);
        }
        assertThat(exceeded.of(Limit.BODY)).isPositive();
    }

    @Test
    void everyLimitHasItsSettingAndItsFigure() throws Exception {
        String metrics = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(root.resolve("q/metrics")).build(), HttpResponse.BodyHandlers.ofString())
                .body();

        String settings = Files.readString(Path.of("../docs/configuration.md"));
        String figures = Files.readString(Path.of("../docs/metrics.md"));
        for (Limit limit : Limit.values()) {
            assertThat(metrics).contains("parley_limits_exceeded_total{limit=\"" + limit.tag() + "\"");
            assertThat(settings).contains("`parley.limits." + limit.tag() + "`");
            assertThat(figures).contains("`" + limit.tag() + "`");
        }
    }

    private RawSocket open(String forwardedFor) {
        RawSocket socket = RawSocket.dial(root);
        assertThat(socket.handshake("X-Forwarded-For: " + forwardedFor)).startsWith("HTTP/1.1 101 ");
        return socket;
    }

    private Person from(String forwardedFor, String user) {
        return Person.with(open(forwardedFor), Say.hello(TestToken.of(user, "admin")));
    }

    private int guest(String forwardedFor) throws IOException, InterruptedException {
        HttpRequest call = HttpRequest.newBuilder(root.resolve("v1/guests"))
                .header("X-Forwarded-For", forwardedFor)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        return HttpClient.newHttpClient()
                .send(call, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private byte[] head(String call, int length) {
        return (call + " HTTP/1.1\r\nHost: " + root.getHost() + "\r\nAuthorization: Bearer dev\r\nContent-Length: "
                        + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads an answer with a Content-Length to its end, and gives its status. */
    private static int status(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            assertThat(c).as("the answer's head after %s", head).isNotNegative();
            head.append((char) c);
        }
        String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length:") + "content-length:".length();
        in.readNBytes(
                Integer.parseInt(lower.substring(at, lower.indexOf('\r', at)).strip()));
        return Integer.parseInt(head.substring(9, 12));
    }
}
