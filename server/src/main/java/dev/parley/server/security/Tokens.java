package dev.parley.server.security;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.config.ParleyConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;

/**
 * Verifies the tokens of people and makes those of guests. Called by the gateway and the HTTP API, on any thread; an HMAC over at most 8 KiB takes
 * microseconds, so nothing here blocks an event loop.
 *
 * <p>Taken is any JWT signed by HS256 with {@code parley.guests.secret}: a guest's own, or one that a backend made with the same secret. Its claims:
 * {@code sub} (the user's id), {@code name} (shown; the id where absent), {@code groups} (roles), {@code exp}, {@code nbf}.
 */
@ApplicationScoped
public class Tokens {

    /** How far the clocks of whoever signs and of this instance may differ. */
    static final int CLOCK_SKEW_SECONDS = 5;

    private static final String ALGORITHM = AlgorithmIdentifiers.HMAC_SHA256;
    private static final String GUEST = "guest";
    private static final String NAME = "name";
    private static final String ROLES = "groups";
    private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LENGTH = 10;
    private static final long EXPIRES_MAX_SECONDS = Limits.COUNT_MAX / 1000;
    private static final String MALFORMED = "one of the token's claims sub, exp, nbf and iat is of the wrong kind";

    private final GuestSecret secret;
    private final Duration lifetime;
    private final JwtConsumer consumer;
    private final SecureRandom random = new SecureRandom();

    Tokens(GuestSecret secret, ParleyConfig config) {
        this.secret = secret;
        this.lifetime = config.guests().lifetime();
        this.consumer = new JwtConsumerBuilder()
                .setVerificationKey(secret.key())
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, ALGORITHM))
                .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
                .setSkipDefaultAudienceValidation()
                .build();
    }

    /**
     * Says who a token's bearer is.
     *
     * @param jwt as it came from the client
     * @return the identity; fails with {@link ProtocolException} {@code unauthenticated} or, for one that was good once, {@code token_expired}
     */
    public CompletionStage<Identity> verify(String jwt) {
        try {
            if (jwt.length() > Limits.TOKEN_MAX) {
                throw refused("the token has more than " + Limits.TOKEN_MAX + " characters");
            }
            return CompletableFuture.completedStage(identity(consumer.processToClaims(jwt)));
        } catch (InvalidJwtException e) {
            return CompletableFuture.failedStage(explain(e));
        } catch (ProtocolException e) {
            return CompletableFuture.failedStage(e);
        }
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
        String user = "g-" + randomId();
        NumericDate now = NumericDate.now();
        NumericDate expires = NumericDate.fromSeconds(now.getValue() + lifetime.toSeconds());
        JwtClaims claims = new JwtClaims();
        claims.setSubject(user);
        claims.setIssuedAt(now);
        claims.setExpirationTime(expires);
        claims.setStringClaim(NAME, shown);
        claims.setClaim(GUEST, true);
        return new Issued(sign(claims), new Identity(user, shown, Set.of(), expires.getValueInMillis(), true));
    }

    private String sign(JwtClaims claims) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(ALGORITHM);
        signature.setKey(secret.key());
        signature.setPayload(claims.toJson());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("HS256 with a checked key must work", e);
        }
    }

    private static Identity identity(JwtClaims claims) {
        String user = subject(claims);
        return new Identity(
                user, name(claims, user), roles(claims), expires(claims), claims.getClaimValue(GUEST) == Boolean.TRUE);
    }

    private static String subject(JwtClaims claims) {
        if (claims.getClaimValue("sub") instanceof String user && Names.isUser(user)) {
            return user;
        }
        throw refused("the token's claim sub is no user id: 1 to " + Names.USER_MAX + " of A-Z a-z 0-9 . _ : @ -");
    }

    private static String name(JwtClaims claims, String user) {
        if (!claims.hasClaim(NAME)) {
            return user;
        }
        if (claims.getClaimValue(NAME) instanceof String name) {
            return DisplayName.of(name).orElseThrow(Tokens::badName);
        }
        throw badName();
    }

    private static Set<String> roles(JwtClaims claims) {
        try {
            List<String> roles = claims.getStringListClaimValue(ROLES);
            return roles == null ? Set.of() : Set.copyOf(roles);
        } catch (MalformedClaimException | NullPointerException e) {
            throw refused("the token's claim groups is not a list of strings");
        }
    }

    private static Long expires(JwtClaims claims) {
        try {
            NumericDate expires = claims.getExpirationTime();
            if (expires == null) {
                return null;
            }
            if (expires.getValue() > EXPIRES_MAX_SECONDS) {
                throw refused("the token's claim exp is beyond all times");
            }
            return expires.getValueInMillis();
        } catch (MalformedClaimException e) {
            throw refused(MALFORMED);
        }
    }

    private static ProtocolException explain(InvalidJwtException e) {
        if (e.hasExpired()) {
            return new ProtocolException(ErrorCode.TOKEN_EXPIRED, "the token has expired");
        }
        if (e.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
            return refused("the token is not valid yet");
        }
        if (e.hasErrorCode(ErrorCodes.SIGNATURE_INVALID)) {
            return refused("the token's signature does not verify");
        }
        if (e.hasErrorCode(ErrorCodes.MALFORMED_CLAIM)) {
            return refused(MALFORMED);
        }
        return refused("the token is no JWT signed by " + ALGORITHM);
    }

    private static String required(String name) {
        return DisplayName.of(name)
                .orElseThrow(() -> new ProtocolException(
                        ErrorCode.BAD_FRAME,
                        "a name has 1 to " + Names.DISPLAY_MAX + " characters and no control characters"));
    }

    private static ProtocolException badName() {
        return refused("the token's claim name is no string of 1 to " + Names.DISPLAY_MAX
                + " characters without control characters");
    }

    private static ProtocolException refused(String why) {
        return new ProtocolException(ErrorCode.UNAUTHENTICATED, why);
    }

    private String randomId() {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
        }
        return id.toString();
    }
}
