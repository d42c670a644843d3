package dev.parley.server.security;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.config.ParleyConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;

/** Makes an identity of the claims of a token whose signature and times were verified. Called by {@link Tokens}, on any thread. */
final class Claims {
    static final String GUEST = "guest";
    static final String NAME = "name";

    /** What is wrong with a claim that counts seconds or names somebody. */
    static final String MALFORMED =
            "one of the token's claims sub, exp, nbf, iat, iss, aud and jti is of the wrong kind";

    private static final String GROUPS = "groups";
    private static final String ROLES = "roles";
    private static final String PATTERN = "pattern";
    private static final String MAY = "may";
    private static final int PATTERN_MAX = 128;
    private static final long SECONDS_MAX = Limits.COUNT_MAX / 1000;

    private final Duration longestLife;

    /** How long a token may live at most, whoever made it. */
    static Duration longestLife(ParleyConfig config) {
        Duration guests = config.guests().lifetime();
        Duration set = config.tokens().longestLife();
        return guests.compareTo(set) > 0 ? guests : set;
    }

    /** @param longestLife how long after it was made a token is good, whatever it says of its end */
    Claims(Duration longestLife) {
        this.longestLife = longestLife;
    }

    /**
     * Reads an identity.
     *
     * @throws ProtocolException ({@code unauthenticated}) with a sentence for a claim that is missing or of the wrong kind
     */
    Identity identity(JwtClaims claims) {
        String user = subject(claims);
        Long issued = time(claims, "iat");
        Long end = time(claims, "exp");
        Long lastly = issued == null ? null : Long.valueOf(issued + longestLife.toMillis());
        Long expires = end == null || lastly != null && lastly < end ? lastly : end;
        Set<String> roles = new HashSet<>();
        Grants grants = groups(claims.getClaimValue(GROUPS), roles);
        roles.addAll(roles(claims.getClaimValue(ROLES)));
        return new Identity(
                user,
                name(claims, user),
                roles,
                grants,
                issued,
                tokenId(claims),
                expires,
                claims.getClaimValue(GUEST) == Boolean.TRUE);
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
            return DisplayName.of(name).orElseThrow(Claims::badName);
        }
        throw badName();
    }

    /** A string is a role, as in MicroProfile JWT, and an object is a grant. */
    private static Grants groups(Object claim, Set<String> roles) {
        if (claim == null) {
            return Grants.UNSAID;
        }
        if (!(claim instanceof Collection<?> groups)) {
            throw refused("the token's claim groups is not a list of roles and grants");
        }
        List<Grants.Grant> grants = new ArrayList<>();
        for (Object each : groups) {
            if (each instanceof String role) {
                roles.add(role);
            } else if (each instanceof Map<?, ?> grant) {
                grants.add(grant(grant));
            } else {
                throw refused("the token's claim groups is not a list of roles and grants");
            }
        }
        return grants.isEmpty() ? Grants.UNSAID : new Grants(grants);
    }

    private static Grants.Grant grant(Map<?, ?> grant) {
        if (!(grant.get(PATTERN) instanceof String pattern) || pattern.isEmpty() || pattern.length() > PATTERN_MAX) {
            throw refused("a grant in the token's claim groups has no pattern of 1 to " + PATTERN_MAX + " characters");
        }
        if (!(grant.get(MAY) instanceof Collection<?> may)) {
            throw refused("a grant in the token's claim groups has no list may");
        }
        Set<Action> actions = EnumSet.noneOf(Action.class);
        for (Object each : may) {
            actions.add(Action.ofWire(String.valueOf(each))
                    .orElseThrow(() -> refused("a grant in the token's claim groups allows something that does not"
                            + " exist: there are join, send, read, presence and manage")));
        }
        return new Grants.Grant(pattern, actions);
    }

    private static Set<String> roles(Object claim) {
        if (claim == null) {
            return Set.of();
        }
        if (claim instanceof Collection<?> roles && roles.stream().allMatch(String.class::isInstance)) {
            Set<String> all = new HashSet<>();
            roles.forEach(role -> all.add((String) role));
            return all;
        }
        throw refused("the token's claim roles is not a list of strings");
    }

    private static String tokenId(JwtClaims claims) {
        try {
            return claims.getJwtId();
        } catch (MalformedClaimException e) {
            throw refused(MALFORMED);
        }
    }

    private static Long time(JwtClaims claims, String claim) {
        NumericDate time;
        try {
            time = claims.getNumericDateClaimValue(claim);
        } catch (MalformedClaimException e) {
            throw refused(MALFORMED);
        }
        if (time == null) {
            return null;
        }
        if (Math.abs(time.getValue()) > SECONDS_MAX) {
            throw refused("the token's claim " + claim + " is beyond what a client can count");
        }
        return time.getValueInMillis();
    }

    static ProtocolException refused(String why) {
        return new ProtocolException(ErrorCode.UNAUTHENTICATED, why);
    }

    private static ProtocolException badName() {
        return refused("the token's claim name is no string of 1 to " + Names.DISPLAY_MAX
                + " characters without control characters");
    }
}
