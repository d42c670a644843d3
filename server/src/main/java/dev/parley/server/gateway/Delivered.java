package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Receipt;
import dev.parley.server.delivery.Follow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Notes how much of its direct conversations a connection has for sure, and tells the other of the two: what was written to its socket, once a later frame was
 * heard from it. Runs on the connection's event loop; made with the first direct conversation, so that others have nothing of it.
 */
final class Delivered {

    /** What is heard of several messages is told at once. */
    private static final long PAUSE_MILLIS = 200;

    private final Session session;
    private final Map<Address.Group, Cursor> written = new HashMap<>();
    private final Map<Address.Group, Cursor> heard = new HashMap<>();
    private boolean telling;

    Delivered(Session session) {
        this.session = session;
    }

    /** Watches what is written of a direct conversation from now on. */
    void watch(Address.Group group, Follow follow) {
        follow.onMove(() -> written.put(group, follow.place()));
    }

    /** Something of a direct conversation was written otherwise, up to there. */
    void wrote(Address.Group group, Cursor upTo) {
        written.putIfAbsent(group, upTo);
    }

    /** A frame came: the connection stood when what was written before left it. */
    void heard() {
        if (written.isEmpty()) {
            return;
        }
        heard.putAll(written);
        written.clear();
        if (!telling) {
            telling = true;
            session.socket.later(PAUSE_MILLIS, this::tell);
        }
    }

    private void tell() {
        telling = false;
        Map<Address.Group, Cursor> due = Map.copyOf(heard);
        heard.clear();
        if (session.state() == Session.State.OPEN) {
            due.forEach(this::tell);
        }
    }

    private void tell(Address.Group group, Cursor upTo) {
        Gateway gateway = session.gateway;
        String user = session.identity().user();
        gateway.readPositions.received(group, user, upTo).thenAccept(news -> {
            if (news) {
                gateway.readPositions.of(user, List.of(group)).thenAccept(read -> {
                    long seq = read.getOrDefault(group.channel(), 0L);
                    gateway.receipts.tell(group, new Receipt(group.channel(), user, seq, null, null, upTo.seq()));
                });
            }
        });
    }
}
