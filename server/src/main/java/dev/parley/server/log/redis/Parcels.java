package dev.parley.server.log.redis;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Entries of one channel that came ahead of their places, until they have them: a moment later, unless those who had them appended failed in between. So only
 * the newest few are kept. What is gone when its place is rung is read from the log instead. Belongs to a {@link Bell}; the link's loop.
 */
final class Parcels {

    /** More than instances that append to one channel in the same moment; it bounds what is left behind by those who fail. */
    static final int MOST = 16;

    private final ArrayDeque<Parcel> waiting = new ArrayDeque<>(2);

    /** Entries that are appended together. */
    static final class Parcel {
        private final long tag;
        private final byte[] message;
        private final int[] begins;

        private Parcel(byte[] message) {
            Fields fields = new Fields(message, 1);
            this.message = message;
            this.tag = fields.number();
            this.begins = new int[(int) fields.number() + 1];
            for (int i = 1; i < begins.length; i++) {
                begins[i] = begins[i - 1] + (int) fields.number();
            }
            for (int i = 0; i < begins.length; i++) {
                begins[i] += fields.at();
            }
        }

        int size() {
            return begins.length - 1;
        }

        /** @param number counted from 0 */
        byte[] entry(int number) {
            return Arrays.copyOfRange(message, begins[number], begins[number + 1]);
        }
    }

    /** Keeps what was rung. */
    void put(byte[] message) {
        if (waiting.size() == MOST) {
            waiting.remove();
        }
        waiting.add(new Parcel(message));
    }

    /** The entries with this tag, or null. */
    Parcel get(long tag) {
        for (Parcel parcel : waiting) {
            if (parcel.tag == tag) {
                return parcel;
            }
        }
        return null;
    }

    /** @return whether nothing waits any more */
    boolean remove(long tag) {
        waiting.removeIf(parcel -> parcel.tag == tag);
        return waiting.isEmpty();
    }
}
