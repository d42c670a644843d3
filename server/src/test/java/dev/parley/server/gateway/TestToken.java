package dev.parley.server.gateway;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** Signs tokens as a backend does that shares {@code parley.guests.secret}. */
final class TestToken {
    static final String SECRET = "a secret that only tests know, 32 bytes and more";

    private TestToken() {}

    /** A token that does not expire; the name is the id. */
    static String of(String user, String... roles) {
        return signed(claims(user, roles), SECRET);
    }

    /** A token that ends then. */
    static String until(Instant end, String user) {
        JwtClaims claims = claims(user);
        claims.setExpirationTime(NumericDate.fromSeconds(end.getEpochSecond()));
        return signed(claims, SECRET);
    }

    /** A token by somebody who does not know the secret. */
    static String forged(String user) {
        return signed(claims(user, "admin"), "another secret that is long enough as well");
    }

    private static JwtClaims claims(String user, String... roles) {
        JwtClaims claims = new JwtClaims();
        claims.setSubject(user);
        claims.setStringListClaim("groups", roles);
        return claims;
    }

    private static String signed(JwtClaims claims, String secret) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue("HS256");
        signature.setKey(new HmacKey(secret.getBytes(StandardCharsets.UTF_8)));
        signature.setPayload(claims.toJson());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
