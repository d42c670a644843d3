package dev.parley.server.security;

import dev.parley.protocol.Address;
import jakarta.inject.Singleton;

/** What tokens say about groups. Asked by {@code group.Policies}, on any thread; does no I/O. */
@Singleton
public final class Access {

    /** What somebody's token says about an action in a group. */
    public Verdict judge(Identity who, Action action, Address.Group group) {
        return Verdict.UNSAID;
    }
}
