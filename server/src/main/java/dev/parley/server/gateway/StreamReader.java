package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.group.Groups.Standing;
import dev.parley.server.group.Policies;
import dev.parley.server.security.Action;
import dev.parley.server.security.Identity;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who reads a stream. Immutable.
 *
 * @param identity the person; of a service a made up one with an id that no user can have
 * @param kind what it was known by
 */
record StreamReader(Identity identity, Kind kind) {

    private static final String NO_USER = "";

    /** What a reader was known by. */
    enum Kind {
        /** A token of their own. */
        PERSON,
        /** Nothing, where guests are let in: a guest for as long as the stream lasts. */
        VISITOR,
        /** Nothing, elsewhere: may read only what is open to those who have no identity. */
        STRANGER,
        /** A service key, or a token with the role {@code admin}: may read everything. */
        SERVICE
    }

    /** The bearer of a service key. */
    static StreamReader service(String name) {
        return new StreamReader(new Identity(NO_USER, name, Set.of(), null, false), Kind.SERVICE);
    }

    /** The bearer of a token. */
    static StreamReader of(Identity identity) {
        return new StreamReader(identity, identity.admin() ? Kind.SERVICE : Kind.PERSON);
    }

    boolean isPerson() {
        return kind == Kind.PERSON;
    }

    /**
     * Whether they may read a channel: a group by being a member or by what would let them join it, or else by what lets others read it.
     *
     * @param standing how they stand to a durable group, else null
     * @return done, or fails with the code that says why not
     */
    CompletionStage<Void> require(Policies policies, Address channel, Standing standing) {
        if (kind == Kind.SERVICE) {
            return standing == null || standing.exists()
                    ? Policies.PERMITTED
                    : refuse(ErrorCode.UNKNOWN_GROUP, "no such group");
        }
        boolean known = kind != Kind.STRANGER;
        if (channel instanceof Address.Group group) {
            boolean member = standing == null || standing.role() != null;
            return known && member && policies.mayFollow(identity, group)
                    ? Policies.PERMITTED
                    : policies.require(known ? identity : null, Action.READ, group);
        }
        if (!known) {
            return refuse(ErrorCode.UNAUTHENTICATED, "a token is required here");
        }
        return channel instanceof Address.User user && !user.id().equals(identity.user())
                ? refuse(ErrorCode.FORBIDDEN, "only its user may read that")
                : Policies.PERMITTED;
    }

    private static <T> CompletionStage<T> refuse(ErrorCode code, String detail) {
        return CompletableFuture.failedStage(new ProtocolException(code, detail));
    }
}
