package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Membership;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.delivery.Follow;
import dev.parley.server.delivery.MembershipListener;
import dev.parley.server.delivery.Stored;
import dev.parley.server.log.Entry;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import dev.parley.server.security.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps what one connection follows in step with its user's memberships, which change by entries of the inbox. Runs on the connection's event loop.
 *
 * <p>Entries up to where the inbox stood when the list of groups was read are in that list already and only pass by as messages.
 */
final class Memberships implements MembershipListener {
    private static final int CHUNK = 128;
    private static final int RETRY_MILLIS = 1000;

    private final Session session;
    private final String inbox;
    private final Cursor listedAt;
    private final Set<Address.Group> held = new HashSet<>(2);
    private final List<Membership> deferred = new ArrayList<>(0);

    /** @param inbox the follow of the inbox, which stands now where it stood before the list of groups was read */
    Memberships(Session session, Follow inbox) {
        this.session = session;
        this.inbox = inbox.channel();
        this.listedAt = inbox.head();
    }

    @Override
    public void changed(Membership change, long seq) {
        if (seq <= listedAt.seq()) {
            return;
        }
        Address.Group group = new Address.Group(change.group());
        Follow follow = session.outlet().following(group.channel());
        if (held.contains(group)) {
            deferred.add(change);
        } else if (change.state() == MembershipState.REMOVED && follow != null) {
            // The group's own entry of it is to come first; it may still be under way.
            hold(group);
            session.onLoop(session.inTime(session.outlet().reaches(follow, change.at())), (there, late) -> {
                apply(group, change);
                release(group);
            });
        } else {
            apply(group, change);
        }
    }

    /** Lets what the inbox says of a group wait: because a join is about to say where following starts, or something before it is not done. */
    void hold(Address.Group group) {
        held.add(group);
    }

    /** Goes on with what the inbox said of a group meanwhile. */
    void release(Address.Group group) {
        held.remove(group);
        List<Membership> waited = List.copyOf(deferred);
        deferred.clear();
        waited.forEach(change -> changed(change, Long.MAX_VALUE));
    }

    private void apply(Address.Group group, Membership change) {
        if (session.state() != Session.State.OPEN) {
            return;
        }
        if (change.state() == MembershipState.ROLE) {
            session.write(change);
            return;
        }
        // The entry may be old news by now: what holds is what the group's members say.
        session.onLoop(session.gateway.groups.standing(session.identity().user(), group), (standing, failure) -> {
            if (session.state() != Session.State.OPEN) {
                return;
            }
            boolean member = failure == null ? standing.role() != null : change.state() == MembershipState.ADDED;
            if (change.state() == MembershipState.ADDED && member) {
                begin(group, change);
                return;
            }
            session.write(change);
            if (change.state() == MembershipState.REMOVED && !member) {
                end(group, change.at());
            }
        });
    }

    /** Follows first and tells then: who is told may send at once. */
    private void begin(Address.Group group, Membership change) {
        if (session.state() != Session.State.OPEN) {
            return;
        }
        CompletionStage<Follow> reached = session.outlet()
                .follow(group.channel())
                .thenCompose(
                        follow -> session.outlet().reaches(follow, change.at()).thenApply(there -> follow));
        session.onLoop(reached, (follow, failure) -> {
            if (session.state() != Session.State.OPEN) {
                return;
            }
            if (failure == null) {
                session.write(change);
                start(group, follow, change.at());
            } else {
                session.socket.later(RETRY_MILLIS, () -> begin(group, change));
            }
        });
    }

    /** Starts to follow a group, unless that was done already: by a request of this connection, or because of the entry in the inbox. */
    void start(Address.Group group, Follow follow, Cursor from) {
        if (follow.isStarted()) {
            follow.goOn();
        } else {
            follow.start(from);
        }
        if (session.joined().add(group)) {
            Identity who = session.identity();
            session.gateway.presence.arrived(group, who.user(), who.name(), session.connection);
        }
    }

    private void end(Address.Group group, Cursor at) {
        Follow follow = session.outlet().following(group.channel());
        if (session.joined().remove(group)) {
            session.gateway.presence.left(group, session.identity().user(), session.connection);
        }
        if (follow != null) {
            follow.endAfter(at.seq());
        }
    }

    /**
     * Where the user was added to groups since a place of the inbox, up to now.
     *
     * @param from the place
     * @return by channel, the place of the last entry that says {@code added}
     */
    CompletionStage<Map<String, Cursor>> addedSince(Cursor from) {
        if (!from.epoch().equals(listedAt.epoch())) {
            return CompletableFuture.completedStage(Map.of());
        }
        return scan(from.seq(), new HashMap<>());
    }

    private CompletionStage<Map<String, Cursor>> scan(long after, Map<String, Cursor> added) {
        return session.gateway
                .log
                .read(new Range(inbox, after + 1, Long.MAX_VALUE, CHUNK, false))
                .thenCompose(slice -> {
                    collect(slice, added);
                    return slice.entries().size() < CHUNK
                            ? CompletableFuture.completedStage(added)
                            : scan(slice.entries().get(CHUNK - 1).seq(), added);
                });
    }

    private static void collect(Slice slice, Map<String, Cursor> added) {
        for (Entry entry : slice.entries()) {
            Membership change = Stored.headerOf(entry.bytes()).membership();
            if (change != null && change.state() == MembershipState.ADDED) {
                added.put(new Address.Group(change.group()).channel(), change.at());
            }
        }
    }
}
