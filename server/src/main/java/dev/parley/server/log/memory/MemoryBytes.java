package dev.parley.server.log.memory;

import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes that all channels together hold, and the cap on them. Channels count under their own locks; whoever appended over the cap makes room.
 *
 * <p>Making room looks at all channels once and then frees a {@value #SHARE}th of the cap, the oldest entries first, so what a look costs is spread over
 * the thousands of appends until the next. Only one thread does it; appends of others go on meanwhile.
 */
final class MemoryBytes {
    private static final int SHARE = 32;

    private final long cap;
    private final AtomicLong total = new AtomicLong();
    private final ReentrantLock making = new ReentrantLock();

    private record Aged(long oldest, Channel channel) {}

    MemoryBytes(long cap) {
        this.cap = cap;
    }

    void add(long more) {
        total.addAndGet(more);
    }

    long total() {
        return total.get();
    }

    boolean overCap() {
        return total.get() > cap;
    }

    /** Called without any channel's lock. */
    void makeRoom(Collection<Channel> channels) {
        if (!making.tryLock()) {
            return;
        }
        try {
            PriorityQueue<Aged> byAge = new PriorityQueue<>(Comparator.comparingLong(Aged::oldest));
            channels.forEach(channel -> offer(byAge, channel));
            while (total.get() > cap - cap / SHARE && !byAge.isEmpty()) {
                Channel channel = byAge.poll().channel();
                channel.makeRoom(byAge.isEmpty() ? 0 : byAge.peek().oldest());
                offer(byAge, channel);
            }
        } finally {
            making.unlock();
        }
    }

    private static void offer(PriorityQueue<Aged> byAge, Channel channel) {
        long oldest = channel.oldest();
        if (oldest != Long.MAX_VALUE) {
            byAge.add(new Aged(oldest, channel));
        }
    }
}
