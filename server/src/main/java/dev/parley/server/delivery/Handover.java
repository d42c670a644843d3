package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.server.trace.Delivery;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Arrays;

/**
 * From a live channel to the event loops that have followers of it: one task for each loop, in order, however many connections there are. Belongs to the
 * channel's home loop.
 */
final class Handover {
    private static final Followers[] NONE = {};

    private final EventLoop home;

    /** Replaced, never changed: few are in it, and nearly always one. */
    private Followers[] loops = NONE;

    Handover(EventLoop home) {
        this.home = home;
    }

    /** A further loop has followers; where the channel is live, it stands at {@code head}, which is null otherwise. */
    void add(Followers followers, Cursor head) {
        Followers[] more = Arrays.copyOf(loops, loops.length + 1);
        more[loops.length] = followers;
        loops = more;
        if (head != null) {
            on(followers, () -> followers.begin(head));
        }
    }

    void remove(Followers followers) {
        loops = Arrays.stream(loops).filter(one -> one != followers).toArray(Followers[]::new);
    }

    /** The channel is live. */
    void begin(Cursor head) {
        for (Followers followers : loops) {
            on(followers, () -> followers.begin(head));
        }
    }

    /** The channel could not be made live yet. */
    void fail(Throwable cause) {
        for (Followers followers : loops) {
            on(followers, () -> followers.fail(cause));
        }
    }

    /** Gives each loop a reference to a batch, and its own away; a loop that has too much to take already is only told where it would stand. */
    void batch(Batch batch) {
        int bytes = batch.frames().readableBytes();
        if (!batch.traced().isEmpty()) {
            batch.traced().forEach(one -> one.delivery().expect(loops.length));
        }
        for (Followers followers : loops) {
            if (followers.mayCome(bytes)) {
                batch.frames().retain();
                on(followers, () -> {
                    followers.came(bytes);
                    followers.take(batch);
                });
            } else {
                on(followers, () -> followers.miss(batch));
            }
        }
        batch.frames().release();
    }

    /**
     * Gives each loop that can take it a reference to a frame that is not kept, and its own away.
     *
     * @param sight whether it tells who comes and goes
     * @param delivery is told what becomes of it, or null where it is not traced
     */
    void frame(ByteBuf frame, Stored who, boolean sight, Delivery delivery) {
        int bytes = frame.readableBytes();
        if (delivery != null) {
            delivery.expect(loops.length);
        }
        for (Followers followers : loops) {
            if (followers.mayCome(bytes)) {
                frame.retain();
                on(followers, () -> {
                    followers.came(bytes);
                    followers.takeVolatile(frame, who, sight, delivery);
                });
            } else {
                followers.live.counters().volatileDroppedAtLoop.increment();
                if (delivery != null) {
                    on(followers, () -> followers.tellMissed(delivery));
                }
            }
        }
        frame.release();
    }

    /** Runs something on a loop with followers: on the home loop at once, elsewhere next; in order on each. */
    private void on(Followers followers, Runnable task) {
        if (followers.fanout.loop == home) {
            task.run();
        } else {
            followers.fanout.loop.execute(task);
        }
    }
}
