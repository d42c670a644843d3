package dev.parley.server.testing;

import dev.parley.server.testing.Proxy.Rules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** One direction of a {@link ProxiedConnection}: what was read and may not be written yet. Everything happens on the proxy's loop. */
final class Flow {
    /** So much is read ahead; what is more waits in the sockets and holds up the sender. */
    private static final int AHEAD = 1 << 20;

    /** A throttled flow goes on so often a second. */
    private static final int STEPS = 20;

    /** A throttled flow holds so many seconds' worth. */
    private static final double THROTTLED_AHEAD = 0.25;

    private final ProxiedConnection connection;
    private final boolean towardsClient;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private Channel source;
    private Channel sink;
    private long held;
    private long lastDue;
    private long freeFrom;
    private boolean pumping;

    /** Some bytes and when they may go, or the source's end. */
    private record Piece(ByteBuf bytes, long due, boolean reset) {}

    Flow(ProxiedConnection connection, Channel source, boolean towardsClient) {
        this.connection = connection;
        this.source = source;
        this.towardsClient = towardsClient;
    }

    /** Both sides are there. */
    void begin(Channel from, Channel to) {
        source = from;
        sink = to;
    }

    /** Takes what was read, and the reference to it. */
    void take(ByteBuf bytes) {
        Rules rules = connection.rules();
        held += bytes.readableBytes();
        if (rules.bytesPerSecond == 0) {
            pieces.add(new Piece(bytes, due(rules, 0), false));
            return;
        }
        int step = (int) Math.max(1, Math.min(rules.bytesPerSecond / STEPS, bytes.readableBytes()));
        while (bytes.readableBytes() > step) {
            pieces.add(new Piece(bytes.readRetainedSlice(step), due(rules, step), false));
        }
        pieces.add(new Piece(bytes, due(rules, bytes.readableBytes()), false));
    }

    /** The source has ended, in order or by a reset; the sink does so when it has had everything. */
    void takeEnd(boolean reset) {
        pieces.add(new Piece(null, due(connection.rules(), 0), reset));
    }

    private long due(Rules rules, int bytes) {
        long now = System.nanoTime();
        if (pieces.isEmpty()) {
            freeFrom = Math.max(freeFrom, now);
            lastDue = now;
        }
        if (rules.bytesPerSecond > 0) {
            freeFrom = Math.max(freeFrom, now) + TimeUnit.SECONDS.toNanos(bytes) / rules.bytesPerSecond;
        } else {
            freeFrom = now;
        }
        lastDue = Math.max(lastDue, freeFrom + connection.proxy().jitter(rules));
        return lastDue;
    }

    /** Writes what may be written, and reads on where there is room. */
    void pump() {
        Rules rules = connection.rules();
        if (connection.stopped(towardsClient) || sink == null || !sink.isActive()) {
            // Nothing is read either, so that an end of the source goes unnoticed, as on a lost route.
            return;
        }
        boolean written = false;
        while (!pieces.isEmpty() && sink.isWritable()) {
            Piece piece = pieces.peek();
            long wait = rules.slow() ? piece.due() - System.nanoTime() : 0;
            if (wait > 0) {
                pumpAfter(wait);
                break;
            }
            pieces.remove();
            if (piece.bytes() == null) {
                endSink(piece.reset());
                return;
            }
            held -= piece.bytes().readableBytes();
            connection.proxy().passed(towardsClient, piece.bytes().readableBytes());
            sink.write(piece.bytes());
            written = true;
        }
        if (written) {
            sink.flush();
        }
        if (held < ahead(rules)) {
            source.read();
        }
    }

    private static long ahead(Rules rules) {
        return rules.bytesPerSecond == 0 ? AHEAD : (long) Math.max(1, rules.bytesPerSecond * THROTTLED_AHEAD);
    }

    private void pumpAfter(long nanos) {
        if (!pumping) {
            pumping = true;
            connection
                    .proxy()
                    .loop
                    .schedule(
                            () -> {
                                pumping = false;
                                connection.pump();
                            },
                            nanos,
                            TimeUnit.NANOSECONDS);
        }
    }

    /** Ends the other side behind all that was written to it. */
    private void endSink(boolean reset) {
        sink.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (reset) {
                connection.reset();
            } else {
                connection.end();
            }
        });
    }

    /** Nothing is wanted any more. */
    void drop() {
        for (Piece piece : pieces) {
            if (piece.bytes() != null) {
                piece.bytes().release();
            }
        }
        pieces.clear();
    }
}
