package dev.parley.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.testing.Settings;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String FOREIGN = "fedcba9876543210fedcba9876543210";
    private static final long NOW = Instant.now().getEpochSecond();

    private final Tokens tokens = tokens(Map.of("parley.guests.secret", SECRET, "parley.guests.enabled", "true"));

    @Test
    void aGuestsTokenSaysWhoTheGuestIs() {
        Issued issued = tokens.guest(" Ada ");

        Identity identity = verify(issued.token());

        assertThat(identity).isEqualTo(issued.identity());
        assertThat(identity.user()).matches("g-[a-z0-9]{10}");
        assertThat(identity.name()).isEqualTo("Ada");
        assertThat(identity.guest()).isTrue();
        assertThat(identity.admin()).isFalse();
    }

    @Test
    void aGuestWithoutANameGetsOne() {
        assertThat(tokens.guest(null).identity().name()).matches("Guest \\d{4}");
    }

    @Test
    void guestsTokensLiveAsLongAsSet() {
        Tokens brief = tokens(Map.of(
                "parley.guests.secret", SECRET, "parley.guests.enabled", "true", "parley.guests.lifetime", "1H"));

        assertThat(brief.guest("Ada").identity().expires() / 1000).isBetween(NOW + 3600, NOW + 3660);
    }

    @Test
    void anotherInstanceWithTheSameSecretTakesTheToken() {
        String token =
                tokens(Map.of("parley.guests.secret", SECRET)).guest("Ada").token();

        assertThat(verify(token).name()).isEqualTo("Ada");
    }

    @Test
    void anInstanceWithASecretOfItsOwnDoesNotTakeTheToken() {
        String token = tokens(Map.of()).guest("Ada").token();

        assertRefused(token, ErrorCode.UNAUTHENTICATED, "signature");
    }

    @Test
    void aBackendsTokenGivesNameAndRoles() throws Exception {
        String token =
                signed("{\"sub\":\"u1\",\"name\":\"Ada\",\"groups\":[\"admin\",\"staff\"],\"exp\":%d,\"aud\":\"shop\"}"
                        .formatted(NOW + 60));

        Identity identity = verify(token);

        assertThat(identity).isEqualTo(identity("Ada", Set.of("admin", "staff"), Grants.UNSAID, (NOW + 60) * 1000));
        assertThat(identity.admin()).isTrue();
    }

    @Test
    void aTokenWithoutNameAndEndIsTaken() throws Exception {
        assertThat(verify(signed("{\"sub\":\"u1\"}"))).isEqualTo(identity("u1", Set.of(), Grants.UNSAID, null));
    }

    @Test
    void theClaimRolesIsTakenAsWell() throws Exception {
        assertThat(verify(signed("{\"sub\":\"u1\",\"roles\":[\"admin\"],\"groups\":[\"staff\"]}"))
                        .roles())
                .containsExactlyInAnyOrder("admin", "staff");
    }

    @Test
    void objectsAmongTheGroupsAreGrants() throws Exception {
        Identity identity = verify(
                signed("{\"sub\":\"u1\",\"groups\":[\"staff\",{\"pattern\":\"prices:*\",\"may\":[\"join\",\"read\"]},"
                        + "{\"pattern\":\"chat:a\",\"may\":[]}]}"));

        assertThat(identity.roles()).containsExactly("staff");
        assertThat(identity.grants())
                .isEqualTo(new Grants(List.of(
                        new Grants.Grant("prices:*", Set.of(Action.JOIN, Action.READ)),
                        new Grants.Grant("chat:a", Set.of()))));
    }

    @Test
    void aTokenTellsItsIdAndWhenItWasMade() throws Exception {
        Identity identity = verify(signed("{\"sub\":\"u1\",\"jti\":\"t7\",\"iat\":%d}".formatted(NOW - 60)));

        assertThat(identity.tokenId()).isEqualTo("t7");
        assertThat(identity.issued()).isEqualTo((NOW - 60) * 1000);
    }

    /** Or an instance whose clock went back would send all its people away for good. */
    @Test
    void aTokenMadeAnHourFromNowIsGood() throws Exception {
        assertThat(verify(signed("{\"sub\":\"u1\",\"iat\":%d}".formatted(NOW + 3600)))
                        .user())
                .isEqualTo("u1");
    }

    @Test
    void noTokenIsGoodLongerThanSet() throws Exception {
        Tokens strict = tokens(Map.of(
                "parley.guests.secret", SECRET, "parley.guests.lifetime", "1M", "parley.tokens.longest-life", "1H"));
        String young = signed("{\"sub\":\"u1\",\"iat\":%d,\"exp\":%d}".formatted(NOW - 60, NOW + 86_400));
        String old = signed("{\"sub\":\"u1\",\"iat\":%d}".formatted(NOW - 3700));

        assertThat(verify(strict, young).expires()).isEqualTo((NOW - 60 + 3600) * 1000);
        assertRefused(strict, old, ErrorCode.TOKEN_EXPIRED, "older than");
    }

    @Test
    void issuerAndAudienceMustBeThoseSet() throws Exception {
        Tokens strict = tokens(Map.of(
                "parley.guests.secret", SECRET,
                "parley.guests.enabled", "true",
                "parley.tokens.issuer", "https://id.example",
                "parley.tokens.audience", "parley,chat"));
        String claims = "{\"sub\":\"u1\",\"iss\":%s,\"aud\":%s}";

        assertThat(verify(strict, signed(claims.formatted("\"https://id.example\"", "[\"shop\",\"chat\"]")))
                        .user())
                .isEqualTo("u1");
        assertThat(verify(strict, strict.guest("Ada").token()).name()).isEqualTo("Ada");
        for (String issuer : List.of("null", "\"https://id.example/\"", "\"\"", "7")) {
            assertRefused(strict, signed(claims.formatted(issuer, "\"chat\"")), ErrorCode.UNAUTHENTICATED, "iss");
        }
        for (String audience : List.of("null", "\"shop\"", "[]", "\"\"", "7")) {
            String token = signed(claims.formatted("\"https://id.example\"", audience));
            assertRefused(strict, token, ErrorCode.UNAUTHENTICATED, "aud");
        }
    }

    @Test
    void aGuestsTokenIsOfNoUseWhereGuestsAreNotAllowed() {
        Tokens without = tokens(Map.of("parley.guests.secret", SECRET, "parley.guests.enabled", "false"));

        assertRefused(without, tokens.guest("Ada").token(), ErrorCode.UNAUTHENTICATED, "guests are not allowed");
    }

    @Test
    void whoSaysToBeAGuestOfAnotherKeyIsNone() throws Exception {
        Tokens both = tokens(Map.of(
                "parley.guests.secret", SECRET, "parley.tokens.secret", FOREIGN, "parley.tokens.issuer", "backend"));

        assertRefused(
                both, signed("{\"sub\":\"u1\",\"guest\":true}", "HS256", FOREIGN), ErrorCode.UNAUTHENTICATED, "issuer");
    }

    @Test
    void theSecretOfABackendIsTakenBesideThatOfGuests() throws Exception {
        Tokens both = tokens(Map.of("parley.guests.secret", SECRET, "parley.tokens.secret", FOREIGN));
        String claims = "{\"sub\":\"u1\"}";

        assertThat(verify(both, signed(claims, "HS256", FOREIGN)).user()).isEqualTo("u1");
        assertThat(verify(both, signed(claims)).user()).isEqualTo("u1");
        assertRefused(
                both,
                signed(claims, "HS256", "neither of them, and long enough"),
                ErrorCode.UNAUTHENTICATED,
                "signature");
    }

    @ParameterizedTest
    @MethodSource
    void badTokensAreRefusedWithASentence(String token, ErrorCode code, String says) {
        assertRefused(token, code, says);
    }

    static Stream<Arguments> badTokensAreRefusedWithASentence() throws Exception {
        String good = "{\"sub\":\"u1\",\"exp\":%d}".formatted(NOW + 60);
        String past = "{\"sub\":\"u1\",\"exp\":%d}".formatted(NOW - 7);
        String[] parts = signed(good).split("\\.");
        return Stream.of(
                bad("expired", signed(past), ErrorCode.TOKEN_EXPIRED, "expired"),
                bad("expired, but of a foreign key", signed(past, "HS256", FOREIGN), "signature"),
                bad("not valid yet", signed("{\"sub\":\"u1\",\"nbf\":%d}".formatted(NOW + 60)), "not valid yet"),
                bad("a foreign key", signed(good, "HS256", FOREIGN), "signature"),
                bad("no signature", parts[0] + "." + parts[1] + ".", "signature"),
                bad("another payload", parts[0] + "." + base64("{\"sub\":\"root\"}") + "." + parts[2], "signature"),
                bad("alg none", base64("{\"alg\":\"none\"}") + "." + base64(good) + ".", "HS256"),
                bad("alg NoNe", base64("{\"alg\":\"NoNe\"}") + "." + base64(good) + ".", "HS256"),
                bad("HS512 with the same secret", signed(good, "HS512", SECRET + SECRET), "HS256"),
                bad("RS256 by a key of one's own", rsaSigned(good), "HS256"),
                bad("a header that goes deep", base64("{\"alg\":" + "[".repeat(3000)) + ".e30.e30", "HS256"),
                bad("a payload that is no object", signed("[1]"), "HS256"),
                bad("a payload that is no JSON", signed("hello"), "HS256"),
                bad("sub twice", signed("{\"sub\":\"u1\",\"sub\":\"root\"}"), "HS256"),
                bad("no sub", signed("{\"name\":\"Ada\"}"), "claim sub"),
                bad("an empty sub", signed("{\"sub\":\"\"}"), "claim sub"),
                bad("a sub that is a number", signed("{\"sub\":7}"), "claims sub"),
                bad("a sub with a slash", signed("{\"sub\":\"a/b\"}"), "claim sub"),
                bad("a sub with a tilde", signed("{\"sub\":\"a~b\"}"), "claim sub"),
                bad("a sub beyond ASCII", signed("{\"sub\":\"zoë\"}"), "claim sub"),
                bad("a sub of 61", signed("{\"sub\":\"" + "a".repeat(61) + "\"}"), "claim sub"),
                bad("a name that is no string", signed("{\"sub\":\"u1\",\"name\":{}}"), "claim name"),
                bad("a blank name", signed("{\"sub\":\"u1\",\"name\":\" \"}"), "claim name"),
                bad("half a surrogate pair", signed("{\"sub\":\"u1\",\"name\":\"\\ud83d\"}"), "claim name"),
                bad(
                        "made in the future",
                        signed("{\"sub\":\"u1\",\"iat\":%d}".formatted(NOW + 2 * 86_400)),
                        "claim iat"),
                bad("an iat that is no time", signed("{\"sub\":\"u1\",\"iat\":[]}"), "iat"),
                bad("a jti that is no string", signed("{\"sub\":\"u1\",\"jti\":7}"), "jti"),
                bad("roles that are no list", signed("{\"sub\":\"u1\",\"roles\":\"admin\"}"), "claim roles"),
                bad("roles of numbers", signed("{\"sub\":\"u1\",\"roles\":[1]}"), "claim roles"),
                bad("a grant without pattern", signed("{\"sub\":\"u1\",\"groups\":[{\"may\":[]}]}"), "pattern"),
                bad(
                        "a grant with an empty pattern",
                        signed("{\"sub\":\"u1\",\"groups\":[{\"pattern\":\"\",\"may\":[]}]}"),
                        "pattern"),
                bad("a grant of nothing", signed("{\"sub\":\"u1\",\"groups\":[{\"pattern\":\"a\"}]}"), "may"),
                bad(
                        "a grant of one thing",
                        signed("{\"sub\":\"u1\",\"groups\":[{\"pattern\":\"a\",\"may\":\"join\"}]}"),
                        "may"),
                bad(
                        "a grant of something else",
                        signed("{\"sub\":\"u1\",\"groups\":[{\"pattern\":\"a\",\"may\":[\"fly\"]}]}"),
                        "does not exist"),
                bad("groups that are no list", signed("{\"sub\":\"u1\",\"groups\":\"admin\"}"), "claim groups"),
                bad("groups of numbers", signed("{\"sub\":\"u1\",\"groups\":[1]}"), "claim groups"),
                bad("groups with null", signed("{\"sub\":\"u1\",\"groups\":[null]}"), "claim groups"),
                bad("an exp that is no time", signed("{\"sub\":\"u1\",\"exp\":\"soon\"}"), "claims sub, exp"),
                bad("an exp beyond counting", signed("{\"sub\":\"u1\",\"exp\":1e16}"), "claim exp"),
                bad("too long", "a".repeat(9000), "8192"),
                bad("not a JWT", "hello", "HS256"),
                bad("nothing", "", "HS256"),
                bad("dots", "..", "HS256"),
                bad("five parts", "e30.e30.e30.e30.e30", "HS256"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\nb", "a\u0000b", "a\u202Eb", "\uD83D", "a\u2028b"})
    void unfitNamesOfGuestsAreBadFrames(String name) {
        assertThatThrownBy(() -> tokens.guest(name))
                .asInstanceOf(InstanceOfAssertFactories.type(ProtocolException.class))
                .extracting(ProtocolException::code)
                .isEqualTo(ErrorCode.BAD_FRAME);
    }

    @Test
    void eightyCharactersAreAName() {
        assertThat(tokens.guest("😀".repeat(40)).identity().name()).hasSize(80);
        assertThatThrownBy(() -> tokens.guest("x".repeat(81))).isInstanceOf(ProtocolException.class);
    }

    private void assertRefused(String token, ErrorCode code, String says) {
        assertRefused(tokens, token, code, says);
    }

    private static void assertRefused(Tokens tokens, String token, ErrorCode code, String says) {
        assertThatThrownBy(() -> verify(tokens, token))
                .isInstanceOf(CompletionException.class)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(ProtocolException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(code);
                    assertThat(refusal.detail()).contains(says).doesNotContain("jose4j", "Exception");
                });
    }

    private Identity verify(String token) {
        return verify(tokens, token);
    }

    private static Identity verify(Tokens tokens, String token) {
        return tokens.decode(token).toCompletableFuture().join();
    }

    private static Identity identity(String name, Set<String> roles, Grants grants, Long expires) {
        return new Identity("u1", name, roles, grants, null, null, expires, false);
    }

    private static Tokens tokens(Map<String, String> settings) {
        var config = Settings.with(settings);
        GuestSecret secret = new GuestSecret(config, false);
        return new Tokens(secret, new VerificationKeys(secret, config, (Jwks) null), null, config);
    }

    private static Arguments bad(String name, String token, String says) {
        return bad(name, token, ErrorCode.UNAUTHENTICATED, says);
    }

    private static Arguments bad(String name, String token, ErrorCode code, String says) {
        return arguments(named(name, token), code, says);
    }

    private static String signed(String claims) throws Exception {
        return signed(claims, "HS256", SECRET);
    }

    private static String signed(String claims, String algorithm, String secret) throws Exception {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setKey(new HmacKey(secret.getBytes(StandardCharsets.UTF_8)));
        signature.setPayload(claims);
        return signature.getCompactSerialization();
    }

    private static String rsaSigned(String claims) throws Exception {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue("RS256");
        signature.setKey(KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate());
        signature.setPayload(claims);
        return signature.getCompactSerialization();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
