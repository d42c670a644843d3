package dev.parley.server.security;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.security.VerificationKeys.UnknownKeyException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;

/**
 * Verifies the tokens of people and makes those of guests. Called by the gateway and the HTTP API, on any thread. Taken is a JWT signed with one of the
 * {@link VerificationKeys}, made by the issuer and for the audience that are set, and not revoked; {@code docs/security.md} has the rules.
 *
 * <p>To verify a signature takes microseconds with HS256 and RS256, and up to a third of a millisecond with ES256 and EdDSA, so it is done where it is asked for;
 * what needs a network is waited for by nobody's thread.
 */
@ApplicationScoped
public class Tokens {
    private static final String GUEST_MAC = "HmacSHA256";
    private static final String GUEST_HEADER = base64("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.US_ASCII));

    /**
     * A token made further in the future is not believed. RFC 7519 refuses by {@code nbf}, not by {@code iat}; whose clock is wrong, ours or theirs, nobody knows, and an
     * instance whose clock jumps must not send its people away for good.
     */
    private static final long WRONG_CLOCK_MILLIS = Duration.ofDays(1).toMillis();

    private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LENGTH = 10;
    private static final int TOKEN_ID_LENGTH = 16;

    private final GuestSecret secret;
    private final VerificationKeys keys;
    private final Revocations revocations;
    private final Claims claims;
    private final boolean guests;
    private final Duration guestsLife;
    private final long leeway;
    private final Optional<String> issuer;
    private final Set<String> audience;
    private final JwtConsumer consumer;
    private final SecureRandom random = new SecureRandom();

    Tokens(GuestSecret secret, VerificationKeys keys, Revocations revocations, ParleyConfig config) {
        this.secret = secret;
        this.keys = keys;
        this.revocations = revocations;
        this.claims = new Claims(Claims.longestLife(config));
        this.guests = config.guests().enabled();
        this.guestsLife = config.guests().lifetime();
        this.leeway = config.tokens().leeway().toMillis();
        this.issuer = config.tokens().issuer();
        this.audience = Set.copyOf(config.tokens().audience().orElse(List.of()));
        this.consumer = new JwtConsumerBuilder()
                .setVerificationKeyResolver(keys)
                .setJwsAlgorithmConstraints(ConstraintType.PERMIT, VerificationKeys.ALGORITHMS.toArray(String[]::new))
                .setAllowedClockSkewInSeconds((int) config.tokens().leeway().toSeconds())
                .setSkipDefaultAudienceValidation()
                .build();
    }

    /**
     * Says who a token's bearer is.
     *
     * @param jwt as it came from the client
     * @return the identity; fails with {@link ProtocolException} {@code unauthenticated}, for one that was good once {@code token_expired}, and with
     *     {@code unavailable} when the keys or the revocations are out of reach
     */
    public CompletionStage<Identity> verify(String jwt) {
        return decode(jwt).thenCompose(revocations::pass);
    }

    /**
     * Like {@link #verify}, but without a look at the revocations: for who has to be known as the token's bearer before that look, so that a revocation in
     * between is heard of, and asks {@link Revocations#pass} then.
     */
    public CompletionStage<Identity> decode(String jwt) {
        try {
            return CompletableFuture.completedStage(read(jwt));
        } catch (InvalidJwtException e) {
            if (!(e.getCause() instanceof UnknownKeyException unknown)) {
                return CompletableFuture.failedStage(explain(e));
            }
            return keys.lookAgain(unknown).thenApply(others -> readAgain(jwt, others));
        } catch (ProtocolException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private Identity readAgain(String jwt, boolean otherKeys) {
        try {
            if (otherKeys) {
                return read(jwt);
            }
        } catch (InvalidJwtException e) {
            if (!(e.getCause() instanceof UnknownKeyException)) {
                throw explain(e);
            }
        }
        throw Claims.refused("the token is signed with a key that is not known here");
    }

    private Identity read(String jwt) throws InvalidJwtException {
        if (jwt.length() > Limits.TOKEN_MAX) {
            throw Claims.refused("the token has more than " + Limits.TOKEN_MAX + " characters");
        }
        JwtContext token = consumer.process(jwt);
        Identity identity = claims.identity(token.getJwtClaims());
        boolean own = keys.isGuests(((JsonWebSignature) token.getJoseObjects().get(0)).getKey());
        if (own && identity.guest()) {
            requireGuests();
        } else {
            requireOrigin(token.getJwtClaims());
        }
        long now = System.currentTimeMillis();
        if (identity.issued() != null && identity.issued() > now + WRONG_CLOCK_MILLIS) {
            throw Claims.refused("the token was made in the future (claim iat)");
        }
        if (identity.expires() != null && identity.expires() <= now - leeway) {
            throw new ProtocolException(ErrorCode.TOKEN_EXPIRED, "the token is older than tokens get here");
        }
        return identity;
    }

    /** Guests' tokens outlive a change of the setting. */
    private void requireGuests() {
        if (!guests) {
            throw Claims.refused("guests are not allowed here (parley.guests.enabled is false)");
        }
    }

    private void requireOrigin(JwtClaims from) {
        try {
            if (issuer.isPresent() && !issuer.get().equals(from.getIssuer())) {
                throw Claims.refused("the token is not by the issuer that is trusted here (claim iss)");
            }
            if (!audience.isEmpty()
                    && (!from.hasAudience() || from.getAudience().stream().noneMatch(audience::contains))) {
                throw Claims.refused("the token is not meant for here (claim aud)");
            }
        } catch (MalformedClaimException e) {
            throw Claims.refused(Claims.MALFORMED);
        }
    }

    /** Makes an identity up for who reads without a token: nothing is signed for it, and it ends with what it was made for. */
    public Identity nobody() {
        return new Identity(guestId(), "Guest " + random.nextInt(1000, 10_000), Set.of(), null, true);
    }

    private String guestId() {
        return "g-" + randomId(ID_LENGTH);
    }

    /**
     * Makes an identity up and signs a token for it.
     *
     * @param name the name shown, or null for one made up
     * @return token and identity
     * @throws ProtocolException ({@code bad_frame}) when the name is blank, has more than 80 characters or a control character
     */
    public Issued guest(String name) {
        String shown = name == null ? "Guest " + random.nextInt(1000, 10_000) : required(name);
        String user = guestId();
        NumericDate now = NumericDate.now();
        NumericDate expires = NumericDate.fromSeconds(now.getValue() + guestsLife.toSeconds());
        JwtClaims says = new JwtClaims();
        says.setSubject(user);
        says.setIssuedAt(now);
        says.setExpirationTime(expires);
        says.setJwtId(randomId(TOKEN_ID_LENGTH));
        says.setStringClaim(Claims.NAME, shown);
        says.setClaim(Claims.GUEST, true);
        return new Issued(sign(says), claims.identity(says));
    }

    /** By hand, as it is short and done for each guest of a storm: jose4j took an eighth of what a new connection costs. To verify is the library's. */
    private String sign(JwtClaims says) {
        String content = GUEST_HEADER + '.' + base64(says.toJson().getBytes(StandardCharsets.UTF_8));
        try {
            Mac mac = Mac.getInstance(GUEST_MAC);
            mac.init(secret.key());
            return content + '.' + base64(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256, which takes any key", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static ProtocolException explain(InvalidJwtException e) {
        if (e.hasExpired()) {
            return new ProtocolException(ErrorCode.TOKEN_EXPIRED, "the token has expired");
        }
        if (e.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
            return Claims.refused("the token is not valid yet");
        }
        if (e.hasErrorCode(ErrorCodes.SIGNATURE_INVALID)) {
            return Claims.refused("the token's signature does not verify");
        }
        if (e.hasErrorCode(ErrorCodes.MALFORMED_CLAIM)) {
            return Claims.refused(Claims.MALFORMED);
        }
        return Claims.refused(
                "the token is no JWT signed by HS256, RS256, ES256 or EdDSA with a key that is known here");
    }

    private static String required(String name) {
        return DisplayName.of(name)
                .orElseThrow(() -> new ProtocolException(
                        ErrorCode.BAD_FRAME,
                        "a name has 1 to " + Names.DISPLAY_MAX + " characters and no control characters"));
    }

    /** Drawn at once: each draw takes half a microsecond and a lock. Of two bytes a letter, none is likelier than another by a thousandth. */
    private String randomId(int length) {
        byte[] drawn = new byte[2 * length];
        random.nextBytes(drawn);
        StringBuilder id = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            int number = (drawn[2 * i] & 0xff) << 8 | drawn[2 * i + 1] & 0xff;
            id.append(ID_LETTERS.charAt(number % ID_LETTERS.length()));
        }
        return id.toString();
    }
}
