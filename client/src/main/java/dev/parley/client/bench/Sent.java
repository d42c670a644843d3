package dev.parley.client.bench;

import java.util.Arrays;

/** What a connection sent and has no answer to yet, by request id: a ring that grows with what is under way. Belongs to its session. */
final class Sent {
    private long first = 1;
    private long next = 1;
    private long[] due = {};
    private int[] channel = {};

    /** Remembers a message and gives it an id, from 1 on. */
    long add(int toChannel, long dueAt) {
        if (next - first == due.length) {
            grow();
        }
        int slot = slot(next);
        due[slot] = dueAt;
        channel[slot] = toChannel;
        return next++;
    }

    /** Whether this id waits for its answer. */
    boolean waits(long id) {
        return id >= first && id < next && due[slot(id)] != Long.MIN_VALUE;
    }

    long due(long id) {
        return due[slot(id)];
    }

    int channel(long id) {
        return channel[slot(id)];
    }

    /** Its answer came. */
    void forget(long id) {
        due[slot(id)] = Long.MIN_VALUE;
        while (first < next && due[slot(first)] == Long.MIN_VALUE) {
            first++;
        }
    }

    private int slot(long id) {
        return (int) (id & (due.length - 1));
    }

    private void grow() {
        int size = Math.max(8, due.length * 2);
        long[] wider = new long[size];
        int[] widerChannel = new int[size];
        Arrays.fill(wider, Long.MIN_VALUE);
        for (long id = first; id < next; id++) {
            wider[(int) (id & (size - 1))] = due[slot(id)];
            widerChannel[(int) (id & (size - 1))] = channel[slot(id)];
        }
        due = wider;
        channel = widerChannel;
    }
}
