package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The newest batches of one channel on one event loop, kept only while a follower there is behind: one that fell behind for a moment is brought up from here and not
 * from the log, whose every answer takes a way to Redis and back, so that under a fast flow and on a busy machine it might never catch up. Runs on that loop.
 */
final class Recent {
    /** Twice what waits for one slow socket by default: who has taken half of that finds the next batch here. */
    private static final int BYTES_MAX = 512 * 1024;

    /** In a channel that is silent for so long nobody is behind for a moment only. */
    private static final int STALE_SECONDS = 5;

    private final Fanout fanout;
    private final ArrayDeque<Batch> batches = new ArrayDeque<>(0);
    private int bytes;
    private boolean watched;
    private boolean used;

    Recent(Fanout fanout) {
        this.fanout = fanout;
    }

    /** Keeps the batch that was just handed over, and lets the oldest ones go that there is no room for. */
    void keep(Batch batch) {
        batch.frames().retain();
        batches.add(batch);
        count(batch.frames().capacity());
        used = true;
        if (!watched) {
            watched = true;
            fanout.wheel.add(this::clearIfStale, STALE_SECONDS);
        }
        while (!batches.isEmpty() && (bytes > BYTES_MAX || fanout.keepsTooMuch())) {
            drop(batches.remove());
        }
    }

    /** Nobody is behind. */
    void clear() {
        while (!batches.isEmpty()) {
            drop(batches.remove());
        }
    }

    /** Says in how many seconds to look again. */
    private int clearIfStale() {
        if (!used) {
            clear();
        }
        used = false;
        watched = !batches.isEmpty();
        return watched ? STALE_SECONDS : 0;
    }

    private void drop(Batch batch) {
        count(-batch.frames().capacity());
        batch.frames().release();
    }

    private void count(int more) {
        bytes += more;
        fanout.keep(more);
    }

    /** The place from which on everything is kept, or null. */
    Cursor begin() {
        Batch first = batches.peek();
        return first == null ? null : first.after();
    }

    /** Writes to a follower what it has room for, if it stands where one of the batches begins. */
    void replayTo(Follow follow) {
        Cursor begin = begin();
        if (begin == null || follow.epoch().equals(begin.epoch()) && follow.seq() < begin.seq()) {
            return;
        }
        for (Iterator<Batch> all = batches.iterator(); all.hasNext() && follow.takesBatches(); ) {
            Batch batch = all.next();
            if (follow.standsAt(batch.after())) {
                follow.deliver(batch);
            }
        }
    }
}
