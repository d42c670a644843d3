package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.testing.Authority;
import dev.parley.server.testing.EventReader;
import dev.parley.server.testing.RedisServer;
import dev.parley.server.testing.Tunnel;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** TLS on the hub itself, with and without clients' certificates, and to Redis, with an authority of the test's own. docs/tls.md says how to set it up. */
class TlsIT {
    private static final int PATIENCE = 90;
    private static final int LARGE = 48 * 1024;

    @TempDir
    static Path directory;

    private static Authority authority;
    private static Path certificate;
    private static Path another;
    private static Path client;

    private Hub hub;
    private Tunnel tunnel;
    private String name;
    private boolean reloads;

    @BeforeEach
    void name(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
    }

    @BeforeAll
    static void certify() throws IOException {
        authority = new Authority(Files.createDirectory(directory.resolve("ours")));
        certificate = authority.issue("server");
        another = authority.issue("renewed");
        client = authority.issue("client");
    }

    @AfterEach
    void close() {
        if (tunnel != null) {
            tunnel.close();
        }
        if (hub != null) {
            List<String> trouble = hub.server(0).trouble();
            hub.close();
            // Vert.x refuses who comes in the moment of a reload, with a stack trace.
            assertThat(reloads ? List.of() : trouble).isEmpty();
        }
    }

    @Test
    void whoTrustsTheAuthorityTalksHttp2AndAWebSocketAndOthersDoNot() throws Exception {
        start(secure().with("quarkus.http.http2", "true"));
        HttpClient http = client(authority.context(null));

        // Both from one client that would rather speak HTTP/2, in which there is no upgrade.
        assertThat(get(http, "/v1/cluster").version()).isEqualTo(HttpClient.Version.HTTP_2);
        HttpResponse<String> refused = get(http, "/v1/connect");
        assertThat(refused.statusCode()).isEqualTo(426);
        assertThat(refused.headers().map()).doesNotContainKey("upgrade");
        WebSocket socket = dial(http);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(PATIENCE, TimeUnit.SECONDS);

        HttpClient suspicious = client(SSLContext.getDefault());
        assertThatThrownBy(() -> get(suspicious, "/v1/cluster")).isInstanceOf(SSLException.class);
    }

    @Test
    void aCrowdOverTlsMissesNothing() {
        start(secure().with("parley.namespaces.\"default\".history.size", "20000"));
        throughTheTunnel(null);

        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.loseConnections(5);

            assertThat(crowd.settle()).isEmpty();
        }
        assertThat(hub.server(0).metric("parley_delivery_gaps_declared_total")).isZero();
    }

    @Test
    void aSlowReaderOverTlsIsCaughtUpFromTheLog() {
        start(secure());
        throughTheTunnel(null);
        RawClient fast = RawClient.guest("fast").connect(hub.server(0));
        RawClient slow = RawClient.guest("slow").connect(hub.server(0));
        List.of(fast, slow).forEach(each -> each.join("large"));

        slow.read(false);
        IntStream.range(0, 100).forEach(n -> fast.say(To.group("large"), n + "x".repeat(LARGE)));
        Awaitility.await("somebody is behind")
                .atMost(RawClient.PATIENCE)
                .until(() -> hub.server(0).metric("parley_delivery_behind_total") > 0);
        slow.read(true);

        Awaitility.await("all is caught up")
                .atMost(Duration.ofSeconds(PATIENCE))
                .until(() -> List.of(fast, slow).stream()
                        .allMatch(each ->
                                each.record().cursors().get("group/large").seq() == 100));
        Checker.assertFaultless(List.of(fast, slow));
    }

    @Test
    void aStreamOverTlsBringsWhatIsSent() {
        start(secure());
        throughTheTunnel(null);
        try (EventReader reader = EventReader.open(
                hub.server(0).uri(), "?channel=group/lobby", "Authorization: Bearer " + ServerProcess.SERVICE_KEY)) {
            assertThat(reader.next().name()).isEqualTo("welcome");

            hub.server(0)
                    .post(
                            "/v1/messages",
                            new JsonObject().put("to", To.group("lobby")).put("data", "over TLS"),
                            Map.of());

            assertThat(reader.next().data().getString("data")).isEqualTo("over TLS");
        }
    }

    /** Where the connection is shared by many requests, and the bytes of each are held back for themselves. */
    @Test
    void aStreamOverHttp2IsTheSame() throws Exception {
        start(secure().with("quarkus.http.http2", "true"));
        HttpRequest request = request("/v1/stream?channel=group/lobby").build();
        HttpResponse<InputStream> response =
                client(authority.context(null)).send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);

        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.lines().anyMatch("event: welcome"::equals)).isTrue();
            for (int seq = 1; seq <= 200; seq++) {
                hub.server(0)
                        .post(
                                "/v1/messages",
                                new JsonObject().put("to", To.group("lobby")).put("data", seq),
                                Map.of());
            }
            for (int seq = 1; seq <= 200; seq++) {
                String data = lines.readLine();
                while (!data.startsWith("data: {\"type\":\"message\"")) {
                    data = lines.readLine();
                }
                assertThat(data).contains("\"seq\":" + seq + ",");
            }
        }
    }

    @Test
    void http2IsNotSpokenUnlessItIsSwitchedOn() throws Exception {
        start(secure());

        assertThat(get(client(authority.context(null)), "/v1/cluster").version())
                .isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void whoHasNoCertificateOfTheAuthorityDoesNotGetThroughTheHandshake() throws Exception {
        start(secure().with("parley.http.client-certificates", "required")
                .with("quarkus.tls.trust-store.p12.path", authority.trust().toString())
                .with("quarkus.tls.trust-store.p12.password", Authority.PASSWORD));
        Authority stranger = new Authority(Files.createDirectory(directory.resolve("strange")));
        Path theirs = stranger.issue("client");

        assertRefused(authority.context(null));
        assertRefused(authority.context(theirs));
        HttpClient certified = client(authority.context(client));
        assertThat(get(certified, "/v1/cluster").statusCode()).isEqualTo(200);
        dial(certified).abort();
        throughTheTunnel(client);
        try (RawClient guest = RawClient.guest("certified").connect(hub.server(0))) {
            guest.join("lobby");
            assertThat(guest.say(To.group("lobby"), 1).getLong("seq")).isEqualTo(1);
        }
    }

    @Test
    void certificatesAreNotRequiredWithoutATrustStore() {
        Map<String, String> properties = new HashMap<>(settings());
        properties.put("parley.http.client-certificates", "required");
        ServerProcess server = ServerProcess.launch("TlsIT-untrusting", properties);

        assertThat(server.awaitEnd()).isNotZero();
        assertThat(server.log()).contains("parley.http.client-certificates=required needs quarkus.tls.trust-store");
    }

    @Test
    void aRenewedCertificateIsShownWithoutARestart() throws Exception {
        Path shown = Files.copy(certificate, directory.resolve("shown.p12"));
        start(secure().with("quarkus.tls.key-store.p12.path", shown.toString())
                .with("quarkus.tls.reload-period", "1s"));
        reloads = true;
        awaitShown("CN=server");
        throughTheTunnel(null);
        RawClient before =
                RawClient.guest("before").comingBackTo(() -> hub.server(0)).connect(hub.server(0));
        before.join("lobby");

        // At once, as whoever renews certificates does it: half a file would be read as a broken one.
        Files.move(
                Files.copy(another, directory.resolve("next.p12")),
                shown,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        awaitShown("CN=renewed");
        assertThat(before.say(To.group("lobby"), "still here").getLong("seq")).isEqualTo(1);
        before.close();
    }

    @Test
    void redisIsSpokenToOverTls() {
        Path key = authority.keyInPem("server");
        int port = RedisServer.freePort();
        RedisServer redis = RedisServer.installed(
                        "--tls-port", Integer.toString(port),
                        "--tls-cert-file", authority.certificateInPem("server").toString(),
                        "--tls-key-file", key.toString(),
                        "--tls-ca-cert-file", authority.rootInPem().toString(),
                        "--tls-auth-clients", "no")
                .orElseGet(() -> Assumptions.abort("no redis-server of version 7 or later on the PATH"));
        try (redis) {
            start(secure().with("quarkus.redis.hosts", "rediss://localhost:" + port)
                    .with("quarkus.redis.tls-configuration-name", "redis")
                    .with(
                            "quarkus.tls.redis.trust-store.p12.path",
                            authority.trust().toString())
                    .with("quarkus.tls.redis.trust-store.p12.password", Authority.PASSWORD));

            try (Crowd crowd = new Crowd(hub, 6, true).talk()) {
                crowd.awaitAcks(100);
                assertThat(crowd.settle()).isEmpty();
            }

            assertThat(redis.words("CLIENT", "LIST"))
                    .filteredOn(line -> line.contains("laddr=127.0.0.1:" + port))
                    .hasSizeGreaterThan(2);
            close();
            hub = null;
        }
    }

    /** A hub that shows the server's certificate. */
    private static Hub secure() {
        Hub secure = Hub.inMemory();
        settings().forEach(secure::with);
        return secure;
    }

    private static Map<String, String> settings() {
        return Map.of(
                "quarkus.http.ssl-port",
                "0",
                "quarkus.tls.key-store.p12.path",
                certificate.toString(),
                "quarkus.tls.key-store.p12.password",
                Authority.PASSWORD);
    }

    private void start(Hub its) {
        hub = its;
        hub.open("TlsIT-" + name);
    }

    /** Clients that know no TLS go through here from now on. */
    private void throughTheTunnel(Path shown) {
        tunnel = new Tunnel(authority.context(shown), hub.server(0).secure().getPort());
        hub.server(0).reachedBy(tunnel);
        // Once before anybody is in a hurry: the first handshake loads a good part of the JDK.
        hub.server(0).get("/q/health/live");
    }

    private void assertRefused(SSLContext context) {
        HttpClient http = client(context);
        // With TLS 1.3 a client is through with its part before the server looks at the certificate, and hears of it
        // with the first answer.
        assertThatThrownBy(() -> get(http, "/q/health/live")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> dial(http)).hasRootCauseInstanceOf(IOException.class);
    }

    private HttpResponse<String> get(HttpClient http, String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(hub.server(0).secure().resolve(path))
                .timeout(Duration.ofSeconds(PATIENCE))
                .header("Authorization", "Bearer " + ServerProcess.SERVICE_KEY);
    }

    /** A WebSocket, its handshake done. */
    private WebSocket dial(HttpClient http) throws ExecutionException, InterruptedException {
        URI at = URI.create(hub.server(0).secure().toString().replace("https", "wss") + "/v1/connect");
        try {
            return http.newWebSocketBuilder()
                    .subprotocols("parley.v1.json")
                    .connectTimeout(Duration.ofSeconds(PATIENCE))
                    .buildAsync(at, new WebSocket.Listener() {})
                    .join();
        } catch (CompletionException failed) {
            throw new ExecutionException(failed.getCause());
        }
    }

    /** Waits until that is whom the server says it is. */
    private void awaitShown(String whom) {
        Awaitility.await(whom + " is shown")
                .atMost(Duration.ofSeconds(PATIENCE))
                .ignoreExceptions()
                .until(() -> shownName().equals(whom));
    }

    /** Whom the server says it is, to somebody who comes now. */
    private String shownName() throws IOException {
        URI at = hub.server(0).secure();
        try (SSLSocket socket =
                (SSLSocket) authority.context(null).getSocketFactory().createSocket(at.getHost(), at.getPort())) {
            socket.startHandshake();
            return socket.getSession().getPeerPrincipal().getName();
        }
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .sslContext(context)
                .version(HttpClient.Version.HTTP_2)
                .connectTimeout(Duration.ofSeconds(PATIENCE))
                .build();
    }
}
