package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame.Join;
import dev.parley.protocol.ClientFrame.Since;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.Result;
import dev.parley.server.delivery.Follow;
import dev.parley.server.delivery.Outlet;
import dev.parley.server.group.Description;
import dev.parley.server.group.Groups;
import dev.parley.server.limit.Limit;
import dev.parley.server.security.Action;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One {@code join}: becomes a member where the namespace is durable, follows the group's channel and finds the place to go on from; then, in one turn of the
 * loop, acknowledges and starts. Runs on the connection's event loop.
 */
final class Joining {
    private final Session session;
    private final Gateway gateway;
    private final Outlet outlet;
    private final Join join;
    private final Address.Group group;
    private Groups.Joined membership;
    private Description description = Description.NONE;
    private Follow follow;
    private Cursor from;
    private boolean over;

    Joining(Session session, Join join) {
        this.session = session;
        this.gateway = session.gateway;
        this.outlet = session.outlet();
        this.join = join;
        this.group = join.group();
    }

    void begin() {
        CompletableFuture<Void> turn = new CompletableFuture<>();
        session.memberships().turns().take(group, () -> turn.complete(null));
        session.onLoop(session.inTime(turn.thenCompose(mine -> prepare())), (ready, failure) -> {
            over = true;
            if (failure == null) {
                start();
            } else {
                outlet.abandon(group.channel());
                session.refuse(join.id(), failure);
            }
            turn.thenRun(() -> session.memberships().turns().done(group));
            session.done();
        });
    }

    private CompletionStage<Void> prepare() {
        if (over) {
            return Stages.givenUp();
        }
        if (!session.joined().contains(group) && session.joined().size() >= gateway.limits.groups()) {
            gateway.exceeded.count(Limit.GROUPS);
            return CompletableFuture.failedStage(new ProtocolException(
                    ErrorCode.CONFLICT, "no more than " + gateway.limits.groups() + " groups on one connection"));
        }
        gateway.namespaces.requireName(group);
        return permitted()
                .thenCompose(may -> member())
                .thenComposeAsync(member -> attach(), session.socket.loop())
                .thenCompose(attached -> {
                    follow = attached;
                    return follow.isStarted() ? CompletableFuture.<Cursor>completedStage(null) : position();
                })
                .thenAccept(position -> from = position);
    }

    /** Follows the channel, once a following by an earlier membership has come to its end. */
    private CompletionStage<Follow> attach() {
        if (over) {
            return Stages.givenUp();
        }
        Follow known = outlet.following(group.channel());
        if (known == null || !known.isStarted() || Objects.equals(known.term(), term())) {
            return outlet.follow(group.channel());
        }
        CompletableFuture<Void> ended = new CompletableFuture<>();
        session.memberships().outlive(known, membership.at(), term(), () -> ended.complete(null));
        return ended.thenCompose(end -> attach());
    }

    private String term() {
        return membership == null ? null : membership.term();
    }

    /** Of a durable group its members decide, see {@link #member}. */
    private CompletionStage<Void> permitted() {
        boolean settled = session.joined().contains(group) || gateway.namespaces.isDurable(group);
        return settled
                ? CompletableFuture.completedStage(null)
                : gateway.policies.require(session.identity(), Action.JOIN, group);
    }

    private CompletionStage<Void> member() {
        if (!gateway.namespaces.isDurable(group)) {
            return CompletableFuture.completedStage(null);
        }
        return gateway.groups
                .join(session.identity(), group)
                .thenCombine(gateway.groups.about(group), (joined, about) -> {
                    membership = joined;
                    description = about.description();
                    return null;
                });
    }

    /** Where the connection goes on; null for where the channel stands when the ack is written. */
    private CompletionStage<Cursor> position() {
        if (join.since() instanceof Since.After after) {
            return outlet.canResume(follow, after.cursor()).thenApply(recovered -> after.cursor());
        }
        if (join.since() instanceof Since.Last last) {
            return outlet.before(follow, last.entries());
        }
        return membership == null ? CompletableFuture.completedStage(null) : outlet.reaches(follow, membership.at());
    }

    private void start() {
        if (session.state() != Session.State.OPEN) {
            follow.end();
            return;
        }
        boolean wasFollowed = follow.isStarted();
        Cursor head = follow.head();
        Cursor start = startAt(head);
        Cursor at = wasFollowed || join.since() != null ? head : start;
        Role role = membership == null ? null : membership.role();
        Long members = membership == null ? null : membership.members();
        session.answer(
                join.id(),
                new Result.Joined(group.name(), at, role, members, description.title(), description.topic()));
        if (!wasFollowed) {
            follow.start(start, term());
        }
        session.enter(group, role);
    }

    private Cursor startAt(Cursor head) {
        if (from == null || !(join.since() instanceof Since.Last last)) {
            return from == null ? head : from;
        }
        // What came while the place was looked for counts among the last entries as well.
        boolean sameLog = from.epoch().equals(head.epoch());
        return sameLog ? new Cursor(head.epoch(), Math.max(from.seq(), head.seq() - last.entries())) : head;
    }
}
