package dev.parley.server.routing;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Message;
import dev.parley.protocol.ServerFrame.Result.Page;
import dev.parley.protocol.json.FrameReader;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.delivery.Stored;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.limit.Limit;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Entry;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads pages of what channels keep, as the viewer may see it. Called by the gateway and the HTTP API, which check who may; on any thread. */
@Singleton
public final class Histories {
    private static final int CHUNK = 128;

    /** With so much in it a page ends: a page waits as a whole for its reader, and 200 of the largest messages would be 13 MB. */
    private static final int PAGE_BYTES = 256 * 1024;

    private final ChannelLog log;
    private final int most;
    private final Exceeded exceeded;
    private final FrameReader reader = new FrameReader(Integer.MAX_VALUE);

    Histories(ChannelLog log, Exceeded exceeded, ParleyConfig config) {
        this.log = log;
        this.exceeded = exceeded;
        this.most = config.limits().historyPage();
    }

    /**
     * Reads a page.
     *
     * @param channel a channel that keeps messages
     * @param before only entries with a smaller seq, or null
     * @param after only entries with a greater seq, or null; with both, the oldest of those between
     * @param limit most entries, 1 to 200, and no more than {@code limits.history-page} are given; counts those that the viewer may see. A page has fewer where they are large
     * @param viewer for whom
     * @return the page: with {@code after} the oldest entries, otherwise the newest; {@code more} tells of the other side
     */
    public CompletionStage<Page> page(Address channel, Long before, Long after, int limit, Viewer viewer) {
        long from = after == null ? 1 : after + 1;
        long to = before == null ? Long.MAX_VALUE : before - 1;
        if (limit > most) {
            exceeded.count(Limit.HISTORY_PAGE);
        }
        Search search = new Search(channel.channel(), after == null, Math.min(limit, most), viewer);
        return search.read(from, to);
    }

    /** One page in the making: reads chunks until enough visible entries and one more are found, or the log has no more. */
    private final class Search {
        private final String channel;
        private final boolean newestFirst;
        private final int limit;
        private final Viewer viewer;
        private final Deque<Message> found = new ArrayDeque<>();
        private int bytes;

        Search(String channel, boolean newestFirst, int limit, Viewer viewer) {
            this.channel = channel;
            this.newestFirst = newestFirst;
            this.limit = limit;
            this.viewer = viewer;
        }

        CompletionStage<Page> read(long from, long to) {
            if (from > to) {
                return CompletableFuture.completedStage(page(false));
            }
            return log.read(new Range(channel, from, to, CHUNK, newestFirst))
                    .thenCompose(slice -> take(slice, from, to));
        }

        private CompletionStage<Page> take(Slice slice, long from, long to) {
            List<Entry> entries = slice.entries();
            for (int i = 0; i < entries.size(); i++) {
                Entry entry = entries.get(newestFirst ? entries.size() - 1 - i : i);
                if (!Stored.headerOf(entry.bytes()).mayGet(viewer.connection(), viewer.user())) {
                    continue;
                }
                if (found.size() == limit || bytes >= PAGE_BYTES) {
                    return CompletableFuture.completedStage(page(true));
                }
                add(message(slice.head().epoch(), entry));
                bytes += entry.bytes().length;
            }
            if (!slice.more()) {
                return CompletableFuture.completedStage(page(false));
            }
            return newestFirst
                    ? read(from, entries.get(0).seq() - 1)
                    : read(entries.get(entries.size() - 1).seq() + 1, to);
        }

        private void add(Message message) {
            if (newestFirst) {
                found.addFirst(message);
            } else {
                found.addLast(message);
            }
        }

        private Message message(String epoch, Entry entry) {
            byte[] bytes = entry.bytes();
            int at = Stored.envelopeAt(bytes);
            return new Message(
                    channel, new Cursor(epoch, entry.seq()), reader.readEnvelope(bytes, at, bytes.length - at));
        }

        private Page page(boolean more) {
            return new Page(List.copyOf(found), more);
        }
    }
}
