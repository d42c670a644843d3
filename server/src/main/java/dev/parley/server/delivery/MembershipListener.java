package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Membership;

/** Hears of changes of a user's memberships as their inbox is written to one of the user's connections, live or in a replay; on its event loop. */
public interface MembershipListener {

    /**
     * An inbox entry that tells of a change was written.
     *
     * @param change what changed
     * @param term which of the user's memberships of that group it is about, or null for an entry that does not say
     * @param at the entry's place in the inbox
     */
    void changed(Membership change, String term, Cursor at);

    /**
     * The last entry that a membership has was written, and the following by it has ended.
     *
     * @param channel the group's
     * @param last the entry's place
     * @param term which of the user's memberships ended
     */
    void ended(String channel, Cursor last, String term);

    /**
     * A gap was written in place of entries, which may have told of changes.
     *
     * @param channel the inbox, or a group that is followed
     * @param upTo the place up to which nothing is known
     */
    void missed(String channel, Cursor upTo);
}
