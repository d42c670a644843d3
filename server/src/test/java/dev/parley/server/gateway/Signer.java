package dev.parley.server.gateway;

import dev.parley.server.testing.SignedBy;
import io.vertx.core.json.JsonObject;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The identity provider that the server under {@link StrictProfile} believes, or another one that it should not. */
final class Signer {
    static final String ISSUER = "https://id.example";
    static final String AUDIENCE = "parley";
    static final String SECRET = "a secret of a backend of the tests, 32 bytes and more";

    private static final String ALGORITHM = "RS256";
    private static final String PROPERTY = "test.signer";

    /**
     * Whose public key the server has. A system property keeps it, since tests and their profile are loaded by several class loaders, each with a class of its
     * own.
     */
    static final Signer TRUSTED = new Signer(SignedBy.of(ALGORITHM, shared(), null));

    private final SignedBy key;

    private Signer(SignedBy key) {
        this.key = key;
    }

    static Signer stranger() {
        return new Signer(SignedBy.fresh(ALGORITHM, null));
    }

    private static KeyPair shared() {
        synchronized (System.getProperties()) {
            return (KeyPair) System.getProperties().computeIfAbsent(PROPERTY, absent -> generate());
        }
    }

    private static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The claims of a token that is good for an hour, and for everything. */
    static JsonObject claims(String user) {
        long now = Instant.now().getEpochSecond();
        return JsonObject.of("sub", user, "name", user, "iss", ISSUER, "aud", AUDIENCE, "iat", now - 60)
                .put("exp", now + 3600)
                .put("jti", UUID.randomUUID().toString())
                .put("roles", List.of("admin"));
    }

    String token(JsonObject claims) {
        return key.token(claims.encode());
    }

    /** Signed by HS256 with the text of the public key for a secret. */
    String confused(JsonObject claims) {
        return key.confused(claims.encode());
    }

    /** Likewise with the bytes of the public key. */
    String confusedByBytes(JsonObject claims) {
        return key.confusedByBytes(claims.encode());
    }

    static String signed(String algorithm, Key key, String claims) {
        return SignedBy.token(algorithm, key, null, claims);
    }

    String pem() {
        return key.pem();
    }
}
