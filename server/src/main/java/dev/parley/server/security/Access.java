package dev.parley.server.security;

import dev.parley.protocol.Address;
import jakarta.inject.Singleton;

/**
 * Says what somebody may do in a group, as far as that hangs on who they are. The gateway, routing and the HTTP API ask here, on any thread, before they look at
 * who is in the group; nothing here waits for anything.
 */
@Singleton
public final class Access {
    /** The namespace of conversations of two, who are in the name. */
    private static final String DIRECT = "dm";

    /**
     * Judges one action.
     *
     * @param who whose verified identity
     * @return {@link Verdict#UNSAID} where the group's namespace and membership decide. A direct conversation stays with the two it names, so no grant opens one
     */
    public Verdict judge(Identity who, Action action, Address.Group group) {
        Verdict verdict = who.grants().judge(action, group);
        return verdict == Verdict.GRANTED && group.namespace().equals(DIRECT) ? Verdict.UNSAID : verdict;
    }

    /** Whether somebody who is in a group may have its messages: who may join it may, and who may read it. */
    public boolean mayFollow(Identity who, Address.Group group) {
        return judge(who, Action.JOIN, group) != Verdict.REFUSED || judge(who, Action.READ, group) != Verdict.REFUSED;
    }
}
