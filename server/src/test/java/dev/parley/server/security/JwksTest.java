package dev.parley.server.security;

import static dev.parley.server.testing.SignedBy.claims;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.testing.Settings;
import dev.parley.server.testing.SignedBy;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that a provider publishes, which it changes, and which it may be unable to give. */
class JwksTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(100);

    /** What a busy machine may take for an answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger fetches = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SignedBy first = SignedBy.fresh("RS256", "first");
    private final SignedBy second = SignedBy.fresh("ES256", "second");
    private HttpServer provider;
    private volatile String published = set(first);
    private volatile int status = 200;
    private volatile boolean mute;

    @BeforeEach
    void start() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.setExecutor(threads);
        provider.createContext("/jwks", this::answer);
        provider.start();
    }

    @AfterEach
    void stop() {
        provider.stop(0);
        threads.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aPublishedKeyVerifies() {
        Tokens tokens = tokens(LONG, LONG);

        assertThat(user(tokens, first.token(claims("u1")))).isEqualTo("u1");
        assertThat(user(tokens, first.token(claims("u2")))).isEqualTo("u2");
        assertThat(fetches).hasValue(1);
    }

    @Test
    void aNewKeyIsFetchedWhenATokenNamesIt() {
        Tokens tokens = tokens(LONG, SHORT);
        user(tokens, first.token(claims("u1")));
        published = set(first, second);

        await().untilAsserted(() ->
                assertThat(user(tokens, second.token(claims("u1")))).isEqualTo("u1"));
        assertThat(user(tokens, first.token(claims("u1")))).isEqualTo("u1");
    }

    @Test
    void aKeyThatIsTakenBackIsGoneAfterTheNextFetch() {
        Tokens tokens = tokens(SHORT, SHORT);
        user(tokens, first.token(claims("u1")));
        published = set(second);

        await().untilAsserted(() -> assertRefused(tokens, first.token(claims("u1")), ErrorCode.UNAUTHENTICATED));
    }

    @Test
    void whoMakesKeysUpHasThemFetchedOnceInAPause() {
        Tokens tokens = tokens(LONG, LONG);
        user(tokens, first.token(claims("u1")));

        for (int i = 0; i < 50; i++) {
            assertRefused(
                    tokens, SignedBy.fresh("EdDSA", "made-up-" + i).token(claims("u1")), ErrorCode.UNAUTHENTICATED);
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void whoLookedJustBeforeTheKeysCameLooksAgainWithinThePause() {
        Jwks jwks = new Jwks(vertx, url(), LONG, LONG, PATIENCE);
        await().until(jwks::fetched);

        assertThat(jwks.lookAgain(Keyring.EMPTY).toCompletableFuture().join()).isTrue();
        assertThat(jwks.lookAgain(jwks.keys()).toCompletableFuture().join()).isFalse();
        assertThat(fetches).hasValue(1);
    }

    @Test
    void knownKeysStayInUseWhileTheProviderFails() {
        Tokens tokens = tokens(SHORT, SHORT);
        user(tokens, first.token(claims("u1")));
        status = 500;
        int before = fetches.get();
        await().until(() -> fetches.get() > before + 3);

        assertThat(user(tokens, first.token(claims("u1")))).isEqualTo("u1");
        assertRefused(tokens, second.token(claims("u1")), ErrorCode.UNAVAILABLE);

        published = set(first, second);
        status = 200;
        await().untilAsserted(() ->
                assertThat(user(tokens, second.token(claims("u1")))).isEqualTo("u1"));
    }

    @Test
    void aProviderThatDoesNotAnswerKeepsNobodyWaitingWhoseKeyIsKnown() {
        Tokens tokens = tokens(LONG, SHORT, Duration.ofSeconds(3));
        await().ignoreExceptions()
                .until(() -> user(tokens, first.token(claims("u1"))).equals("u1"));
        mute = true;

        var unknown = tokens.decode(second.token(claims("u1"))).toCompletableFuture();
        var known = tokens.decode(first.token(claims("u1"))).toCompletableFuture();

        assertThat(known).isCompletedWithValueMatching(who -> who.user().equals("u1"));
        await().until(unknown::isDone);
        // From the second on not even those wait who name an unknown one.
        await().untilAsserted(() -> assertThat(
                        tokens.decode(second.token(claims("u1"))).toCompletableFuture())
                .isCompletedExceptionally());
        assertRefused(tokens, second.token(claims("u1")), ErrorCode.UNAVAILABLE);
    }

    @Test
    void noTokenIsJudgedBeforeTheKeysWereEverFetched() {
        status = 503;
        Tokens tokens = tokens(LONG, SHORT);

        assertRefused(tokens, first.token(claims("u1")), ErrorCode.UNAVAILABLE);

        status = 200;
        await().untilAsserted(() ->
                assertThat(user(tokens, first.token(claims("u1")))).isEqualTo("u1"));
    }

    @Test
    void whatIsNoSetOfKeysIsAsGoodAsNoAnswer() {
        Tokens tokens = tokens(SHORT, SHORT);
        user(tokens, first.token(claims("u1")));
        int before = fetches.get();
        published = "{\"keys\":[{\"kty\":7}";
        await().until(() -> fetches.get() > before + 3);

        assertThat(user(tokens, first.token(claims("u1")))).isEqualTo("u1");
    }

    @Test
    void aPublishedSecretIsNotTaken() {
        published = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"" + "A".repeat(43) + "\"}]}";
        Tokens tokens = tokens(LONG, SHORT);

        String token = SignedBy.token("HS256", new HmacKey(new byte[32]), "s", claims("u1"));

        assertRefused(tokens, token, ErrorCode.UNAUTHENTICATED);
        assertRefused(tokens, first.confused(claims("u1")), ErrorCode.UNAUTHENTICATED);
    }

    private void answer(HttpExchange exchange) throws IOException {
        fetches.incrementAndGet();
        if (mute) {
            return;
        }
        byte[] body = published.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String set(SignedBy... keys) {
        return Stream.of(keys).map(SignedBy::jwk).collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    private Tokens tokens(Duration refresh, Duration pause) {
        return tokens(refresh, pause, PATIENCE);
    }

    private Tokens tokens(Duration refresh, Duration pause, Duration timeout) {
        var config = Settings.with(Map.of());
        GuestSecret secret = new GuestSecret(config, false);
        Jwks jwks = new Jwks(vertx, url(), refresh, pause, timeout);
        return new Tokens(secret, new VerificationKeys(secret, config, jwks), null, config);
    }

    private String url() {
        return "http://localhost:" + provider.getAddress().getPort() + "/jwks";
    }

    private static String user(Tokens tokens, String token) {
        return tokens.decode(token).toCompletableFuture().join().user();
    }

    private static void assertRefused(Tokens tokens, String token, ErrorCode code) {
        assertThatThrownBy(() -> user(tokens, token))
                .isInstanceOf(CompletionException.class)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(ProtocolException.class))
                .extracting(ProtocolException::code)
                .isEqualTo(code);
    }
}
