package dev.parley.server.proof;

import java.util.Arrays;

/** Times in nanoseconds that were measured, all of them. For one thread. */
final class Latencies {
    private long[] nanos = new long[1024];
    private int size;

    void add(long time) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = time;
    }

    int size() {
        return size;
    }

    /** The time that this share of all did not pass, in milliseconds. */
    double millis(double share) {
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(size - 1, Math.floor(share * size))] / 1e6;
    }
}
