package dev.parley.server.log.memory;

import dev.parley.protocol.Cursor;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Doorbell;
import dev.parley.server.log.Entry;
import dev.parley.server.log.Mark;
import dev.parley.server.log.Range;
import dev.parley.server.log.Retention;
import dev.parley.server.log.Slice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * One channel's log in memory: a ring of entries, the ids lately sent, and who listens. Called by {@link MemoryChannelLog} on any thread, which waits for the
 * channel's lock. Doorbells are called under this lock by the appending thread: that is what keeps their order, and why they must be short.
 */
final class Channel {

    /** What an entry costs beside its own bytes: array header and its places in the ring. */
    private static final int OVERHEAD = 40;

    /** Many a channel is followed and never written to: the inboxes of most. */
    private static final byte[][] NO_ENTRIES = {};

    private static final long[] NO_TIMES = {};

    private final MemoryBytes bytes;
    private String epoch;
    private byte[][] ring = NO_ENTRIES;
    private long[] times = NO_TIMES;
    private long first = 1;
    private long next = 1;
    private long tag;
    private long held;
    private Retention retention;
    private long used;
    private List<Recent> recent = List.of();
    private Doorbell[] doorbells = new Doorbell[0];
    private boolean forgotten;

    Channel(MemoryBytes bytes, String epoch, long now) {
        this.bytes = bytes;
        this.epoch = epoch;
        this.used = now;
    }

    /** Appends, or answers null when the channel has been forgotten meanwhile. */
    synchronized Appended append(Append append, long now, Supplier<String> epochs) {
        if (forgotten) {
            return null;
        }
        begin(append.known(), now, epochs);
        retention = append.retention();
        long seq = next;
        Append.Dedup dedup = append.dedup();
        if (dedup != null) {
            MessageIds.Id id = MessageIds.Id.of(dedup.sender(), dedup.messageId());
            Recent ids = recent(dedup.window().toMillis(), now);
            MessageIds.Sent sent = ids.find(id);
            if (sent != null) {
                return new Appended(new Cursor(epoch, sent.seq()), sent.time(), true);
            }
            change(ids, () -> ids.remember(id, seq, append.time()));
        }
        add(append.entry(), now);
        long previous = tag;
        tag = ThreadLocalRandom.current().nextLong() | 1;
        for (Doorbell doorbell : doorbells) {
            doorbell.entry(epoch, seq, previous, tag, append.entry());
        }
        return new Appended(new Cursor(epoch, seq), append.time(), false);
    }

    /** The last place, or null when the channel has been forgotten meanwhile. */
    synchronized Mark head(Cursor known, long now, Supplier<String> epochs) {
        if (forgotten) {
            return null;
        }
        begin(known, now, epochs);
        return new Mark(new Cursor(epoch, next - 1), tag);
    }

    /** A piece, or null when the channel has been forgotten meanwhile. */
    synchronized Slice read(Range range, long now) {
        if (forgotten) {
            return null;
        }
        used = now;
        dropOld(now);
        long from = Math.max(first, range.from());
        long to = Math.min(next - 1, range.to());
        List<Entry> entries = new ArrayList<>();
        int bytes = 0;
        while (from <= to && entries.size() < range.limit() && bytes < ChannelLog.READ_BYTES) {
            long seq = range.newest() ? to-- : from++;
            byte[] entry = ring[at(seq)];
            entries.add(new Entry(seq, 0, entry));
            bytes += entry.length;
        }
        if (range.newest()) {
            Collections.reverse(entries);
        }
        return new Slice(new Cursor(epoch, next - 1), entries, from <= to);
    }

    synchronized void ring(byte[] event) {
        for (Doorbell doorbell : doorbells) {
            doorbell.event(event);
        }
    }

    /** Whether the doorbell hears from now on; false when the channel has been forgotten meanwhile. */
    synchronized boolean follow(Doorbell doorbell) {
        if (forgotten) {
            return false;
        }
        List<Doorbell> all = new ArrayList<>(List.of(doorbells));
        all.add(doorbell);
        doorbells = all.toArray(Doorbell[]::new);
        return true;
    }

    synchronized void leave(Doorbell doorbell, long now) {
        List<Doorbell> rest = new ArrayList<>(List.of(doorbells));
        rest.removeIf(one -> one == doorbell);
        doorbells = rest.toArray(Doorbell[]::new);
        used = now;
    }

    /** When the oldest entry was appended, or the channel last used where it has but ids; {@link Long#MAX_VALUE} where there is nothing to drop. */
    synchronized long oldest() {
        if (first < next) {
            return times[at(first)];
        }
        return recent.isEmpty() ? Long.MAX_VALUE : used;
    }

    /** Drops entries from before that time, but at least one where there is one, and some of the ids remembered: all of them where no entry is left. */
    synchronized void makeRoom(long before) {
        if (forgotten) {
            return; // as a whole, meanwhile
        }
        if (first == next) {
            recent.forEach(ids -> hold(-ids.bytes()));
            recent = List.of();
            return;
        }
        do {
            dropFirst();
        } while (first < next && times[at(first)] < before);
        // Ids and entries share the bytes, so they share the shortage: as many ids as entries may stay, twice over.
        for (Recent ids : recent) {
            if (ids.size() > 2 * (next - first)) {
                change(ids, ids::forgetOlder);
            }
        }
    }

    /**
     * Drops what is over age.
     *
     * @param unused how long a channel lives that was never appended to, in milliseconds
     * @return whether the whole channel was given up, since nobody follows it and its time is over
     */
    synchronized boolean sweep(long now, long unused) {
        dropOld(now);
        recent.forEach(ids -> change(ids, () -> ids.turn(now)));
        long idle = retention == null ? unused : retention.idle().toMillis();
        if (doorbells.length == 0 && now - used > idle) {
            forgotten = true;
            hold(-held);
        }
        return forgotten;
    }

    private void begin(Cursor known, long now, Supplier<String> epochs) {
        used = now;
        if (known != null && known.seq() >= next && known.epoch().equals(epoch)) {
            epoch = epochs.get();
            hold(-held);
            ring = NO_ENTRIES;
            times = NO_TIMES;
            first = 1;
            next = 1;
            tag = 0;
            recent = List.of();
        }
    }

    private Recent recent(long window, long now) {
        for (Recent ids : recent) {
            if (ids.window() == window) {
                change(ids, () -> ids.turn(now));
                return ids;
            }
        }
        Recent ids = new Recent(window, now);
        hold(ids.bytes());
        List<Recent> all = new ArrayList<>(recent);
        all.add(ids);
        recent = List.copyOf(all);
        return ids;
    }

    private void add(byte[] entry, long now) {
        if (next - first == ring.length) {
            grow();
        }
        ring[at(next)] = entry;
        times[at(next)] = now;
        next++;
        hold(entry.length + OVERHEAD);
        while (next - first > retention.entries()) {
            dropFirst();
        }
        dropOld(now);
    }

    private void dropOld(long now) {
        while (first < next && now - times[at(first)] > retention.age().toMillis()) {
            dropFirst();
        }
    }

    private void dropFirst() {
        int at = at(first);
        hold(-(long) (ring[at].length + OVERHEAD));
        ring[at] = null;
        first++;
    }

    private void grow() {
        int length = Math.max(4, 2 * ring.length);
        byte[][] larger = new byte[length][];
        long[] largerTimes = new long[length];
        for (long seq = first; seq < next; seq++) {
            int to = (int) (seq & larger.length - 1);
            larger[to] = ring[at(seq)];
            largerTimes[to] = times[at(seq)];
        }
        ring = larger;
        times = largerTimes;
    }

    /** The ring's length is a power of two, once there is an entry. */
    private int at(long seq) {
        return (int) (seq & ring.length - 1);
    }

    private void change(Recent ids, Runnable change) {
        long before = ids.bytes();
        change.run();
        if (ids.bytes() != before) {
            hold(ids.bytes() - before);
        }
    }

    private void hold(long more) {
        held += more;
        bytes.add(more);
    }
}
