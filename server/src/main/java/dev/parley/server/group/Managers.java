package dev.parley.server.group;

import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Role;
import dev.parley.server.Failures;
import dev.parley.server.security.Identity;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Changes of a group's members by people: by its owners and moderators, or whom else the namespace's policy allows it. Called by the gateway and the HTTP API, on
 * any thread; nothing blocks.
 *
 * <p>Nobody gives or takes a role above their own, so moderators leave owners alone. Who may by a grant or a role in the token counts as an owner. A group that
 * has members keeps an owner.
 */
@Singleton
public final class Managers {
    private final Policies policies;
    private final Groups groups;
    private final Users users;

    Managers(Policies policies, Groups groups, Users users) {
        this.policies = policies;
        this.groups = groups;
        this.users = users;
    }

    /**
     * Makes somebody a member, or changes a member's role.
     *
     * @param by who wants it
     * @param user whose membership
     * @param role the role from now on; null for {@code member}, or to leave a member's role as it is
     * @return done; fails with {@code forbidden} or {@code not_joined} for who may not, {@code unknown_group}, {@code unknown_user}, and with {@code conflict} for
     *     the last owner, a full group, a session group, or who is in too many groups
     */
    public CompletionStage<Void> put(Identity by, Address.Group group, String user, Role role) {
        return groups.requireDurable(group)
                .thenCompose(durable -> policies.authority(by, group))
                .thenCompose(authority -> users.known(user).thenCompose(known -> {
                    if (!known) {
                        throw new ProtocolException(ErrorCode.UNKNOWN_USER, "no such user");
                    }
                    return groups.put(group, user, role, by, authority);
                }));
    }

    /** Whether somebody may change a group's members, and so what is said there; fails where the store is out of reach. */
    public CompletionStage<Boolean> mayManage(Identity who, Address.Group group) {
        return policies.authority(who, group).handle((authority, failure) -> {
            Throwable cause = Failures.causeOf(failure);
            if (cause instanceof ProtocolException refusal && refusal.code() != ErrorCode.UNAVAILABLE) {
                return false;
            }
            if (failure != null) {
                throw new CompletionException(cause);
            }
            return true;
        });
    }

    /**
     * Gives a group another title or topic.
     *
     * @param by who wants it
     * @param title the title from now on, empty for none; null to leave it as it is
     * @param topic likewise
     * @return done; fails as {@link Groups#describe} does, and with {@code forbidden} or {@code not_joined} for who may not
     */
    public CompletionStage<Void> describe(Identity by, Address.Group group, String title, String topic) {
        return groups.requireDurable(group)
                .thenCompose(durable -> policies.authority(by, group))
                .thenCompose(authority -> groups.describe(group, title, topic, by));
    }

    /**
     * Ends somebody's membership; where there is none, nothing happens.
     *
     * @param by who wants it
     * @param user whose membership
     * @return done; fails as {@link #put} does
     */
    public CompletionStage<Void> remove(Identity by, Address.Group group, String user) {
        return groups.requireDurable(group)
                .thenCompose(durable -> policies.authority(by, group))
                .thenCompose(authority -> groups.remove(group, user, by, authority));
    }
}
