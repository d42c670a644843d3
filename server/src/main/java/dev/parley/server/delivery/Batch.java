package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.server.trace.Delivery;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * What a live channel hands to an event loop at once: neighbouring places of the log, encoded as WebSocket frames into one buffer that all followers share.
 *
 * @param frames the frames, one after the other; each loop owns one reference
 * @param after the place a follower must stand at to be given it
 * @param to the place a follower stands at who got all of it
 * @param heardAt when its first entry was heard here, {@link System#nanoTime}
 * @param gap whether there is a gap in it
 * @param specials the entries in it that are not for everybody or that mean something to the instance, in order
 * @param traced the entries in it whose delivery is traced; nearly always none
 */
record Batch(
        ByteBuf frames,
        Cursor after,
        Cursor to,
        long heardAt,
        boolean gap,
        List<Special> specials,
        List<Traced> traced) {

    /**
     * An entry that needs a look for each follower.
     *
     * @param seq its place
     * @param begin where its frame begins in the buffer
     * @param end where its frame ends
     * @param stored its header
     */
    record Special(long seq, int begin, int end, Stored stored) {}

    /**
     * A message whose delivery is traced.
     *
     * @param stored its header, which says who gets it
     * @param delivery each loop tells it of its part
     */
    record Traced(Stored stored, Delivery delivery) {}
}
