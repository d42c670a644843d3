package dev.parley.server.gateway;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** Signs tokens with an RSA key, as an identity provider does, and in all the ways in which one should not. */
final class Signer {
    static final String ISSUER = "https://id.example";
    static final String AUDIENCE = "parley";
    static final String SECRET = "a secret of a backend of the tests, 32 bytes and more";

    private static final String PROPERTY = "test.signer";

    /**
     * Whose public key the server has. A system property keeps it, since tests and their profile are loaded by several class loaders, each with a class of its
     * own.
     */
    static final Signer TRUSTED = new Signer(shared());

    private final KeyPair pair;

    private Signer(KeyPair pair) {
        this.pair = pair;
    }

    static Signer stranger() {
        return new Signer(generate());
    }

    private static KeyPair shared() {
        synchronized (System.getProperties()) {
            Object known = System.getProperties().get(PROPERTY);
            if (known == null) {
                known = generate();
                System.getProperties().put(PROPERTY, known);
            }
            return (KeyPair) known;
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
        return signed("RS256", pair.getPrivate(), claims.encode());
    }

    /** Signed by HS256 with the text of the public key for a secret. */
    String confused(JsonObject claims) {
        return signed("HS256", new HmacKey(pem().getBytes(StandardCharsets.UTF_8)), claims.encode());
    }

    /** Likewise with the bytes of the public key. */
    String confusedByBytes(JsonObject claims) {
        return signed("HS256", new HmacKey(pair.getPublic().getEncoded()), claims.encode());
    }

    static String signed(String algorithm, Key key, String claims) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setKey(key);
        signature.setPayload(claims);
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    String pem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }
}
