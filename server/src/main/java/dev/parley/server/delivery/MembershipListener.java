package dev.parley.server.delivery;

import dev.parley.protocol.ServerFrame.Membership;

/** Hears of changes of a user's memberships as their inbox entries are written to one of the user's connections, live or in a replay; on its event loop. */
@FunctionalInterface
public interface MembershipListener {

    /**
     * An inbox entry that tells of a change was written.
     *
     * @param change what changed
     * @param seq the entry's place in the inbox
     */
    void changed(Membership change, long seq);
}
