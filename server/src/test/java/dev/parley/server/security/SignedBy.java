package dev.parley.server.security;

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

/** A key pair that signs tokens, as an identity provider has it. */
final class SignedBy {
    final String algorithm;
    final KeyPair pair;
    private final String id;

    private SignedBy(String algorithm, KeyPair pair, String id) {
        this.algorithm = algorithm;
        this.pair = pair;
        this.id = id;
    }

    /** @param id the {@code kid}, or null */
    static SignedBy fresh(String algorithm, String id) {
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
            return new SignedBy(algorithm, generator.generateKeyPair(), id);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token for a user, without an end. */
    String token(String user) {
        return token(algorithm, pair.getPrivate(), id, "{\"sub\":\"" + user + "\"}");
    }

    /** What anybody can make who knows the public key and hopes that it is taken for a secret. */
    String confused(String user) {
        byte[] known = pem().getBytes(StandardCharsets.UTF_8);
        return token("HS256", new HmacKey(known), id, "{\"sub\":\"" + user + "\"}");
    }

    /** Likewise with the key's bytes. */
    String confusedByBytes(String user) {
        byte[] known = pair.getPublic().getEncoded();
        return token("HS256", new HmacKey(known), id, "{\"sub\":\"" + user + "\"}");
    }

    static String token(String algorithm, Key key, String id, String claims) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setKeyIdHeaderValue(id);
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

    String jwk() {
        try {
            PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
            jwk.setKeyId(id);
            jwk.setUse("sig");
            return jwk.toJson();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
