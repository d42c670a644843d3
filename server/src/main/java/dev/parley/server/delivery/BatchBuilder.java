package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Gap;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.trace.Delivery;
import dev.parley.server.trace.Tracing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Encodes the entries of one turn of a live channel into one buffer. Belongs to the channel's home loop. */
final class BatchBuilder {
    /** Over this many bytes a batch is handed over before more is added, so that a socket's bound is passed by little. */
    private static final int FULL = 64 * 1024;

    private final String channel;
    private final Tracing tracing;
    private ByteBuf frames;
    private boolean gap;
    private List<Batch.Special> specials = List.of();
    private List<Batch.Traced> traced = List.of();

    BatchBuilder(String channel, Tracing tracing) {
        this.channel = channel;
        this.tracing = tracing;
    }

    boolean isEmpty() {
        return frames == null || !frames.isReadable();
    }

    boolean isFull() {
        return frames != null && frames.readableBytes() >= FULL;
    }

    /**
     * Adds an entry; where that fails, nothing of it is left.
     *
     * @param heardAt when it was heard here, {@link System#nanoTime}
     */
    void entry(Cursor at, byte[] entry, long heardAt) {
        Stored stored = Stored.headerOf(entry);
        ByteBuf out = frames(entry.length);
        int begin = out.writerIndex();
        try {
            Wire.message(out, channel, at, entry);
        } catch (RuntimeException | OutOfMemoryError failure) {
            out.writerIndex(begin);
            throw failure;
        }
        if (stored != Stored.PLAIN) {
            header(stored, at, begin, out.writerIndex(), heardAt);
        }
    }

    private void header(Stored stored, Cursor at, int begin, int end, long heardAt) {
        if (stored.concernsFollowers()) {
            if (specials.isEmpty()) {
                specials = new ArrayList<>();
            }
            specials.add(new Batch.Special(at.seq(), begin, end, stored));
        }
        if (stored.trace() != null) {
            Delivery delivery = tracing.deliver(channel, at, stored.trace(), heardAt);
            if (delivery != null) {
                if (traced.isEmpty()) {
                    traced = new ArrayList<>();
                }
                traced.add(new Batch.Traced(stored, delivery));
            }
        }
    }

    void gap(Gap missing) {
        gap = true;
        byte[] json = FrameWriter.write(missing);
        Wire.text(frames(json.length), json);
    }

    /** @param heardAt when the first entry in it was heard here, {@link System#nanoTime} */
    Batch build(Cursor after, Cursor to, long heardAt) {
        Batch batch = new Batch(frames, after, to, heardAt, gap, specials, traced);
        frames = null;
        gap = false;
        specials = List.of();
        traced = List.of();
        return batch;
    }

    private ByteBuf frames(int expected) {
        if (frames == null) {
            frames = PooledByteBufAllocator.DEFAULT.directBuffer(expected + 256);
        }
        return frames;
    }
}
