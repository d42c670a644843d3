package dev.parley.server.security;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.redis.RedisLink;
import dev.parley.server.security.memory.MemoryTokens;
import dev.parley.server.security.redis.RedisTokens;
import dev.parley.server.testing.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What both stores do alike, and what only Redis can: be shared. */
class TokenStoreTest {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Vertx VERTX = Vertx.vertx();
    private static RedisServer redis;
    private static RedisLink one;
    private static RedisLink two;
    private static TokenStore memory;

    @BeforeAll
    static void connect() {
        redis = RedisServer.embedded();
        one = link();
        two = link();
        memory = new MemoryTokens();
        await().until(() -> one.reachable() && two.reachable());
    }

    @AfterAll
    static void close() {
        one.close();
        two.close();
        redis.close();
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    static Stream<TokenStore> stores() {
        return Stream.of(memory, new RedisTokens(one));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aRevocationIsFoundByItsUserOrItsToken(TokenStore store) {
        Revocation all = new Revocation("ada:1", null, 1000);
        Revocation token = new Revocation("ada:1", "t/1 é", 2000);
        get(store.revoke(all, LIFE));
        get(store.revoke(token, LIFE));

        assertThat(get(store.of("ada:1", null))).containsExactly(all);
        assertThat(get(store.of("ada:1", "t/1 é"))).containsExactlyInAnyOrder(all, token);
        assertThat(get(store.of("ada:1", "t/2"))).containsExactly(all);
        assertThat(get(store.of("ada", "1 t/1 é"))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void theLatestRevocationOfAUserCounts(TokenStore store) {
        get(store.revoke(new Revocation("bob", null, 1000), LIFE));
        get(store.revoke(new Revocation("bob", null, 3000), LIFE));

        assertThat(get(store.of("bob", null))).containsExactly(new Revocation("bob", null, 3000));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aRevocationIsForgottenWithTheTokens(TokenStore store) {
        get(store.revoke(new Revocation("eve", "brief", 1000), Duration.ofMillis(50)));

        await().until(() -> get(store.of("eve", "brief")).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("stores")
    void ofManyWhoTakeATicketAtOnceOneGetsIt(TokenStore store) {
        get(store.issue("ticket", "the token"));

        List<CompletableFuture<String>> takers = IntStream.range(0, 50)
                .mapToObj(i -> store.redeem("ticket").toCompletableFuture())
                .toList();

        assertThat(takers.stream().map(CompletableFuture::join).filter(Objects::nonNull))
                .containsExactly("the token");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aTicketThatWasNotMadeIsNone(TokenStore store) {
        assertThat(get(store.redeem("never made"))).isNull();
    }

    @Test
    void oneInstanceTakesTheTicketOfAnother() {
        get(new RedisTokens(one).issue("shared", "the token"));

        assertThat(get(new RedisTokens(two).redeem("shared"))).isEqualTo("the token");
        assertThat(get(new RedisTokens(one).redeem("shared"))).isNull();
    }

    @Test
    void whatIsKeptInRedisExpires() {
        RedisTokens store = new RedisTokens(one);
        get(store.issue("expiring", "the token"));
        get(store.revoke(new Revocation("expiring", "t", System.currentTimeMillis()), LIFE));

        assertThat(redis.words("KEYS", "*")).noneMatch(key -> key.contains("ticket:expiring"));
        assertThat(lives("*:ticket:*")).isBetween(1L, 30_000L);
        assertThat(lives("*:revoked:expiring*")).isBetween(1L, LIFE.toMillis());
        assertThat(lives("parley:revocations")).isBetween(1L, LIFE.toMillis());
    }

    @Test
    void whoAsksWhatWasRevokedHearsOfEachOnce() {
        RedisTokens store = new RedisTokens(one);
        get(store.revoke(new Revocation("before", null, System.currentTimeMillis()), LIFE));
        String place = get(store.since(null)).upTo();
        Revocation first = new Revocation("cut", null, System.currentTimeMillis());
        Revocation second = new Revocation("cut", "t é", System.currentTimeMillis());
        get(new RedisTokens(two).revoke(first, LIFE));
        get(new RedisTokens(two).revoke(second, LIFE));

        TokenStore.Told told = get(store.since(place));

        assertThat(told.revocations()).containsExactly(first, second);
        assertThat(get(store.since(told.upTo())).revocations()).isEmpty();
    }

    @Test
    void whoHadNoTimeToAskHearsOfAllSinceItBegan() {
        RedisTokens cutOff = new RedisTokens(one);
        Revocation missed = new Revocation("missed", null, System.currentTimeMillis());
        get(new RedisTokens(two).revoke(missed, LIFE));

        assertThat(get(cutOff.since(null)).revocations()).contains(missed);
    }

    /** How long a key like that lives yet, in milliseconds. */
    private static long lives(String pattern) {
        String key = redis.words("KEYS", pattern).get(0);
        return Long.parseLong(redis.command("PTTL", key).substring(1).strip());
    }

    private static RedisLink link() {
        return new RedisLink(VERTX, new RedisOptions().setConnectionString(redis.uri()), Duration.ofSeconds(5)).open();
    }
}
