package dev.parley.server.security;

import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/**
 * Keys that verify signatures, each for the one algorithm that its kind is for: whoever signs cannot choose another, such as HS256 with a public key for a
 * secret. Immutable; any thread.
 */
record Keyring(List<Entry> entries) {
    static final Keyring EMPTY = new Keyring(List.of());

    private static final String ED25519 = "Ed25519";
    private static final int RSA_BITS_MIN = 2048;

    /**
     * One key.
     *
     * @param id the {@code kid} of the tokens it signs; null where it has none
     * @param algorithm the only one it is used with
     */
    record Entry(String id, String algorithm, Key key) {}

    Keyring {
        entries = List.copyOf(entries);
    }

    /** The keys of that id, or with null those without one, for an algorithm. */
    List<Key> of(String id, String algorithm) {
        List<Key> found = new ArrayList<>(1);
        for (Entry entry : entries) {
            if (entry.algorithm.equals(algorithm) && Objects.equals(entry.id, id)) {
                found.add(entry.key);
            }
        }
        return found;
    }

    /** All keys for an algorithm. */
    List<Key> all(String algorithm) {
        return entries.stream()
                .filter(entry -> entry.algorithm.equals(algorithm))
                .map(Entry::key)
                .toList();
    }

    Keyring and(Keyring others) {
        List<Entry> both = new ArrayList<>(entries);
        both.addAll(others.entries);
        return new Keyring(both);
    }

    /** The algorithm of a key; empty for a kind, a curve or a size that is not used here. */
    static Optional<String> algorithmOf(Key key) {
        if (key instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength() < RSA_BITS_MIN
                    ? Optional.empty()
                    : Optional.of(AlgorithmIdentifiers.RSA_USING_SHA256);
        }
        if (key instanceof ECPublicKey curve) {
            return EllipticCurves.P256.getCurve().equals(curve.getParams().getCurve())
                    ? Optional.of(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)
                    : Optional.empty();
        }
        if (key instanceof EdECPublicKey edwards) {
            return edwards.getParams().getName().equals(ED25519)
                    ? Optional.of(AlgorithmIdentifiers.EDDSA)
                    : Optional.empty();
        }
        return Optional.empty();
    }

    /**
     * Reads a JWK or a set of them; keys for other purposes and algorithms are passed over.
     *
     * @param secrets whether keys for HS256 are taken as well
     * @throws JoseException when it is neither
     */
    static Keyring ofJson(String json, boolean secrets) throws JoseException {
        Map<String, Object> parsed = JsonUtil.parseJson(json);
        List<JsonWebKey> keys = parsed.containsKey(JsonWebKeySet.JWK_SET_MEMBER_NAME)
                ? new JsonWebKeySet(json).getJsonWebKeys()
                : List.of(JsonWebKey.Factory.newJwk(parsed));
        List<Entry> entries = new ArrayList<>();
        for (JsonWebKey key : keys) {
            if (!Use.ENCRYPTION.equals(key.getUse())) {
                entry(key, secrets).ifPresent(entries::add);
            }
        }
        return new Keyring(entries);
    }

    private static Optional<Entry> entry(JsonWebKey jwk, boolean secrets) {
        Optional<String> algorithm = Optional.empty();
        Key key = null;
        if (jwk instanceof PublicJsonWebKey pair) {
            key = pair.getPublicKey();
            algorithm = algorithmOf(key);
        } else if (secrets && jwk instanceof OctetSequenceJsonWebKey) {
            key = jwk.getKey();
            algorithm = Optional.of(AlgorithmIdentifiers.HMAC_SHA256);
        }
        Key found = key;
        return algorithm
                .filter(its -> jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(its))
                .map(its -> new Entry(jwk.getKeyId(), its, found));
    }
}
