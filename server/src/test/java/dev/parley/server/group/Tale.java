package dev.parley.server.group;

import static dev.parley.server.testing.Stages.get;

import dev.parley.protocol.Envelope;
import dev.parley.protocol.Sender;
import dev.parley.protocol.json.FrameReader;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.delivery.Stored;
import dev.parley.server.log.Append;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Entry;
import dev.parley.server.log.Range;
import java.util.List;

/**
 * An entry that tells of a change of membership, as a test finds it in the log.
 *
 * @param seq its place
 * @param header what instances read
 * @param envelope what clients get
 */
record Tale(long seq, Stored header, Envelope envelope) {
    private static final int LIMIT = 1_000;

    /** All entries of a channel, each of which must be such a tale. */
    static List<Tale> in(ChannelLog log, String channel) {
        return get(log.read(Range.after(channel, 0, LIMIT))).entries().stream()
                .map(Tale::of)
                .toList();
    }

    /** The way into a log without the rest of an instance. */
    static MembershipEntries.Publishing into(ChannelLog log) {
        return (to, envelope, who, dedup, retention) -> log.append(new Append(
                to.channel(),
                null,
                dedup,
                envelope.time(),
                5_000,
                retention,
                who.encode(FrameWriter.envelope(envelope))));
    }

    String data() {
        return envelope.data().toString();
    }

    private static Tale of(Entry entry) {
        byte[] bytes = entry.bytes();
        int at = Stored.envelopeAt(bytes);
        Envelope envelope = new FrameReader(64 * 1024).readEnvelope(bytes, at, bytes.length - at);
        if (!envelope.event().equals(Envelope.MEMBERSHIP_EVENT)
                || !envelope.from().equals(new Sender.Service("parley"))) {
            throw new AssertionError("not about membership: " + envelope);
        }
        return new Tale(entry.seq(), Stored.headerOf(bytes), envelope);
    }
}
