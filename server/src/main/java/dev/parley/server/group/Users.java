package dev.parley.server.group;

import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which users are known: who has connected, or is a member somewhere. Called by the gateway and routing on any thread. */
@Singleton
public final class Users {
    private final UserStore store;
    private final MembershipStore memberships;

    Users(UserStore store, MembershipStore memberships) {
        this.store = store;
        this.memberships = memberships;
    }

    /** What is known of a user by their last visit, or null. */
    public CompletionStage<Known> about(String user) {
        return store.about(user);
    }

    /** A user connects, or is gone. */
    public CompletionStage<Void> seen(String user, String name) {
        return store.seen(user, name);
    }

    /** Whether a user has connected (within the last 90 days, for somebody who is a member nowhere) or is a member somewhere. */
    public CompletionStage<Boolean> known(String user) {
        return store.wasSeen(user)
                .thenCompose(seen -> seen
                        ? CompletableFuture.completedStage(true)
                        : memberships.listed(user).thenApply(listed -> !listed.isEmpty()));
    }
}
