package dev.parley.server.gateway;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
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

    /** The header that carries a user's token. */
    static String header(String user, String... roles) {
        return "Authorization: Bearer " + of(user, roles);
    }

    /** A token that ends then. */
    static String until(Instant end, String user) {
        JwtClaims claims = claims(user);
        claims.setExpirationTime(NumericDate.fromSeconds(end.getEpochSecond()));
        return signed(claims, SECRET);
    }

    /** A token with these grants, each made by {@link #grant}. */
    static String granted(String user, JsonObject... grants) {
        JwtClaims claims = claims(user);
        claims.setClaim(
                "groups", List.of(grants).stream().map(JsonObject::getMap).toList());
        return signed(claims, SECRET);
    }

    /** What is allowed in the groups that a pattern fits. */
    static JsonObject grant(String pattern, String... may) {
        return JsonObject.of("pattern", pattern, "may", List.of(may));
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
