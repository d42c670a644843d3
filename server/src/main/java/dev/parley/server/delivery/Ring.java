package dev.parley.server.delivery;

/**
 * Something that a live channel heard: an entry, an event, or that rings may have been missed. It is a link of the queue it waits in, and in one at a time:
 * {@link Rings}.
 */
final class Ring {
    private static final int OVERHEAD = 80;

    final String epoch;
    final long seq;
    final long previous;
    final long tag;
    final byte[] bytes;
    Ring next;

    private Ring(String epoch, long seq, long previous, long tag, byte[] bytes) {
        this.epoch = epoch;
        this.seq = seq;
        this.previous = previous;
        this.tag = tag;
        this.bytes = bytes;
    }

    static Ring entry(String epoch, long seq, long previous, long tag, byte[] entry) {
        return new Ring(epoch, seq, previous, tag, entry);
    }

    static Ring event(byte[] event) {
        return new Ring(null, 0, 0, 0, event);
    }

    static Ring interruption() {
        return new Ring(null, 0, 0, 0, null);
    }

    boolean isEntry() {
        return epoch != null;
    }

    boolean isInterruption() {
        return bytes == null;
    }

    /** Bytes it counts for while it waits. */
    int size() {
        return bytes == null ? 0 : OVERHEAD + bytes.length;
    }
}
