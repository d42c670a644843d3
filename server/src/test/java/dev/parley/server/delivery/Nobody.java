package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Membership;

/** Whom a socket or an outlet tells of things in a test that is about something else. */
final class Nobody implements Inbound, MembershipListener {
    @Override
    public void text(byte[] utf8, int offset, int length) {}

    @Override
    public void binary() {}

    @Override
    public void room() {}

    @Override
    public void closed() {}

    @Override
    public void changed(Membership change, String term, Cursor at) {}

    @Override
    public void ended(String channel, Cursor last, String term) {}

    @Override
    public void missed(String channel, Cursor upTo) {}
}
