package dev.parley.server.delivery;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * What a live channel heard and has not taken yet, bounded in bytes: here, and in all channels together. Rings come on any thread; all else is the home loop's.
 *
 * <p>The rings themselves are the links: a queue of the library's keeps a node and an array for each channel that is silent, and nearly all of them are.
 */
final class Rings {
    /** Bytes; what is more is dropped, and read from the log instead. */
    private static final int WAITING_MAX = 1 << 20;

    private static final AtomicIntegerFieldUpdater<Rings> WAITING =
            AtomicIntegerFieldUpdater.newUpdater(Rings.class, "waiting");
    private static final AtomicReferenceFieldUpdater<Rings, Ring> NEWEST =
            AtomicReferenceFieldUpdater.newUpdater(Rings.class, Ring.class, "newest");

    private final Ration ration;
    private volatile int waiting;

    /** What came since the home loop looked: each leads to the one before it. */
    private volatile Ring newest;

    /** What it found then, in the order in which it came. */
    private Ring found;

    /** What was held until the log is read, in order. */
    private Ring held;

    private Ring heldLast;

    Rings(Ration ration) {
        this.ration = ration;
    }

    /** Takes a ring if there is room for it. Any thread. */
    boolean offer(Ring ring) {
        if (!reserve(ring)) {
            return false;
        }
        Ring before;
        do {
            before = newest;
            ring.next = before;
        } while (!NEWEST.compareAndSet(this, before, ring));
        return true;
    }

    /** The next that was held, or null. */
    Ring nextHeld() {
        Ring first = held;
        if (first == null) {
            return null;
        }
        held = first.next;
        if (held == null) {
            heldLast = null;
        }
        return taken(first);
    }

    /** The next that was heard, or null. */
    Ring nextHeard() {
        if (found == null) {
            Ring last = NEWEST.getAndSet(this, null);
            while (last != null) {
                Ring before = last.next;
                last.next = found;
                found = last;
                last = before;
            }
        }
        Ring first = found;
        if (first == null) {
            return null;
        }
        found = first.next;
        return taken(first);
    }

    /** Holds one that was taken, behind the others that are held, if there is room for it. */
    boolean hold(Ring ring) {
        if (!reserve(ring)) {
            return false;
        }
        if (held == null) {
            held = ring;
        } else {
            heldLast.next = ring;
        }
        heldLast = ring;
        return true;
    }

    void forgetHeld() {
        while (nextHeld() != null) {
            // It counts no more.
        }
    }

    private Ring taken(Ring ring) {
        ring.next = null;
        WAITING.addAndGet(this, -ring.size());
        ration.give(ring.size());
        return ring;
    }

    private boolean reserve(Ring ring) {
        int size = ring.size();
        if (WAITING.addAndGet(this, size) <= WAITING_MAX && ration.take(size)) {
            return true;
        }
        WAITING.addAndGet(this, -size);
        return false;
    }
}
