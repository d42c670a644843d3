package dev.parley.server.security;

import dev.parley.server.config.ParleyConfig;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.HmacKey;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Finds the key that a token says to be signed with: that of guests, a secret, one of the files or of the URL in {@code parley.tokens}. Made at the start, where a
 * setting that cannot work stops it; asked by {@link Tokens} on any thread.
 */
@Startup
@Singleton
public final class VerificationKeys implements VerificationKeyResolver {
    static final List<String> ALGORITHMS = List.of(
            AlgorithmIdentifiers.HMAC_SHA256,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.EDDSA);

    private static final String SECRET = "parley.tokens.secret";

    /** What the provider of the keys has for an answer: meanwhile who names an unknown key waits. */
    private static final Duration JWKS_TIMEOUT = Duration.ofSeconds(3);

    private final Key guests;
    private final Keyring fixed;
    private final Jwks published;
    private volatile Known known = new Known(null, Keyring.EMPTY);

    /** All keys there are, and which of them were the published ones when they were put together. */
    private record Known(Keyring published, Keyring all) {}

    /** A token names a key that may have been published since the last look. */
    static final class UnknownKeyException extends UnresolvableKeyException {
        private static final long serialVersionUID = 1;

        /** The published keys that it is not among. */
        private final transient Keyring seen;

        UnknownKeyException(Keyring seen) {
            super("not known, or not yet");
            this.seen = seen;
        }
    }

    @Inject
    VerificationKeys(GuestSecret guests, ParleyConfig config, Vertx vertx) {
        this(
                guests,
                config,
                config.tokens()
                        .jwks()
                        .url()
                        .map(url -> new Jwks(
                                vertx,
                                url,
                                config.tokens().jwks().refresh(),
                                config.tokens().jwks().pause(),
                                JWKS_TIMEOUT))
                        .orElse(null));
    }

    /** @param published null where there is no URL */
    VerificationKeys(GuestSecret guests, ParleyConfig config, Jwks published) {
        this.guests = guests.key();
        List<Keyring.Entry> secrets = new ArrayList<>();
        secrets.add(new Keyring.Entry(null, AlgorithmIdentifiers.HMAC_SHA256, this.guests));
        config.tokens()
                .secret()
                .map(VerificationKeys::secret)
                .ifPresent(key -> secrets.add(new Keyring.Entry(null, AlgorithmIdentifiers.HMAC_SHA256, key)));
        this.fixed =
                new Keyring(secrets).and(KeyFiles.read(config.tokens().keys().orElse(List.of())));
        this.published = published;
    }

    /** Whether a key is that with which guests' tokens are signed. */
    boolean isGuests(Key key) {
        return key == guests;
    }

    /**
     * Looks whether a key was published that was not known yet.
     *
     * @return whether it is worth while to verify again; fails with {@code unavailable} when that cannot be found out
     */
    CompletionStage<Boolean> lookAgain(UnknownKeyException unknown) {
        return published.lookAgain(unknown.seen);
    }

    /** Of several keys that may be meant it gives the one that fits. */
    @Override
    public Key resolveKey(JsonWebSignature token, List<JsonWebStructure> nesting) throws UnresolvableKeyException {
        String algorithm = token.getAlgorithmHeaderValue();
        if (!ALGORITHMS.contains(algorithm)) {
            throw new UnresolvableKeyException("an algorithm that is not used here");
        }
        String id = token.getKeyIdHeaderValue();
        Keyring seen = published == null ? Keyring.EMPTY : published.keys();
        Keyring keys = with(seen);
        List<Key> named = id == null ? keys.all(algorithm) : keys.of(id, algorithm);
        boolean mayBeNew = published != null
                && !algorithm.equals(AlgorithmIdentifiers.HMAC_SHA256)
                && (id == null ? !published.fetched() : named.isEmpty());
        List<Key> candidates = new ArrayList<>(named);
        if (id != null) {
            candidates.addAll(keys.of(null, algorithm));
        }
        if (candidates.size() == 1 && !mayBeNew) {
            return candidates.get(0);
        }
        for (Key candidate : candidates) {
            if (verifies(token, candidate)) {
                return candidate;
            }
        }
        if (mayBeNew) {
            throw new UnknownKeyException(seen);
        }
        if (candidates.isEmpty()) {
            throw new UnresolvableKeyException("no key for this algorithm");
        }
        return candidates.get(0);
    }

    /** All keys, put together anew only when other ones were published. */
    private Keyring with(Keyring seen) {
        Known its = known;
        if (its.published != seen) {
            its = new Known(seen, fixed.and(seen));
            known = its;
        }
        return its.all;
    }

    private static boolean verifies(JsonWebSignature token, Key key) {
        try {
            token.setKey(key);
            return token.verifySignature();
        } catch (JoseException e) {
            return false; // nor does it with this key; what is wrong is said when none fits
        }
    }

    private static Key secret(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < GuestSecret.BYTES_MIN) {
            throw new ConfigurationException(SECRET + " has " + bytes.length + " bytes, but HS256 needs at least "
                    + GuestSecret.BYTES_MIN + ": set it to a longer random text, for example the output of"
                    + " 'openssl rand -base64 32'.");
        }
        return new HmacKey(bytes);
    }
}
