package dev.parley.server.delivery;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of heap that many may hold together. Any thread. */
final class Ration {
    private final AtomicLong left;

    /** @param bytes how much there is */
    Ration(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** Whether there was so much left; it is then taken. */
    boolean take(int bytes) {
        if (left.addAndGet(-bytes) >= 0) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    /** How much is left. */
    long left() {
        return left.get();
    }

    void give(int bytes) {
        left.addAndGet(bytes);
    }
}
