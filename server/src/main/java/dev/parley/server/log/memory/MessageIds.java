package dev.parley.server.log.memory;

import java.security.SecureRandom;

/**
 * A set of message ids, each with its entry's place and time: an open table of numbers, 32 bytes a slot, since a map of objects was five times as large and
 * kept the collector busy. Guarded by its channel's lock.
 *
 * <p>An id is known by 122 bits of a hash whose keys are this process' secret: that two ids ever meet is out of the question, by chance or by design.
 */
final class MessageIds {
    private static final int SLOT = 4;
    private static final int FIRST_SLOTS = 8;

    private long[] table = new long[FIRST_SLOTS * SLOT];
    private int size;

    /** Where the entry with an id stands, and its time. */
    record Sent(long seq, long time) {}

    /**
     * What an id is known by.
     *
     * @param high never 0, which marks a free slot
     */
    record Id(long high, long low) {
        private static final long PRIME = (1L << 61) - 1;
        private static final int SEPARATOR = 1 << 16;
        private static final long KEY_HIGH = key();
        private static final long KEY_LOW = key();

        /** Polynomials over the prime field, for which the chance that two texts meet is at most their length in 2^61, twice independently. */
        static Id of(String sender, String messageId) {
            long high = hash(messageId, times(hash(sender, 1, KEY_HIGH) + SEPARATOR, KEY_HIGH), KEY_HIGH);
            long low = hash(messageId, times(hash(sender, 1, KEY_LOW) + SEPARATOR, KEY_LOW), KEY_LOW);
            return new Id(high | 1L << 62, low);
        }

        private static long hash(String text, long start, long key) {
            long hash = start;
            for (int i = 0; i < text.length(); i++) {
                hash = times(hash + text.charAt(i), key);
            }
            return hash;
        }

        /** The product modulo the prime, up to 2^61: from the 128-bit product, what is over 61 bits is added to the rest. */
        private static long times(long a, long b) {
            long low = a * b;
            long high = Math.multiplyHigh(a, b);
            long folded = (low & PRIME) + (low >>> 61 | high << 3);
            return (folded & PRIME) + (folded >>> 61);
        }

        private static long key() {
            return new SecureRandom().nextLong(1L << 32, PRIME);
        }
    }

    /** What stands under an id, or null. */
    Sent find(Id id) {
        int at = slot(table, id.high, id.low);
        return table[at] == 0 ? null : new Sent(table[at + 2], table[at + 3]);
    }

    /** Adds an id that is not in the set. */
    void add(Id id, long seq, long time) {
        if (3 * ++size > 2 * (table.length / SLOT)) {
            grow();
        }
        put(table, id.high, id.low, seq, time);
    }

    int size() {
        return size;
    }

    /** Bytes of memory held. */
    long bytes() {
        return 8L * table.length;
    }

    private void grow() {
        long[] larger = new long[2 * table.length];
        for (int at = 0; at < table.length; at += SLOT) {
            if (table[at] != 0) {
                put(larger, table[at], table[at + 1], table[at + 2], table[at + 3]);
            }
        }
        table = larger;
    }

    private static void put(long[] table, long high, long low, long seq, long time) {
        int at = slot(table, high, low);
        table[at] = high;
        table[at + 1] = low;
        table[at + 2] = seq;
        table[at + 3] = time;
    }

    /** The slot of an id, or the free one where it belongs. A third of the slots is free, so there is one, and it is near. */
    private static int slot(long[] table, long high, long low) {
        int mask = table.length - 1 & -SLOT;
        int at = (int) (low ^ low >>> 32) * SLOT & mask;
        while (table[at] != 0 && (table[at] != high || table[at + 1] != low)) {
            at = at + SLOT & mask;
        }
        return at;
    }
}
