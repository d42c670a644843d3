package dev.parley.client.bench;

import dev.parley.protocol.Cursor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A channel as one member sees it: what its messages begin with, which {@code seq} is next, and where in them the payload was last. All messages of a channel
 * begin with the same bytes, which are compared and not parsed. Belongs to its session.
 */
final class Track {
    /** Of messages that come to a channel without being asked for. */
    static final int UNCOUNTED = -1;

    private static final String SEQ = ",\"seq\":";

    private final String channel;
    private final int index;
    private String epoch;
    private byte[] head;
    private ByteBuffer words;
    private long next;
    private int markFromEnd;
    private int longest;

    Track(String channel, int index, Cursor at) {
        this.channel = channel;
        this.index = index;
        move(at);
    }

    /** The channel's index, or {@link #UNCOUNTED}. */
    int index() {
        return index;
    }

    String channel() {
        return channel;
    }

    Cursor cursor() {
        return new Cursor(epoch, next - 1);
    }

    void move(Cursor at) {
        next = at.seq() + 1;
        if (!at.epoch().equals(epoch)) {
            epoch = at.epoch();
            head = ("{\"type\":\"message\",\"channel\":\"" + channel + "\",\"epoch\":\"" + epoch + "\"" + SEQ)
                    .getBytes(StandardCharsets.UTF_8);
            words = ByteBuffer.wrap(head).order(ByteOrder.nativeOrder());
        }
    }

    /** Where the {@code seq} of a message of this channel begins; −1 if the object at {@code from} is none. */
    int seqAt(ByteBuffer in, int from, int to) {
        int length = head.length;
        if (to - from <= length) {
            return -1;
        }
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            if (in.getLong(from + at) != words.getLong(at)) {
                return -1;
            }
        }
        for (; at < length; at++) {
            if (in.get(from + at) != head[at]) {
                return -1;
            }
        }
        return from + length;
    }

    /**
     * Whether a frame that begins with a message of this channel holds nothing else, found without looking at each byte: it also ends as one does, and is no longer
     * than those that held one; two would not fit.
     */
    boolean fills(ByteBuffer in, int from, int to) {
        return to - from <= longest && Payload.at(in, to - markFromEnd, to);
    }

    /** A frame of so many bytes held one message of this channel and nothing else. */
    void filled(int bytes) {
        longest = Math.max(longest, bytes);
    }

    /** An entry came: how many before it are missing; −1 if it came before, and 0 if all is well. */
    long take(long seq) {
        long missing = seq - next;
        if (missing < 0) {
            return -1;
        }
        next = seq + 1;
        return missing;
    }

    /** The time in the payload of the message that ends at {@code to}; −1 where it has none. */
    long due(ByteBuffer in, int from, int to) {
        int at = to - markFromEnd;
        if (at < from || !Payload.at(in, at, to)) {
            at = Bytes.indexOf(in, from, to, Payload.MARK);
            markFromEnd = to - at;
        }
        return Payload.at(in, at, to) ? Payload.due(in, at) : -1;
    }
}
