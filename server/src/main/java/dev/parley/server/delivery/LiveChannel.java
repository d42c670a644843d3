package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Gap;
import dev.parley.protocol.ServerFrame.GapReason;
import dev.parley.server.journal.Journal;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Doorbell;
import dev.parley.server.log.Entry;
import dev.parley.server.log.Following;
import dev.parley.server.log.Mark;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import dev.parley.server.trace.Delivery;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jboss.logging.Logger;

/**
 * One channel while connections of this instance follow it: hears its doorbell, puts entries in order, reads from the log what no doorbell brought, and hands
 * batches to the event loops that have followers.
 *
 * <pre>
 *   starting ── head known ──▶ live ◀──── log read to its end ──── filling
 *                               └── a hole, a new epoch, an audit's finding ──▶
 * </pre>
 *
 * <p>The state belongs to the home loop. Rings come on any thread into a queue, and one task per turn of the home loop takes all of them: on an idle hub that is
 * one entry at once, under load a batch forms by itself.
 */
final class LiveChannel implements Doorbell {
    private static final Logger LOG = Logger.getLogger(LiveChannel.class);

    /** Entries read at once for those who were away: for most that is all they missed, and thousands of them may be in memory at a time. */
    static final int RECALLED = 32;

    private static final int RETRY_MILLIS = 400;
    private static final int AUDIT_PATIENCE_MILLIS = 1000;

    private static final AtomicIntegerFieldUpdater<LiveChannel> SCHEDULED =
            AtomicIntegerFieldUpdater.newUpdater(LiveChannel.class, "scheduled");

    /** Rings taken in one turn of the loop, so that a channel that never falls silent does not keep the loop from all others. */
    private static final int TURN = 1024;

    /** How long those who resume share a read: long enough for a storm, and what an entry of an epoch says never changes. */
    private static final int RECALLED_MILLIS = 2000;

    final String name;
    private final EventLoop home;
    private final LiveChannels channels;

    /** How many event loops have followers; under the lock of the map that it is in. */
    int loops;

    private final Rings rings;
    private volatile int scheduled;

    /** When the first of what the coming turn takes was heard; written by whoever schedules the turn, before it does. */
    private long heardAt;

    private volatile boolean missed;
    private volatile Mark known;
    private volatile long activeAt = System.nanoTime();
    private volatile Recall recall;

    // Below: the home loop's alone.
    private final Handover handover;
    private final BatchBuilder batch;
    private long heard;
    private boolean live;
    private boolean filling;
    private boolean closed;
    private boolean readOn;
    private String epoch;
    private long last;
    private long lastTag;
    private Following following;

    /** The entries from a place on, read a moment ago or under way. */
    private record Recall(long from, long asked, CompletionStage<Slice> slice) {
        boolean serves(long seq) {
            return seq >= from
                    && seq - from < RECALLED / 2
                    && System.nanoTime() - asked < TimeUnit.MILLISECONDS.toNanos(RECALLED_MILLIS);
        }
    }

    LiveChannel(String name, EventLoop home, LiveChannels channels) {
        this.name = name;
        this.home = home;
        this.channels = channels;
        this.rings = new Rings(channels.ration());
        this.handover = new Handover(home);
        this.batch = new BatchBuilder(name, channels.tracing());
    }

    ChannelLog log() {
        return channels.log();
    }

    Counters counters() {
        return channels.counters();
    }

    /**
     * Reads for somebody who was away. After a crash most followers stood near the same place, so one read serves all who come within two seconds. It may begin
     * before {@code from} or have begun before the call: whoever does not find there what they look for reads by themselves. Any thread.
     */
    CompletionStage<Slice> recall(long from) {
        Recall last = recall;
        if (last != null && last.serves(from)) {
            return last.slice;
        }
        Recall fresh = new Recall(from, System.nanoTime(), log().read(Range.after(name, from - 1, RECALLED)));
        recall = fresh;
        fresh.slice.whenComplete((slice, failure) ->
                home.schedule(() -> forget(fresh), failure == null ? RECALLED_MILLIS : 0, TimeUnit.MILLISECONDS));
        return fresh.slice;
    }

    private void forget(Recall old) {
        if (recall == old) {
            recall = null;
        }
    }

    /** The highest place known here, or null. Any thread. */
    Cursor known() {
        Mark mark = known;
        return mark == null ? null : mark.at();
    }

    /** The same with the tag of the entry there. Any thread. */
    Mark mark() {
        return known;
    }

    /** When an entry last came, {@link System#nanoTime}. Any thread. */
    long activeAt() {
        return activeAt;
    }

    @Override
    public void entry(String ringEpoch, long seq, long previous, long tag, byte[] entry) {
        if (!rings.offer(Ring.entry(ringEpoch, seq, previous, tag, entry))) {
            missed = true;
        }
        schedule();
    }

    @Override
    public void missed() {
        missed = true;
        schedule();
    }

    @Override
    public void event(byte[] event) {
        if (rings.offer(Ring.event(event))) {
            schedule();
        } else {
            counters().volatileDroppedAtQueue.increment();
        }
    }

    @Override
    public void interrupted() {
        if (!rings.offer(Ring.interruption())) {
            missed = true;
        }
        schedule();
    }

    private void schedule() {
        if (SCHEDULED.compareAndSet(this, 0, 1)) {
            heardAt = System.nanoTime();
            home.execute(this::drain);
        }
    }

    /** Begins to hear and to look. Any thread, once. */
    void open() {
        home.execute(this::subscribe);
    }

    /** Nobody follows any more. Any thread. */
    void close() {
        home.execute(() -> {
            closed = true;
            rings.forgetHeld();
            if (following != null) {
                following.close();
            }
        });
    }

    /** A further loop has followers. Any thread. */
    void addLoop(Followers followers) {
        home.execute(() -> {
            // What is gathered so far goes to the others only: the new loop begins behind it.
            handOver();
            handover.add(followers, live ? new Cursor(epoch, last) : null);
        });
    }

    /** A loop has no followers any more. Any thread. */
    void removeLoop(Followers followers) {
        home.execute(() -> handover.remove(followers));
    }

    /** Somebody saw this place of the log: reads on when it is beyond what was heard here. Any thread. */
    void noticed(Cursor head) {
        home.execute(() -> {
            if (isNews(head)) {
                fill();
            }
        });
    }

    /**
     * The audit saw this head. A ring may still be under way, so a head of the same epoch counts only when it is news a second later as well. Any thread.
     */
    void audited(Cursor head) {
        home.execute(() -> {
            if (!isNews(head)) {
                return;
            }
            long patience = head.epoch().equals(epoch) ? AUDIT_PATIENCE_MILLIS : 0;
            home.schedule(
                    () -> {
                        if (isNews(head)) {
                            counters().auditFindings.increment();
                            fill();
                        }
                    },
                    patience,
                    TimeUnit.MILLISECONDS);
        });
    }

    /** Somebody saw another epoch than this. Any thread. */
    void suspect() {
        home.execute(() -> {
            if (live) {
                fill();
            }
        });
    }

    private boolean isNews(Cursor head) {
        return live && !(head.epoch().equals(epoch) && head.seq() <= last);
    }

    private void subscribe() {
        if (closed) {
            return;
        }
        following = log().follow(name, this);
        following.ready().whenComplete((ready, failure) -> {
            if (failure != null) {
                home.execute(() -> startFailed(failure));
                return;
            }
            log().head(name, known(), 0)
                    .whenComplete((head, headFailure) -> home.execute(() -> {
                        if (headFailure != null) {
                            startFailed(headFailure);
                        } else {
                            started(head);
                        }
                    }));
        });
    }

    private void startFailed(Throwable failure) {
        following.close();
        handover.fail(failure);
        home.schedule(this::subscribe, backOff(), TimeUnit.MILLISECONDS);
    }

    private void started(Mark head) {
        if (closed) {
            following.close();
            return;
        }
        live = true;
        epoch = head.at().epoch();
        last = head.at().seq();
        lastTag = head.tag();
        known = head;
        handover.begin(head.at());
        if (readOn) {
            fill();
        }
        drain();
    }

    /** Takes all that was heard since the last turn. */
    private void drain() {
        heard = heardAt;
        scheduled = 0;
        if (!live || closed) {
            // What rings before the head is read lies below it, or is found as a hole by the next ring or the audit.
            holdBack();
            return;
        }
        try {
            takeTurn();
        } catch (OutOfMemoryError noRoom) {
            Journal.ofChannel(name, () -> LOG.errorf(noRoom, "%s waits for memory", name));
            missed = true;
            home.schedule(this::schedule, backOff(), TimeUnit.MILLISECONDS);
        }
    }

    private void takeTurn() {
        int taken = 0;
        for (Ring ring = next(); ring != null; ring = next()) {
            if (ring.isInterruption()) {
                channels.auditSoon(this);
            } else if (!ring.isEntry()) {
                handEvent(ring.bytes);
            } else if (filling) {
                hold(ring);
            } else {
                take(ring);
            }
            if (++taken == TURN) {
                schedule();
                break;
            }
        }
        if (missed) {
            missed = false;
            fill();
        }
        handOver();
    }

    private Ring next() {
        Ring ring = filling ? null : rings.nextHeld();
        return ring != null ? ring : rings.nextHeard();
    }

    private void holdBack() {
        for (Ring ring = rings.nextHeard(); ring != null; ring = rings.nextHeard()) {
            if (ring.isInterruption()) {
                readOn = true;
            } else if (!closed && ring.isEntry()) {
                hold(ring);
            }
        }
    }

    /** Keeps a ring until the log is read; too many of them, or one of another epoch, are read from the log as well. */
    private void hold(Ring ring) {
        if (epoch != null && !ring.epoch.equals(epoch)) {
            readOn = true;
        } else if (!rings.hold(ring)) {
            rings.forgetHeld();
            readOn = true;
        }
    }

    private void take(Ring ring) {
        boolean sameLog = ring.epoch.equals(epoch);
        if (sameLog && ring.seq < last) {
            return;
        }
        if (!sameLog) {
            fill();
        } else if (ring.seq > last + 1) {
            fill();
            hold(ring);
        } else if (isAnother(ring.seq == last ? ring.tag : ring.previous)) {
            restart();
        } else if (ring.seq > last) {
            accept(ring.seq, ring.tag, ring.bytes, heard);
        }
    }

    /** Whether this tag, found at the last place, is of another entry than ours. */
    private boolean isAnother(long tag) {
        return tag != 0 && lastTag != 0 && tag != lastTag;
    }

    /** Another entry stands where we saw one: a failover took back what had been given out. Nothing of that log is believed until it has a new epoch. */
    private void restart() {
        filling = true;
        log().restart(name, epoch)
                .whenComplete((head, failure) -> home.execute(() -> {
                    if (closed) {
                        return;
                    }
                    if (failure != null) {
                        home.schedule(this::restart, backOff(), TimeUnit.MILLISECONDS);
                    } else {
                        readNext();
                    }
                }));
    }

    private void accept(long seq, long tag, byte[] entry, long since) {
        try {
            batch.entry(new Cursor(epoch, seq), entry, since);
        } catch (RuntimeException unreadable) {
            Journal.ofChannel(name, () -> LOG.errorf(unreadable, "What stands at %d of %s is no entry", seq, name));
            batch.gap(new Gap(name, epoch, seq, seq, GapReason.EXPIRED));
            counters().gapsDeclared.increment();
        }
        last = seq;
        lastTag = tag;
        counters().entries.increment();
        if (batch.isFull()) {
            handOver();
        }
    }

    /**
     * Reads the log on from the last entry until nothing newer is there; once more where that is under way, for it may have passed by what is meant. The last
     * entry itself is read again, to see that it is still the one.
     */
    private void fill() {
        if (filling || closed) {
            readOn = true;
            return;
        }
        filling = true;
        counters().gapsFilled.increment();
        readNext();
    }

    private void readNext() {
        readOn = false;
        readAfter(Math.max(0, last - 1));
    }

    private void readAfter(long seq) {
        log().read(Range.after(name, seq, CatchUp.CHUNK))
                .whenComplete((slice, failure) -> home.execute(() -> {
                    if (closed) {
                        return;
                    }
                    if (failure != null) {
                        home.schedule(this::readNext, backOff(), TimeUnit.MILLISECONDS);
                    } else {
                        filling(slice);
                    }
                }));
    }

    private void filling(Slice slice) {
        try {
            filled(slice);
        } catch (OutOfMemoryError noRoom) {
            Journal.ofChannel(name, () -> LOG.errorf(noRoom, "%s waits for memory", name));
            filling = true;
            home.schedule(this::readNext, backOff(), TimeUnit.MILLISECONDS);
        }
    }

    private void filled(Slice slice) {
        String found = slice.head().epoch();
        if (!found.equals(epoch)) {
            begin(found);
            readNext();
            return;
        }
        List<Entry> entries = slice.entries();
        long before = last;
        long read = System.nanoTime();
        boolean replaced = !entries.isEmpty()
                && entries.get(0).seq() == last
                && isAnother(entries.get(0).tag());
        if (replaced || slice.head().seq() < last) {
            restart();
            return;
        }
        for (Entry entry : entries) {
            if (entry.seq() > last) {
                expiredUpTo(entry.seq() - 1);
                accept(entry.seq(), entry.tag(), entry.bytes(), read);
            }
        }
        boolean atEnd = !slice.more();
        if (atEnd) {
            expiredUpTo(slice.head().seq());
        }
        handOver();
        if (!atEnd && last == before) {
            // The entry read again was so large that no other came with it.
            readAfter(last);
            return;
        }
        if (!atEnd || readOn) {
            readNext();
            return;
        }
        filling = false;
        drain();
    }

    private void expiredUpTo(long seq) {
        if (seq > last) {
            batch.gap(new Gap(name, epoch, last + 1, seq, GapReason.EXPIRED));
            counters().gapsDeclared.increment();
            last = seq;
            lastTag = 0;
        }
    }

    /** The log was begun anew: followers are told, and get all of the new one. */
    private void begin(String newEpoch) {
        handOver();
        epoch = newEpoch;
        last = 0;
        lastTag = 0;
        rings.forgetHeld();
        readOn = true;
        batch.gap(new Gap(name, newEpoch, 1, 0, GapReason.EPOCH));
        counters().gapsDeclared.increment();
        handOver();
    }

    private void handOver() {
        if (batch.isEmpty()) {
            return;
        }
        Cursor to = new Cursor(epoch, last);
        Batch built = batch.build(known.at(), to, heard);
        known = new Mark(to, lastTag);
        activeAt = System.nanoTime();
        handover.batch(built);
    }

    /** Hands something that is not kept on. What cannot be read, perhaps of an instance of another version, must not hold up the entries around it. */
    private void handEvent(byte[] event) {
        try {
            hand(event);
        } catch (RuntimeException unreadable) {
            Journal.ofChannel(name, () -> LOG.errorf(unreadable, "What was rung on %s could not be handed on", name));
        }
    }

    /** To the loops, or a change of presence to who hears it. */
    private void hand(byte[] event) {
        if (event[0] == Event.PRESENCE) {
            channels.presenceChanged(name, Event.payload(event));
            return;
        }
        handOver();
        byte[] stored = Event.payload(event);
        byte[] json = Arrays.copyOfRange(stored, Stored.envelopeAt(stored), stored.length);
        boolean sight = event[0] == Event.SIGHT;
        Stored who = Stored.headerOf(stored);
        Delivery delivery = who.trace() == null ? null : channels.tracing().deliver(name, null, who.trace(), heard);
        handover.frame(Wire.texts(PooledByteBufAllocator.DEFAULT, json), who, sight, delivery);
    }

    private static long backOff() {
        return RETRY_MILLIS / 2 + ThreadLocalRandom.current().nextInt(RETRY_MILLIS);
    }
}
