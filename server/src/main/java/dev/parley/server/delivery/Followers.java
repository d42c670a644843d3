package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.server.trace.Delivery;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The followers of one channel on one event loop, and how far the channel's entries were handed to this loop. Everything here runs on that loop.
 *
 * <p>A follower who stands where the loop stands is live: the next batch is written to it. Any other is behind, and {@link CatchUp} reads for it from the log up
 * to where the loop stands then, in a turn of this same loop. So there is no moment at which an entry could slip between the two.
 */
final class Followers {
    /** Bytes on their way to this loop. A loop with more to take has other troubles, and its followers are brought up from the log when they are over. */
    private static final int COMING_MAX = 4 << 20;

    private static final AtomicIntegerFieldUpdater<Followers> COMING =
            AtomicIntegerFieldUpdater.newUpdater(Followers.class, "coming");

    final String channel;
    final Fanout fanout;
    final LiveChannel live;
    /** Null while nobody has been behind: most channels are inboxes of one connection that never is. */
    private Recent recent;

    private volatile int coming;
    private Follow[] follows = new Follow[1];
    private int size;
    private Cursor handed;
    private List<Waiter> waiters = List.of();

    /** Somebody who goes on when the loop stands at {@code at} or beyond, or in another epoch; null for anywhere. */
    private record Waiter(Cursor at, CompletableFuture<Cursor> reached) {
        boolean goesOnAt(Cursor handed) {
            return at == null || handed.seq() >= at.seq() || !handed.epoch().equals(at.epoch());
        }
    }

    Followers(String channel, Fanout fanout, LiveChannel live) {
        this.channel = channel;
        this.fanout = fanout;
        this.live = live;
    }

    /** The place from which on batches are kept here for those who are behind, or null. */
    Cursor keptFrom() {
        return recent == null ? null : recent.begin();
    }

    /** Writes to a follower of what is kept here what it has room for. */
    void replayKept(Follow follow) {
        if (recent != null) {
            recent.replayTo(follow);
        }
    }

    private void keep(Batch batch) {
        if (recent == null) {
            recent = new Recent(fanout);
        }
        recent.keep(batch);
    }

    private void keepNothing() {
        if (recent != null) {
            recent.clear();
        }
    }

    /** Where this loop stands in the log; null until the channel is live. */
    Cursor handed() {
        return handed;
    }

    /**
     * Completes, on this loop, with where the loop stands, once that is {@code at} or beyond or in another epoch; fails when the channel cannot be followed.
     *
     * @param at the place to wait for, or null for the channel to be live at all
     */
    CompletionStage<Cursor> reaches(Cursor at) {
        Waiter waiter = new Waiter(at, new CompletableFuture<>());
        if (handed != null && waiter.goesOnAt(handed)) {
            waiter.reached.complete(handed);
        } else {
            if (waiters.isEmpty()) {
                waiters = new ArrayList<>(1);
            }
            waiters.add(waiter);
        }
        return waiter.reached;
    }

    /** Where its followers stand. On this loop. */
    List<Standing> standings() {
        List<Standing> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            all.add(follows[i].standing());
        }
        return all;
    }

    void add(Follow follow) {
        if (size == follows.length) {
            follows = Arrays.copyOf(follows, size < 8 ? size + 2 : size * 2);
        }
        follow.index = size;
        follows[size++] = follow;
    }

    void remove(Follow follow) {
        Follow last = follows[--size];
        follows[follow.index] = last;
        last.index = follow.index;
        follows[size] = null;
        if (size == 0) {
            keepNothing();
            fanout.forget(this);
        }
    }

    /** The channel is live and stands at {@code head}. */
    void begin(Cursor head) {
        handed = head;
        wakeWaiters();
    }

    /** The channel could not be made live. */
    void fail(Throwable cause) {
        List<Waiter> failed = waiters;
        waiters = List.of();
        failed.forEach(waiter -> waiter.reached.completeExceptionally(cause));
    }

    /** Whether so much more may be handed over; then it counts until it {@link #came}. The channel's home loop. */
    boolean mayCome(int bytes) {
        if (coming > COMING_MAX) {
            return false;
        }
        COMING.addAndGet(this, bytes);
        return true;
    }

    void came(int bytes) {
        COMING.addAndGet(this, -bytes);
    }

    /** The channel has gone on with a batch that this loop does not get: its followers are behind from now on. */
    void miss(Batch batch) {
        handed = batch.to();
        keepNothing();
        for (int i = size - 1; i >= 0; i--) {
            Follow follow = follows[i];
            give(null, follow);
        }
        if (!batch.traced().isEmpty()) {
            batch.traced().forEach(one -> tellMissed(one.delivery()));
        }
        wakeWaiters();
    }

    /** Writes a batch to all who are live, and gives back the loop's reference to its buffer. */
    void take(Batch batch) {
        try {
            if (!batch.after().equals(handed)) {
                // One before it was lost on the way here.
                miss(batch);
                return;
            }
            boolean timed = fanout.times();
            long began = timed ? System.nanoTime() : 0;
            long entries = batch.to().seq() - (handed.epoch().equals(batch.to().epoch()) ? handed.seq() : 0);
            int followers = size;
            handed = batch.to();
            boolean behind = false;
            // From the end, since a follower who leaves on the way is replaced by the last one.
            for (int i = size - 1; i >= 0; i--) {
                Follow follow = follows[i];
                give(batch, follow);
                behind |= follow.isBehind();
            }
            live.counters().deliveries.add(entries * followers);
            if (timed) {
                live.counters().batchWritten(batch.heardAt(), began, System.nanoTime());
            }
            if (behind && size > 0) {
                keep(batch);
            } else {
                keepNothing();
            }
            if (!batch.traced().isEmpty()) {
                batch.traced().forEach(one -> tell(one.delivery(), followers, recipients(one.stored(), batch.to())));
            }
        } finally {
            batch.frames().release();
        }
        wakeWaiters();
    }

    /** How many of those who may get an entry were written up to a place. */
    private int recipients(Stored stored, Cursor to) {
        int recipients = 0;
        for (int i = 0; i < size; i++) {
            if (follows[i].standsAt(to) && follows[i].mayGet(stored)) {
                recipients++;
            }
        }
        return recipients;
    }

    /** Tells of this loop's part in a traced message once the sockets are flushed, which is the end of this turn, too, and was asked for before. */
    private void tell(Delivery delivery, int followers, int recipients) {
        fanout.loop.executeAfterEventLoopIteration(() -> delivery.part(followers, recipients));
    }

    /** This loop writes nothing of a traced message. */
    void tellMissed(Delivery delivery) {
        delivery.part(size, 0);
    }

    /**
     * A follower that fails is ended, since nobody knows what it was given, and costs the others nothing.
     *
     * @param batch null where there is only what is missing
     */
    private static void give(Batch batch, Follow follow) {
        try {
            if (batch != null && follow.standsAt(batch.after())) {
                follow.deliver(batch);
            } else {
                follow.catchUp();
            }
        } catch (RuntimeException | OutOfMemoryError failure) {
            follow.outlet.fail(failure);
        }
    }

    /**
     * Writes a frame that is not kept to all who follow and have room for it, and gives back the loop's reference to it.
     *
     * @param delivery null where it is not traced
     */
    void takeVolatile(ByteBuf frame, Stored who, boolean sight, Delivery delivery) {
        try {
            int roomy = delivery == null ? 0 : roomy(who);
            for (int i = size - 1; i >= 0; i--) {
                Follow follow = follows[i];
                if (!sight || follow.seesPresence()) {
                    giveVolatile(frame, who, follow);
                }
            }
            if (delivery != null) {
                tell(delivery, size, roomy);
            }
        } finally {
            frame.release();
        }
    }

    private int roomy(Stored who) {
        int roomy = 0;
        for (int i = 0; i < size; i++) {
            if (follows[i].isStarted() && follows[i].mayGet(who) && follows[i].outlet.hasRoom()) {
                roomy++;
            }
        }
        return roomy;
    }

    private static void giveVolatile(ByteBuf frame, Stored who, Follow follow) {
        try {
            follow.deliverVolatile(frame, who);
        } catch (RuntimeException | OutOfMemoryError failure) {
            follow.outlet.fail(failure);
        }
    }

    private void wakeWaiters() {
        if (waiters.isEmpty()) {
            return;
        }
        List<Waiter> woken = new ArrayList<>();
        List<Waiter> rest = new ArrayList<>();
        for (Waiter waiter : waiters) {
            (waiter.goesOnAt(handed) ? woken : rest).add(waiter);
        }
        waiters = rest.isEmpty() ? List.of() : rest;
        woken.forEach(waiter -> waiter.reached.complete(handed));
    }
}
