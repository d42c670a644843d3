package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Gap;
import dev.parley.protocol.ServerFrame.GapReason;
import dev.parley.protocol.ServerFrame.Skip;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.log.Entry;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Reads for one follower from the log what it has not got yet, a chunk at a time and only while its socket has room, until it stands where its loop stands.
 *
 * <p>Serves the resume, {@code join} with {@code since}, and the slow reader alike. Runs on the connection's event loop, except for the log's answer, which comes
 * on any thread and goes there.
 */
final class CatchUp {
    /** Entries asked for at once; the log gives fewer where they are large, or where that lets it share the read. */
    static final int CHUNK = 512;

    private static final int RETRY_MILLIS = 500;

    private final Follow follow;
    /** Whether a read is under way, or waited for after one that failed. */
    private boolean running;

    CatchUp(Follow follow) {
        this.follow = follow;
    }

    boolean isRunning() {
        return running;
    }

    void run() {
        if (running) {
            return;
        }
        Followers followers = follow.followers;
        String epoch = followers.handed().epoch();
        Slice recalled = follow.takeRecalled();
        if (recalled != null
                && follow.epoch().equals(epoch)
                && recalled.head().epoch().equals(epoch)) {
            replayRecalled(recalled);
            return;
        }
        running = true;
        followers.live.counters().catchUps.increment();
        followers.live.counters().catchingUp.increment();
        long from = follow.epoch().equals(epoch) ? follow.seq() + 1 : 1;
        long upTo = follow.limit();
        // Up to a multiple of the chunk's size, and to no place that depends on when it is asked for: so who began at
        // different places soon asks for the same, and shares it.
        int limit = CHUNK - (int) ((from - 1) % CHUNK);
        Range range = Range.after(follow.channel(), from - 1, limit);
        followers
                .live
                .log()
                .read(range)
                .whenComplete((slice, failure) -> followers.fanout.loop.execute(() -> {
                    followers.live.counters().catchingUp.decrement();
                    if (follow.hasEnded()) {
                        return;
                    }
                    if (!followers.handed().epoch().equals(epoch)) {
                        goOn();
                    } else if (failure != null
                            || !slice.head().epoch().equals(epoch)
                            || slice.head().seq() < upTo) {
                        later(failure == null);
                    } else {
                        running = false;
                        replay(slice, slice.head().seq());
                    }
                }));
    }

    /** As far as it goes; the rest is read then. What is missing before its last entry is missing in the log. */
    private void replayRecalled(Slice recalled) {
        List<Entry> entries = recalled.entries();
        long end = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).seq();
        if (end > follow.seq()) {
            replay(recalled, end);
        } else {
            follow.catchUp();
        }
    }

    private void goOn() {
        running = false;
        follow.catchUp();
    }

    /**
     * The log is out of reach, or not the one that the live channel has seen: one of the two is about to learn it. Until then it counts as running: if each batch that
     * comes began another try, a log that cannot keep up with reads would get the more of them.
     */
    private void later(boolean suspect) {
        if (suspect) {
            follow.followers.live.suspect();
        }
        long delay = RETRY_MILLIS / 2 + ThreadLocalRandom.current().nextInt(RETRY_MILLIS);
        follow.followers.fanout.loop.schedule(this::goOn, delay, TimeUnit.MILLISECONDS);
    }

    /**
     * Writes what there is room for, at most up to where newer batches are kept or the loop stands.
     *
     * @param end the place up to which nothing is missing from the slice and the entries that it has {@code more} of
     */
    private void replay(Slice slice, long end) {
        List<Entry> entries = slice.entries();
        Cursor kept = follow.followers.keptFrom();
        boolean keptFurtherOn = kept != null
                && kept.epoch().equals(slice.head().epoch())
                && (kept.seq() > follow.seq() || !kept.epoch().equals(follow.epoch()));
        long limit = Math.min(keptFurtherOn ? Math.min(kept.seq(), end) : end, follow.limit());
        Out out = new Out(entries);
        try {
            write(slice, limit, out);
        } catch (RuntimeException | OutOfMemoryError failure) {
            out.release();
            follow.outlet.fail(failure);
            return;
        }
        follow.catchUp();
    }

    private void write(Slice slice, long limit, Out out) {
        List<Entry> entries = slice.entries();
        if (!follow.epoch().equals(slice.head().epoch())) {
            long lost =
                    entries.isEmpty() ? limit : Math.min(limit, entries.get(0).seq() - 1);
            out.gap(slice.head().epoch(), 1, lost, GapReason.EPOCH);
        }
        boolean room = true;
        boolean sawAll = !slice.more();
        for (Entry entry : entries) {
            if (entry.seq() > limit || follow.isDone()) {
                sawAll = true;
                break;
            }
            room = out.isShort() || follow.outlet.hasRoom();
            if (!room) {
                break;
            }
            if (entry.seq() > follow.seq()) {
                out.entry(entry);
            }
        }
        if (room && sawAll && follow.seq() < limit && !follow.isDone()) {
            out.gap(follow.epoch(), follow.seq() + 1, limit, GapReason.EXPIRED);
        }
        out.finish();
    }

    /** What one turn writes: frames gathered in one buffer, neighbouring skips in one frame. */
    private final class Out {
        /** With so much in it a buffer leaves. With a message or two more it is still half of what the allocator takes from the system at once. */
        private static final int FULL = 28 * 1024;

        private static final int CAPACITY = 32 * 1024;

        /** More than head and frame of a message usually take. */
        private static final int AROUND = 160;

        private final int expected;
        private ByteBuf frames;
        private long skippedFrom;

        Out(List<Entry> entries) {
            int bytes = AROUND;
            for (int i = 0; i < entries.size() && bytes < CAPACITY; i++) {
                bytes += AROUND + entries.get(i).bytes().length;
            }
            expected = Math.min(bytes, CAPACITY);
            frames = buffer();
        }

        /** Of the right size from the start: one that grows by doubling is half empty at worst, and each waits in its socket for long. */
        private ByteBuf buffer() {
            return PooledByteBufAllocator.DEFAULT.directBuffer(expected);
        }

        /** Whether so little is gathered yet that a socket with room has room for more. */
        boolean isShort() {
            if (frames.readableBytes() < FULL) {
                return true;
            }
            send();
            return false;
        }

        void entry(Entry entry) {
            if (entry.seq() > follow.seq() + 1) {
                gap(follow.epoch(), follow.seq() + 1, entry.seq() - 1, GapReason.EXPIRED);
            }
            Stored stored;
            try {
                stored = Stored.headerOf(entry.bytes());
            } catch (RuntimeException unreadable) {
                gap(follow.epoch(), entry.seq(), entry.seq(), GapReason.EXPIRED);
                return;
            }
            if (stored.mayGet(follow.outlet.connection(), follow.outlet.user())) {
                endSkip();
                Wire.message(frames, follow.channel(), new Cursor(follow.epoch(), entry.seq()), entry.bytes());
            } else if (skippedFrom == 0) {
                skippedFrom = entry.seq();
            }
            follow.moveTo(follow.epoch(), entry.seq());
            follow.passed(stored, entry.seq());
        }

        void gap(String epoch, long from, long to, GapReason reason) {
            endSkip();
            Wire.text(frames, FrameWriter.write(new Gap(follow.channel(), epoch, from, to, reason)));
            follow.moveTo(epoch, to);
            follow.passedGap();
            follow.followers.live.counters().gapsDeclared.increment();
        }

        private void endSkip() {
            if (skippedFrom != 0) {
                Wire.text(
                        frames,
                        FrameWriter.write(new Skip(follow.channel(), follow.epoch(), skippedFrom, follow.seq())));
                skippedFrom = 0;
            }
        }

        private void send() {
            endSkip();
            ByteBuf full = frames;
            frames = Unpooled.EMPTY_BUFFER;
            follow.outlet.write(full);
            frames = buffer();
        }

        void finish() {
            endSkip();
            ByteBuf last = frames;
            frames = Unpooled.EMPTY_BUFFER;
            if (last.isReadable()) {
                follow.outlet.write(last);
            } else {
                last.release();
            }
        }

        /** Forgets what has not left yet. */
        void release() {
            frames.release();
        }
    }
}
