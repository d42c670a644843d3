package dev.parley.server.routing;

import dev.parley.protocol.Address;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Ref;
import dev.parley.protocol.Sender;
import dev.parley.protocol.json.FrameReader;
import dev.parley.server.delivery.Stored;
import dev.parley.server.group.Managers;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Entry;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds the message of a durable group that an edit or a deletion is about, and holds that its sender may: the message's author, or who manages the group. Asked by
 * {@link Router}, on any thread; nothing blocks.
 *
 * <p>Ids belong to their senders, and two may choose the same one, so what was found is said by its place from then on.
 */
@Singleton
final class References {
    private static final int CHUNK = 128;

    /** So many entries are looked through for an id; with its place there is no need to. */
    private static final int MOST = 10_000;

    private final ChannelLog log;
    private final Managers managers;
    private final FrameReader reader = new FrameReader(Integer.MAX_VALUE);

    References(ChannelLog log, Managers managers) {
        this.log = log;
        this.managers = managers;
    }

    /**
     * Finds what a reference is about.
     *
     * @param ref an edit or a deletion
     * @return the reference with its place; fails with {@code unknown_message} where the group keeps no such message, and with {@code forbidden}
     */
    CompletionStage<Ref> resolve(Origin origin, Address.Group group, Ref ref) {
        Look look = new Look(origin, group, ref);
        return ref.seq() == null ? look.from(Long.MAX_VALUE) : look.at(ref.seq());
    }

    private final class Look {
        private final Origin origin;
        private final Address.Group group;
        private final Ref ref;
        private int looked;
        private long others;

        Look(Origin origin, Address.Group group, Ref ref) {
            this.origin = origin;
            this.group = group;
            this.ref = ref;
        }

        CompletionStage<Ref> at(long seq) {
            return log.read(new Range(group.channel(), seq, seq, 1, false)).thenCompose(slice -> {
                Entry entry = slice.entries().isEmpty() ? null : slice.entries().get(0);
                return entry != null && seen(entry) ? found(seq) : end();
            });
        }

        CompletionStage<Ref> from(long to) {
            return log.read(new Range(group.channel(), 1, to, CHUNK, true)).thenCompose(this::take);
        }

        private CompletionStage<Ref> take(Slice slice) {
            List<Entry> entries = slice.entries();
            for (int i = entries.size() - 1; i >= 0; i--) {
                looked++;
                if (seen(entries.get(i))) {
                    return found(entries.get(i).seq());
                }
            }
            return slice.more() && looked < MOST ? from(entries.get(0).seq() - 1) : end();
        }

        /** Whether it is the message, and the sender's own; the newest with this id of somebody else is kept in mind. */
        private boolean seen(Entry entry) {
            byte[] bytes = entry.bytes();
            int at = Stored.envelopeAt(bytes);
            Envelope envelope = reader.readEnvelope(bytes, at, bytes.length - at);
            if (!envelope.messageId().equals(ref.messageId()) || isNotice(envelope)) {
                return false;
            }
            if (origin instanceof Origin.Person person) {
                String user = person.identity().user();
                boolean own = envelope.from() instanceof Sender.Person author
                        && author.user().equals(user);
                boolean gets = Stored.headerOf(bytes).mayGet("", user);
                others = others == 0 && !own && gets ? entry.seq() : others;
                return own;
            }
            return true;
        }

        private static boolean isNotice(Envelope envelope) {
            return envelope.event().equals(Envelope.MEMBERSHIP_EVENT)
                    || envelope.event().equals(Envelope.GROUP_EVENT);
        }

        private CompletionStage<Ref> found(long seq) {
            return CompletableFuture.completedStage(new Ref(ref.messageId(), ref.kind(), seq));
        }

        private CompletionStage<Ref> end() {
            if (others == 0 || !(origin instanceof Origin.Person person)) {
                return CompletableFuture.failedStage(
                        new ProtocolException(ErrorCode.UNKNOWN_MESSAGE, "the group keeps no such message"));
            }
            return managers.mayManage(person.identity(), group).thenCompose(may -> {
                if (!may) {
                    throw new ProtocolException(
                            ErrorCode.FORBIDDEN,
                            "only its author, or who manages the group, may edit or delete a message");
                }
                return found(others);
            });
        }
    }
}
