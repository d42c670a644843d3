package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.delivery.Stored;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Entry;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Looks through the log of an inbox for what it says of memberships. Called on event loops; goes on where the log answers. */
final class InboxScan {
    private static final int CHUNK = 128;

    private final ChannelLog log;
    private final String inbox;
    private final String epoch;
    private final Map<String, Stored> last = new HashMap<>();

    private InboxScan(ChannelLog log, String inbox, String epoch) {
        this.log = log;
        this.inbox = inbox;
        this.epoch = epoch;
    }

    /**
     * Reads from behind a place to the end.
     *
     * @return by channel of the group, the last entry that tells of an addition or a removal; none where the place belongs to another life of the log
     */
    static CompletionStage<Map<String, Stored>> since(ChannelLog log, String inbox, Cursor from) {
        return new InboxScan(log, inbox, from.epoch()).after(from.seq());
    }

    private CompletionStage<Map<String, Stored>> after(long seq) {
        return log.read(Range.after(inbox, seq, CHUNK)).thenCompose(slice -> {
            if (!slice.head().epoch().equals(epoch)) {
                return CompletableFuture.completedStage(Map.of());
            }
            collect(slice);
            List<Entry> entries = slice.entries();
            return slice.more() ? after(entries.get(entries.size() - 1).seq()) : CompletableFuture.completedStage(last);
        });
    }

    private void collect(Slice slice) {
        for (Entry entry : slice.entries()) {
            Stored header = Stored.headerOf(entry.bytes());
            if (header.membership() != null && header.membership().state() != MembershipState.ROLE) {
                last.put(new Address.Group(header.membership().group()).channel(), header);
            }
        }
    }
}
