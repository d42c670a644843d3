package dev.parley.server.routing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Ref;
import dev.parley.protocol.Sender;
import dev.parley.protocol.ServerFrame.Message;
import dev.parley.protocol.ServerFrame.Result.Page;
import dev.parley.protocol.json.FrameReader;
import dev.parley.server.delivery.Stored;
import dev.parley.server.group.Namespaces;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Entry;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Looks for a text in what a channel keeps, from the end. Called by the gateway and the HTTP API, which check who may; on any thread, nothing blocks.
 *
 * <p>There is no index: a channel keeps some thousand entries, and each call looks at a bounded number of them and says where to go on.
 */
@Singleton
public final class Searches {
    private static final int CHUNK = 128;

    /** So many entries are looked at in one call, and about so many bytes of them. */
    private static final int MOST = 2000;

    private static final int MOST_BYTES = 1 << 20;

    /** With so much in it a page ends, as one of history does. */
    private static final int PAGE_BYTES = 256 * 1024;

    /** Names are not kept: senders could fill the table of all names ever met. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final ChannelLog log;
    private final Predicate<Address> judged;
    private final FrameReader reader = new FrameReader(Integer.MAX_VALUE);

    @Inject
    Searches(ChannelLog log, Namespaces namespaces) {
        this(log, namespaces::isDurable);
    }

    /** @param judged where deletions are only taken from who may delete */
    Searches(ChannelLog log, Predicate<Address> judged) {
        this.log = log;
        this.judged = judged;
    }

    /**
     * Finds the newest messages whose text has another one in it, whatever the case. Reactions, deletions and what was deleted are not found; outside durable groups, where nobody judges deletions, what its own
     * sender deleted.
     *
     * @param channel a channel that keeps messages
     * @param text what to look for
     * @param before only entries with a smaller seq, or null
     * @param limit most messages
     * @param viewer for whom
     * @return in rising seq; with {@code more} there may be more before {@code before}, though perhaps nothing was found so far
     */
    public CompletionStage<Page> find(Address channel, String text, Long before, int limit, Viewer viewer) {
        Search search = new Search(channel.channel(), judged.test(channel), folded(text.strip()), limit, viewer);
        return search.from(before == null ? Long.MAX_VALUE : before - 1);
    }

    /** As letters are compared: composed, and in one case. */
    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    /** The text of a payload: the payload itself where it is a string, else its field {@code text}; null where there is none. */
    static String textOf(RawJson data) {
        try (JsonParser json = JSON.createParser(data.utf8())) {
            JsonToken first = json.nextToken();
            if (first == JsonToken.VALUE_STRING) {
                return json.getText();
            }
            while (first == JsonToken.START_OBJECT && json.nextToken() == JsonToken.FIELD_NAME) {
                boolean meant = json.currentName().equals("text");
                JsonToken value = json.nextToken();
                if (meant && value == JsonToken.VALUE_STRING) {
                    return json.getText();
                }
                json.skipChildren();
            }
            return null;
        } catch (IOException broken) {
            return null; // What the log has was taken as JSON once; if this reader is stricter, it has no text to find.
        }
    }

    /** One search, in chunks, the newest first. */
    private final class Search {
        private final String channel;
        private final boolean judged;
        private final String wanted;
        private final int limit;
        private final Viewer viewer;
        private final Set<Object> deleted = new HashSet<>();
        private final Deque<Message> found = new ArrayDeque<>();
        private int looked;
        private int lookedBytes;
        private int foundBytes;

        Search(String channel, boolean judged, String wanted, int limit, Viewer viewer) {
            this.channel = channel;
            this.judged = judged;
            this.wanted = wanted;
            this.limit = limit;
            this.viewer = viewer;
        }

        CompletionStage<Page> from(long to) {
            if (to < 1) {
                return CompletableFuture.completedStage(new Page(List.copyOf(found), false));
            }
            return log.read(new Range(channel, 1, to, CHUNK, true)).thenCompose(this::take);
        }

        private CompletionStage<Page> take(Slice slice) {
            List<Entry> entries = slice.entries();
            for (int i = entries.size() - 1; i >= 0; i--) {
                Entry entry = entries.get(i);
                look(slice.head().epoch(), entry);
                boolean enough = found.size() == limit || foundBytes >= PAGE_BYTES;
                boolean more = i > 0 || slice.more();
                if (more && (enough || looked >= MOST || lookedBytes >= MOST_BYTES)) {
                    return CompletableFuture.completedStage(new Page(List.copyOf(found), true, entry.seq()));
                }
            }
            return slice.more()
                    ? from(entries.get(0).seq() - 1)
                    : CompletableFuture.completedStage(new Page(List.copyOf(found), false));
        }

        private void look(String epoch, Entry entry) {
            byte[] bytes = entry.bytes();
            looked++;
            lookedBytes += bytes.length;
            if (!Stored.headerOf(bytes).mayGet(viewer.connection(), viewer.user())) {
                return;
            }
            int at = Stored.envelopeAt(bytes);
            Envelope envelope = reader.readEnvelope(bytes, at, bytes.length - at);
            Ref ref = envelope.ref();
            if (ref != null && ref.kind() == Ref.Kind.DELETE) {
                deleted.add(judged ? placeOf(ref) : new Own(ref.messageId(), authorOf(envelope)));
            }
            boolean said = ref == null || ref.kind() == Ref.Kind.REPLY || ref.kind() == Ref.Kind.EDIT;
            String text = said && !isDeleted(entry.seq(), envelope) ? textOf(envelope.data()) : null;
            if (text != null && folded(text).contains(wanted)) {
                found.addFirst(new Message(channel, new Cursor(epoch, entry.seq()), envelope));
                foundBytes += bytes.length;
            }
        }

        /** Of an edit, what it edits. */
        private boolean isDeleted(long seq, Envelope envelope) {
            Ref ref = envelope.ref();
            boolean edit = ref != null && ref.kind() == Ref.Kind.EDIT;
            String messageId = edit ? ref.messageId() : envelope.messageId();
            return judged
                    ? deleted.contains(edit && ref.seq() != null ? ref.seq() : seq) || deleted.contains(messageId)
                    : deleted.contains(new Own(messageId, authorOf(envelope)));
        }

        private static Object placeOf(Ref ref) {
            return ref.seq() == null ? ref.messageId() : ref.seq();
        }

        /** Whoever it is on, be it another connection or under another name. */
        private static Object authorOf(Envelope envelope) {
            return envelope.from() instanceof Sender.Person person ? person.user() : envelope.from();
        }
    }

    /** What somebody may take back without being asked who they are: their own. */
    private record Own(String messageId, Object author) {}
}
