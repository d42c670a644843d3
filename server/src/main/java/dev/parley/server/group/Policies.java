package dev.parley.server.group;

import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Role;
import dev.parley.server.security.Access;
import dev.parley.server.security.Action;
import dev.parley.server.security.Identity;
import dev.parley.server.security.Verdict;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides who may do what in a group: the one place that every entrance asks, sockets, streams and the HTTP API alike. Any thread; nothing blocks.
 *
 * <p>First comes what the token says ({@link Access}): what it refuses is refused, and what it grants is allowed wherever the namespace leaves it to somebody at
 * all. Where it says nothing the namespace's policy decides. The role {@code admin} may everything, except that direct conversations belong to their two.
 */
@Singleton
public final class Policies {
    /** The answer to whoever may, where nothing had to be looked up. */
    public static final CompletionStage<Void> PERMITTED = CompletableFuture.completedStage(null);

    private final Access access;
    private final Namespaces namespaces;
    private final MembershipStore store;

    Policies(Access access, Namespaces namespaces, MembershipStore store) {
        this.access = access;
        this.namespaces = namespaces;
        this.store = store;
    }

    /**
     * Requires that somebody may do something in a group that no connection of theirs is known to be in.
     *
     * @param who an identity, or null for who has none
     * @param action what is about to be done, but for joining a durable group, see {@link Groups#join}
     * @return done; fails with {@code forbidden}, {@code not_joined}, {@code unknown_group}, or {@code unauthenticated} for who has no identity
     */
    public CompletionStage<Void> require(Identity who, Action action, Address.Group group) {
        return require(who, action, group, null);
    }

    /**
     * Requires that somebody may do something in a group.
     *
     * @param place how the connection that asks is in the group, or null where it is not
     * @return as {@link #require(Identity, Action, Address.Group)}; complete when returned where {@code place} is given
     */
    public CompletionStage<Void> require(Identity who, Action action, Address.Group group, Place place) {
        Namespace namespace = place == null ? namespaces.of(group) : place.namespace();
        if (who == null) {
            return anonymous(action, namespace, group);
        }
        Verdict verdict = verdict(who, action, namespace, group);
        Rule rule = namespace.policy().of(action);
        if (verdict == Verdict.GRANTED) {
            return place == null ? existing(namespace, group) : PERMITTED;
        }
        if (place != null && action == Action.READ && isGrantedByJoining(who, rule, group)) {
            return PERMITTED;
        }
        if (verdict == Verdict.REFUSED || !rule.asksMembers()) {
            return forbidden(action, rule, verdict);
        }
        if (place != null) {
            return rule.admits(place.role()) ? PERMITTED : forbidden(action, rule, verdict);
        }
        return namespace.durable() ? member(who, action, rule, group) : notJoined(action, rule);
    }

    /** Whether a connection that is in a group is to be told who else comes and goes there: asked at its start, and again when the token or the role has changed. */
    public boolean maySeePresence(Identity who, Address.Group group, Place place) {
        Verdict verdict = verdict(who, Action.PRESENCE, place.namespace(), group);
        Rule rule = place.namespace().policy().presence();
        return verdict == Verdict.GRANTED
                || verdict == Verdict.UNSAID && rule.asksMembers() && rule.admits(place.role());
    }

    /** Whether somebody may follow a group whose membership, if it is durable, they have: asked at the start, and again when a token or policy has changed. */
    public boolean mayFollow(Identity who, Address.Group group) {
        Namespace namespace = namespaces.of(group);
        if (namespace.durable()) {
            return who.admin() || access.mayFollow(who, group);
        }
        return verdict(who, Action.JOIN, namespace, group) == Verdict.GRANTED;
    }

    /** Who may join a group has its messages, so in it they may look back as well. */
    private boolean isGrantedByJoining(Identity who, Rule rule, Address.Group group) {
        return !rule.nobody() && access.judge(who, Action.JOIN, group) == Verdict.GRANTED;
    }

    /** Whether somebody may become a member by oneself of a durable group that exists. */
    boolean mayJoin(Identity who, Namespace namespace, Address.Group group) {
        return verdict(who, Action.JOIN, namespace, group) == Verdict.GRANTED;
    }

    /** Whether somebody may make a durable group by joining it. */
    boolean mayCreate(Identity who, Namespace namespace, Address.Group group) {
        return decide(
                        who,
                        access.judge(who, Action.JOIN, group),
                        namespace.policy().create())
                == Verdict.GRANTED;
    }

    /** Whether one of its two may open a direct conversation. */
    boolean mayOpen(Identity who, Namespace namespace, Address.Group group, boolean exists) {
        Verdict said = access.judge(who, Action.JOIN, group);
        return said != Verdict.REFUSED
                && (exists || decide(who, said, namespace.policy().create()) == Verdict.GRANTED);
    }

    /**
     * How much somebody may change of a group's members.
     *
     * @return the highest role that may be given or taken; fails as {@link #require} does
     */
    CompletionStage<Role> authority(Identity who, Address.Group group) {
        Namespace namespace = namespaces.of(group);
        Verdict verdict = verdict(who, Action.MANAGE, namespace, group);
        if (verdict == Verdict.GRANTED) {
            return existing(namespace, group).thenApply(there -> Role.OWNER);
        }
        Rule rule = namespace.policy().manage();
        if (verdict == Verdict.REFUSED || !rule.asksMembers()) {
            return Policies.<Role>forbidden(Action.MANAGE, rule, verdict);
        }
        return store.look(group.name(), who.user())
                .thenCompose(roll -> seated(roll, Action.MANAGE, rule)
                        .thenApply(may -> roll.seat().role()));
    }

    /** What token and policy say together, with no regard to who is in the group: {@code UNSAID} leaves it to that. */
    private Verdict verdict(Identity who, Action action, Namespace namespace, Address.Group group) {
        Verdict said = access.judge(who, action, group);
        if (namespace.direct()) {
            return said == Verdict.REFUSED ? said : Verdict.UNSAID;
        }
        return decide(who, said, namespace.policy().of(action));
    }

    private static Verdict decide(Identity who, Verdict said, Rule rule) {
        if (who.admin()) {
            return Verdict.GRANTED;
        }
        if (rule.nobody()) {
            return Verdict.REFUSED;
        }
        return said != Verdict.UNSAID ? said : rule.admits(who) ? Verdict.GRANTED : Verdict.UNSAID;
    }

    private CompletionStage<Void> anonymous(Action action, Namespace namespace, Address.Group group) {
        if (action == Action.READ && namespace.policy().anonymous()) {
            return existing(namespace, group);
        }
        return refuse(ErrorCode.UNAUTHENTICATED, "a token is required here");
    }

    private CompletionStage<Void> existing(Namespace namespace, Address.Group group) {
        if (!namespace.durable()) {
            return PERMITTED;
        }
        return store.look(group.name(), "")
                .thenCompose(roll -> roll.exists() ? PERMITTED : refuse(ErrorCode.UNKNOWN_GROUP, "no such group"));
    }

    private CompletionStage<Void> member(Identity who, Action action, Rule rule, Address.Group group) {
        return store.look(group.name(), who.user()).thenCompose(roll -> seated(roll, action, rule));
    }

    private static CompletionStage<Void> seated(Roll roll, Action action, Rule rule) {
        if (!roll.exists()) {
            return refuse(ErrorCode.UNKNOWN_GROUP, "no such group");
        }
        if (!roll.member()) {
            return refuse(ErrorCode.NOT_JOINED, "not a member of the group");
        }
        return rule.admits(roll.seat().role()) ? PERMITTED : forbidden(action, rule, Verdict.UNSAID);
    }

    private static CompletionStage<Void> notJoined(Action action, Rule rule) {
        String before = switch (action) {
            case SEND -> "sending to it";
            case READ, PRESENCE -> "reading it";
            case JOIN, MANAGE -> "that";
        };
        return rule.admitsMembers()
                ? refuse(ErrorCode.NOT_JOINED, "join the group before " + before)
                : forbidden(action, rule, Verdict.UNSAID);
    }

    private static <T> CompletionStage<T> forbidden(Action action, Rule rule, Verdict verdict) {
        String what = switch (action) {
            case JOIN -> "join this group";
            case SEND -> "send to this group";
            case READ -> "read what this group keeps";
            case PRESENCE -> "see who is on in this group";
            case MANAGE -> "change the members of this group";
        };
        return refuse(
                ErrorCode.FORBIDDEN,
                verdict == Verdict.REFUSED && !rule.nobody()
                        ? "the token does not allow to " + what
                        : "only " + rule.words() + " may " + what);
    }

    static <T> CompletionStage<T> refuse(ErrorCode code, String detail) {
        return CompletableFuture.failedStage(new ProtocolException(code, detail));
    }
}
