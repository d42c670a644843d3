package dev.parley.server.delivery;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/** Places in which small frames of many sockets wait for the end of a loop's turn, without a buffer of their own. Belongs to the loop. */
final class Stage {
    /** Bytes for one socket: an ack or two and a message. */
    static final int PLACE = 1024;

    private static final int PLACES = 128;

    private ByteBuf bytes;
    private int taken;

    /** Where a place begins in {@link #bytes}, or -1 when all are taken. */
    int take() {
        if (taken == PLACES) {
            return -1;
        }
        if (bytes == null) {
            bytes = PooledByteBufAllocator.DEFAULT.directBuffer(PLACES * PLACE, PLACES * PLACE);
        }
        return taken++ * PLACE;
    }

    ByteBuf bytes() {
        return bytes;
    }

    /** All places are free again. */
    void clear() {
        taken = 0;
    }
}
