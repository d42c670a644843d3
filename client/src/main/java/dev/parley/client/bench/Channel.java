package dev.parley.client.bench;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Where messages are sent: who sends, and how many receive each one. Made before a load begins; the counters may be used by any thread. */
public final class Channel {
    private final int index;
    private final List<Member> senders;
    private final int receivers;
    private final long last;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong arrived = new AtomicLong();

    /**
     * A channel.
     *
     * @param index which, from 0 on
     * @param senders those that send to it in turn, at least one
     * @param receivers how many deliveries each message makes
     */
    public Channel(int index, List<Member> senders, int receivers) {
        this(index, senders, receivers, Long.MAX_VALUE);
    }

    /** One to which no more than {@code last} messages are sent. */
    Channel(int index, List<Member> senders, int receivers, long last) {
        this.last = last;
        this.index = index;
        this.senders = List.copyOf(senders);
        this.receivers = receivers;
    }

    /** Which, from 0 on. */
    public int index() {
        return index;
    }

    /** Deliveries of each message. */
    int receivers() {
        return receivers;
    }

    long sent() {
        return sent.get();
    }

    /** Deliveries so far; those of messages that were refused, and thus come to nobody, are in it. */
    long arrived() {
        return arrived.get();
    }

    void arrived(long deliveries) {
        arrived.addAndGet(deliveries);
    }

    /** Deliveries that are still to come. */
    long underWay() {
        return sent.get() * receivers - arrived.get();
    }

    /** Whether all that may be sent was sent and has arrived. */
    boolean isDone() {
        return sent.get() >= last && underWay() <= 0;
    }

    /** Takes the next message to be sent, if fewer than {@code most} are under way; its number, from 1 on, or 0. */
    long take(int most) {
        while (true) {
            long before = sent.get();
            if (before >= last || before - arrived.get() / receivers >= most) {
                return 0;
            }
            if (sent.compareAndSet(before, before + 1)) {
                return before + 1;
            }
        }
    }

    Member sender(long number) {
        return senders.get((int) ((number - 1) % senders.size()));
    }
}
