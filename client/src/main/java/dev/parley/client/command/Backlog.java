package dev.parley.client.command;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame.Since;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Limits;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result.Page;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What had been said before in a channel that is followed from the welcome on, read page by page: joining such a group gives no backlog. Used by commands, on
 * their thread.
 */
final class Backlog {
    private final Hub hub;
    private final Address channel;
    private final Cursor head;

    /**
     * The backlog of a channel that the welcome lists, or null of one that it does not.
     */
    static Backlog of(Hub hub, ServerFrame.Welcome welcome, Address channel) {
        return welcome.channels().stream()
                .filter(followed -> followed.channel().equals(channel.channel()) && followed.head() != null)
                .findFirst()
                .map(followed -> new Backlog(hub, channel, followed.head()))
                .orElse(null);
    }

    /** @param head where the backlog ends and live messages begin */
    private Backlog(Hub hub, Address channel, Cursor head) {
        this.hub = hub;
        this.channel = channel;
        this.head = head;
    }

    /** The messages up to the head, in rising seq; none where nothing is asked for. */
    List<ServerFrame.Message> read(Since since) {
        if (since instanceof Since.After after) {
            if (after.cursor().epoch().equals(head.epoch())) {
                return after(after.cursor().seq());
            }
            Terminal.note("messages missed in " + channel.channel() + ": its log was begun anew");
            return after(0);
        }
        return since instanceof Since.Last last ? last(last.entries()) : List.of();
    }

    private List<ServerFrame.Message> after(long seq) {
        List<ServerFrame.Message> messages = new ArrayList<>();
        long read = seq;
        boolean more = read < head.seq();
        while (more) {
            Page page = hub.await(hub.client().history(channel, null, read, Limits.HISTORY_MAX));
            page.messages().stream()
                    .filter(message -> message.at().seq() <= head.seq())
                    .forEach(messages::add);
            if (!page.messages().isEmpty()) {
                read = page.messages().get(page.messages().size() - 1).at().seq();
            }
            more = page.more() && read < head.seq();
        }
        return messages;
    }

    private List<ServerFrame.Message> last(long count) {
        List<ServerFrame.Message> newestFirst = new ArrayList<>();
        long before = head.seq() + 1;
        boolean more = count > 0;
        while (more) {
            int limit = (int) Math.min(Limits.HISTORY_MAX, count - newestFirst.size());
            Page page = hub.await(hub.client().history(channel, before, null, limit));
            List<ServerFrame.Message> messages = new ArrayList<>(page.messages());
            Collections.reverse(messages);
            newestFirst.addAll(messages);
            more = page.more() && !messages.isEmpty() && newestFirst.size() < count;
            if (more) {
                before = messages.get(messages.size() - 1).at().seq();
            }
        }
        Collections.reverse(newestFirst);
        return newestFirst;
    }
}
