package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Gap;
import dev.parley.protocol.json.FrameWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** Encodes the entries of one turn of a live channel into one buffer. Belongs to the channel's home loop. */
final class BatchBuilder {
    /** Over this many bytes a batch is handed over before more is added, so that a socket's bound is passed by little. */
    private static final int FULL = 64 * 1024;

    private final String channel;
    private ByteBuf frames;
    private boolean gap;
    private List<Batch.Special> specials = List.of();

    BatchBuilder(String channel) {
        this.channel = channel;
    }

    boolean isEmpty() {
        return frames == null || !frames.isReadable();
    }

    boolean isFull() {
        return frames != null && frames.readableBytes() >= FULL;
    }

    /** Adds an entry; where that fails, nothing of it is left. */
    void entry(Cursor at, byte[] entry) {
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
            if (specials.isEmpty()) {
                specials = new ArrayList<>();
            }
            specials.add(new Batch.Special(at.seq(), begin, out.writerIndex(), stored));
        }
    }

    void gap(Gap missing) {
        gap = true;
        byte[] json = FrameWriter.write(missing);
        Wire.text(frames(json.length), json);
    }

    /** @param heardAt when the first entry in it was heard here, {@link System#nanoTime} */
    Batch build(Cursor after, Cursor to, long heardAt) {
        Batch batch = new Batch(frames, after, to, heardAt, gap, specials);
        frames = null;
        gap = false;
        specials = List.of();
        return batch;
    }

    private ByteBuf frames(int expected) {
        if (frames == null) {
            frames = PooledByteBufAllocator.DEFAULT.directBuffer(expected + 256);
        }
        return frames;
    }
}
