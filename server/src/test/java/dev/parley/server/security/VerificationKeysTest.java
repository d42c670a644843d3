package dev.parley.server.security;

import static dev.parley.server.testing.SignedBy.claims;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.testing.Settings;
import dev.parley.server.testing.SignedBy;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys verify which tokens, of those in files. */
class VerificationKeysTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
    void aPublicKeyInPemVerifies(String algorithm) throws IOException {
        SignedBy provider = SignedBy.fresh(algorithm, null);

        assertThat(user(tokens(file(provider.pem())), provider.token(claims("u1"))))
                .isEqualTo("u1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
    void aJwkVerifies(String algorithm) throws IOException {
        SignedBy provider = SignedBy.fresh(algorithm, "k1");

        assertThat(user(tokens(file(provider.jwk())), provider.token(claims("u1"))))
                .isEqualTo("u1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
    void anotherKeyOfTheKindDoesNot(String algorithm) throws IOException {
        Tokens tokens = tokens(file(SignedBy.fresh(algorithm, "k1").jwk()));

        assertRefused(tokens, SignedBy.fresh(algorithm, "k1").token(claims("u1")));
        assertRefused(tokens, SignedBy.fresh(algorithm, null).token(claims("u1")));
        assertRefused(tokens, SignedBy.fresh(algorithm, "k2").token(claims("u1")));
    }

    @Test
    void aSecretInAJwkVerifies() throws IOException {
        String secret = Base64.getUrlEncoder().encodeToString(new byte[32]);
        Tokens tokens = tokens(file("{\"kty\":\"oct\",\"k\":\"" + secret + "\",\"kid\":\"s\"}"));

        String token = SignedBy.token("HS256", new HmacKey(new byte[32]), "s", claims("u1"));

        assertThat(user(tokens, token)).isEqualTo("u1");
    }

    @Test
    void anyOfSeveralKeysVerifies() throws IOException {
        SignedBy old = SignedBy.fresh("ES256", null);
        SignedBy young = SignedBy.fresh("ES256", null);
        SignedBy other = SignedBy.fresh("RS256", "r");
        Tokens tokens = tokens(file(old.pem() + young.pem()) + "," + file("{\"keys\":[" + other.jwk() + "]}"));

        assertThat(user(tokens, old.token(claims("u1")))).isEqualTo("u1");
        assertThat(user(tokens, young.token(claims("u2")))).isEqualTo("u2");
        assertThat(user(tokens, other.token(claims("u3")))).isEqualTo("u3");
        assertRefused(tokens, SignedBy.fresh("ES256", null).token(claims("u1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
    void aPublicKeyIsNoSecret(String algorithm) throws IOException {
        SignedBy provider = SignedBy.fresh(algorithm, null);
        Tokens tokens = tokens(file(provider.pem()));

        assertRefused(tokens, provider.confused(claims("u1")));
        if (algorithm.equals("RS256")) {
            assertRefused(tokens, provider.confusedByBytes(claims("u1")));
        }
    }

    @Test
    void keysThatATokenBringsAlongAreNotLookedAt() throws IOException {
        SignedBy trusted = SignedBy.fresh("RS256", "k1");
        SignedBy own = SignedBy.fresh("RS256", "k1");
        String header = "{\"alg\":\"RS256\",\"kid\":\"k1\",\"jwk\":" + own.jwk() + "}";
        String[] parts = own.token(claims("u1")).split("\\.");
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes());

        assertRefused(tokens(file(trusted.jwk())), encoded + "." + parts[1] + "." + parts[2]);
    }

    @Test
    void aMissingFileStopsTheStart() {
        assertStopped(directory.resolve("none.pem").toString(), "cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "{}", "{\"keys\":[]}", "{\"kty\":\"RSA\"}", "[1]"})
    void aFileWithoutAKeyStopsTheStart(String text) throws IOException {
        assertStopped(file(text), "parley.tokens.keys");
    }

    @Test
    void aPrivateKeyStopsTheStartAndIsNotTold() throws IOException {
        assertStopped(file(SignedBy.fresh("RS256", null).privatePem()), "PRIVATE KEY");
    }

    @Test
    void aShortSecretStopsTheStart() {
        assertThatThrownBy(() -> tokens(Map.of("parley.tokens.secret", "short")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("parley.tokens.secret has 5 bytes");
    }

    private void assertStopped(String file, String says) {
        assertThatThrownBy(() -> tokens(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("parley.tokens.keys")
                .hasMessageContaining(file)
                .hasMessageContaining(says);
    }

    private String file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "key", ".txt"), text)
                .toString();
    }

    private static String user(Tokens tokens, String token) {
        return tokens.decode(token).toCompletableFuture().join().user();
    }

    private static void assertRefused(Tokens tokens, String token) {
        assertThatThrownBy(() -> user(tokens, token))
                .isInstanceOf(CompletionException.class)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(ProtocolException.class))
                .extracting(ProtocolException::code)
                .isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    private static Tokens tokens(String files) {
        return tokens(Map.of("parley.tokens.keys", files));
    }

    private static Tokens tokens(Map<String, String> settings) {
        var config = Settings.with(settings);
        GuestSecret secret = new GuestSecret(config, false);
        return new Tokens(secret, new VerificationKeys(secret, config, (Jwks) null), null, config);
    }
}
