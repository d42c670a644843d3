package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.CloseReason;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Membership;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.delivery.Follow;
import dev.parley.server.delivery.MembershipListener;
import java.util.Objects;

/**
 * Ends a stream with the membership by which it follows a group, after the last entry that the member may have. Its reader comes back and is judged anew. Runs on the
 * connection's event loop.
 */
final class StreamMemberships implements MembershipListener {
    private static final int RETRY_MILLIS = 1000;

    private final Session session;

    StreamMemberships(Session session) {
        this.session = session;
    }

    /** The group's own log tells of the end, and a stream follows nothing that it was not asked for. */
    @Override
    public void changed(Membership change, String term, Cursor at) {}

    @Override
    public void ended(String channel, Cursor last, String term) {
        if (Address.ofChannel(channel) instanceof Address.Group group) {
            // Not from within the loop over the channel's followers.
            session.socket.loop().execute(() -> end(group, last));
        }
    }

    /** The entry that ended the membership may be among those that are missing. */
    @Override
    public void missed(String channel, Cursor upTo) {
        if (Address.ofChannel(channel) instanceof Address.Group group) {
            session.socket.loop().execute(() -> look(group));
        }
    }

    private void look(Address.Group group) {
        Follow follow = isOpen() ? session.outlet().following(group.channel()) : null;
        if (follow == null || follow.term() == null) {
            return;
        }
        String user = session.identity().user();
        session.onLoop(session.inTime(session.gateway.groups.standing(user, group)), (standing, failure) -> {
            if (!isOpen()) {
                return;
            }
            if (failure != null) {
                session.socket.later(RETRY_MILLIS, () -> look(group));
            } else if (!Objects.equals(standing.term(), follow.term())) {
                end(group, follow.head());
            }
        });
    }

    private void end(Address.Group group, Cursor last) {
        if (isOpen()) {
            session.write(new Membership(group.name(), MembershipState.REMOVED, null, last));
            session.socket.close(CloseReason.POLICY);
        }
    }

    private boolean isOpen() {
        return session.state() == Session.State.OPEN;
    }
}
