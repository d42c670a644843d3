package dev.parley.server.routing;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.Limits;
import dev.parley.protocol.Ref;
import dev.parley.protocol.Sender;
import dev.parley.protocol.ServerFrame.Message;
import dev.parley.protocol.json.FrameReader;
import dev.parley.server.delivery.Stored;
import dev.parley.server.group.Groups;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Entry;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Looks through the newest entries of a durable group, from the end, for what a chat tells of it before it is opened: how much is unread, and what was said
 * last. Called by the gateway, on any thread; nothing blocks.
 *
 * <p>Unread is counted and not kept: what somebody may not get, has said oneself, or was deleted counts for nobody, appends cost nothing more, and the bound of
 * {@link Limits#UNREAD_MAX} keeps the look short.
 */
@Singleton
public final class Digests {

    /** What was said last is looked for among so many entries. */
    private static final int FIRST = 32;

    private static final int CHUNK = 128;

    /** So many entries are looked through at most; among more that do not count nobody misses one that does. */
    private static final int MOST = 1000;

    private final ChannelLog log;
    private final FrameReader reader = new FrameReader(Integer.MAX_VALUE);

    Digests(ChannelLog log) {
        this.log = log;
    }

    /**
     * What there is to tell.
     *
     * @param unread messages of others, up to {@link Limits#UNREAD_MAX}
     * @param mentions those of them that mention the viewer
     * @param last the newest entries, from the newest message on, in rising seq; none where there is none among the newest
     */
    public record Digest(long unread, long mentions, List<Message> last) {

        /** Of who has read everything. */
        public static final Digest READ = new Digest(0, 0, List.of());
    }

    /**
     * Looks through a group.
     *
     * @param upTo the seq up to which the viewer has it: what comes later they count themselves
     * @param read the viewer's read position in the present life of the log, or null
     * @param withLast whether what was said last is wanted, and may be had
     */
    public CompletionStage<Digest> of(Address.Group group, Viewer viewer, long upTo, Long read, boolean withLast) {
        return upTo < 1
                ? CompletableFuture.completedStage(Digest.READ)
                : new Look(group, viewer, read == null ? 0 : read, withLast).from(upTo);
    }

    /** One look, in chunks, the newest first. */
    private final class Look {
        private final String channel;
        private final Viewer viewer;
        private final long read;
        private final Set<Object> deleted = new HashSet<>();
        private final Deque<Message> last = new ArrayDeque<>();
        private boolean counting = true;
        private boolean looking;
        private int looked;
        private long unread;
        private long mentions;

        Look(Address.Group group, Viewer viewer, long read, boolean withLast) {
            this.channel = group.channel();
            this.viewer = viewer;
            this.read = read;
            this.looking = withLast;
        }

        CompletionStage<Digest> from(long to) {
            return log.read(new Range(channel, 1, to, looked == 0 ? FIRST : CHUNK, true))
                    .thenCompose(this::take);
        }

        private CompletionStage<Digest> take(Slice slice) {
            List<Entry> entries = slice.entries();
            for (int i = entries.size() - 1; i >= 0 && (counting || looking); i--) {
                look(slice.head().epoch(), entries.get(i));
            }
            boolean more = slice.more() && looked < MOST && (counting || looking);
            if (more) {
                return from(entries.get(0).seq() - 1);
            }
            if (looking) {
                last.clear();
            }
            return CompletableFuture.completedStage(new Digest(unread, mentions, List.copyOf(last)));
        }

        private void look(String epoch, Entry entry) {
            looked++;
            counting &= entry.seq() > read;
            if (!counting && !looking) {
                return;
            }
            byte[] bytes = entry.bytes();
            int at = Stored.envelopeAt(bytes);
            Envelope envelope = reader.readEnvelope(bytes, at, bytes.length - at);
            counting &= !Groups.tellsOfAddition(envelope, viewer.user());
            if (Stored.headerOf(bytes).mayGet(viewer.connection(), viewer.user())) {
                see(new Message(channel, new Cursor(epoch, entry.seq()), envelope));
            }
            if (looking && looked >= FIRST) {
                looking = false;
                last.clear();
            }
        }

        private void see(Message message) {
            Envelope envelope = message.envelope();
            Ref ref = envelope.ref();
            if (ref != null && ref.kind() == Ref.Kind.DELETE) {
                deleted.add(ref.seq() == null ? ref.messageId() : ref.seq());
            }
            boolean counts = envelope.counts()
                    && !deleted.contains(message.at().seq())
                    && !deleted.contains(envelope.messageId());
            if (looking) {
                last.addFirst(message);
                looking = !counts;
            }
            boolean own = envelope.from() instanceof Sender.Person person
                    && person.user().equals(viewer.user());
            if (counting && counts && !own) {
                unread++;
                mentions += envelope.mentions().contains(viewer.user()) ? 1 : 0;
                counting = unread < Limits.UNREAD_MAX;
            }
        }
    }
}
