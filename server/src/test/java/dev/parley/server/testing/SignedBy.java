package dev.parley.server.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** A key pair that signs tokens, as an identity provider has it, and in ways in which nobody should. */
public final class SignedBy {
    private final String algorithm;
    private final KeyPair pair;
    private final String id;

    private SignedBy(String algorithm, KeyPair pair, String id) {
        this.algorithm = algorithm;
        this.pair = pair;
        this.id = id;
    }

    /**
     * A new key pair.
     *
     * @param id the {@code kid}, or null
     */
    public static SignedBy fresh(String algorithm, String id) {
        try {
            KeyPairGenerator generator = switch (algorithm) {
                case "RS256" -> KeyPairGenerator.getInstance("RSA");
                case "ES256" -> KeyPairGenerator.getInstance("EC");
                default -> KeyPairGenerator.getInstance("Ed25519");
            };
            if (algorithm.equals("RS256")) {
                generator.initialize(2048);
            } else if (algorithm.equals("ES256")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            }
            return of(algorithm, generator.generateKeyPair(), id);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key pair that is there. */
    public static SignedBy of(String algorithm, KeyPair pair, String id) {
        return new SignedBy(algorithm, pair, id);
    }

    /** The claims of a user's token that has no end. */
    public static String claims(String user) {
        return "{\"sub\":\"" + user + "\"}";
    }

    /** A token with these claims, a JSON object. */
    public String token(String claims) {
        return token(algorithm, pair.getPrivate(), id, claims);
    }

    /** What anybody can make who knows the public key and hopes that its text is taken for a secret. */
    public String confused(String claims) {
        return token("HS256", new HmacKey(pem().getBytes(StandardCharsets.UTF_8)), id, claims);
    }

    /** Likewise with the key's bytes. */
    public String confusedByBytes(String claims) {
        return token("HS256", new HmacKey(pair.getPublic().getEncoded()), id, claims);
    }

    /**
     * Signs with any key.
     *
     * @param id the {@code kid}, or null
     */
    public static String token(String algorithm, Key key, String id, String claims) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(algorithm);
        if (id != null) {
            signature.setKeyIdHeaderValue(id);
        }
        signature.setKey(key);
        signature.setPayload(claims);
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    public String pem() {
        return armoured("PUBLIC", pair.getPublic().getEncoded());
    }

    public String jwk() {
        try {
            PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
            jwk.setKeyId(id);
            jwk.setUse("sig");
            return jwk.toJson();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What must not lie where a public key belongs. */
    public String privatePem() {
        return armoured("PRIVATE", pair.getPrivate().getEncoded());
    }

    private static String armoured(String kind, byte[] der) {
        String text = Base64.getMimeEncoder().encodeToString(der);
        return "-----BEGIN " + kind + " KEY-----\n" + text + "\n-----END " + kind + " KEY-----\n";
    }
}
