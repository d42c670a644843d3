package dev.parley.server.delivery;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;

/**
 * What one socket sends: in most turns of its loop that is one shared buffer, or an ack and a message, and it goes to the kernel from where it lies, past Netty's
 * pipeline and queue, which took a good part of the time that was ours (deploy/load/RESULTS.md).
 *
 * <p>Until the end of the turn either one buffer is held, or small frames are put together in a place of the loop's {@link Stage}. Whatever else there is, and what
 * the kernel has no room for, goes into Netty's queue, in order: nothing goes past it while anything is in it. With TLS, and without epoll, everything does.
 * Runs on the socket's loop.
 */
final class Outgoing {
    /** Bytes; a larger buffer goes into Netty's queue at once, so that it counts there and back-pressure begins in the same turn. */
    private static final int HELD_MAX = 64 * 1024;

    private final Fanout fanout;
    private ChannelHandlerContext context;

    /** Null where everything goes through Netty. */
    private Socket kernel;

    private ByteBuf held;
    private Stage stage;
    private int place;
    private int staged;

    Outgoing(Fanout fanout) {
        this.fanout = fanout;
    }

    void writeThrough(ChannelHandlerContext through) {
        context = through;
    }

    /** From now on past Netty where that can be: its pipeline is as it stays. */
    void writeDirectly() {
        boolean plain = context.pipeline().get(SslHandler.class) == null;
        if (plain && context.channel() instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
            kernel = socket;
        }
    }

    /** Bytes that wait for the end of the turn and that Netty knows nothing of. */
    int waiting() {
        return held == null ? staged : held.readableBytes();
    }

    /** Adds a frame, and says how many bytes it has. */
    int add(byte[] json) {
        if (!fits(Wire.HEADER_MAX + json.length)) {
            ByteBuf frame = Wire.text(context.alloc(), json);
            int bytes = frame.readableBytes();
            add(frame);
            return bytes;
        }
        ByteBuf to = stage.bytes().writerIndex(place + staged);
        Wire.text(to, json);
        int bytes = to.writerIndex() - place - staged;
        staged += bytes;
        return bytes;
    }

    /** Adds frames, and takes over the reference to them. */
    void add(ByteBuf frames) {
        if (waiting() > 0 && fits(frames.readableBytes())) {
            put(frames);
            frames.release();
        } else if (kernel != null && waiting() == 0) {
            hold(frames);
        } else {
            pass();
            context.write(frames, context.voidPromise());
        }
    }

    /** Adds frames that others have, too: their indices stay as they are. */
    void share(ByteBuf frames) {
        if (waiting() > 0 && fits(frames.readableBytes())) {
            put(frames);
        } else if (kernel != null && waiting() == 0) {
            hold(frames.retain());
        } else {
            pass();
            context.write(frames.retainedDuplicate(), context.voidPromise());
        }
    }

    private void hold(ByteBuf frames) {
        int bytes = frames.readableBytes();
        if (bytes > 0 && bytes <= HELD_MAX && frames.hasMemoryAddress()) {
            held = frames;
        } else {
            context.write(frames.duplicate(), context.voidPromise());
        }
    }

    /** Whether so much finds room on the stage, where what waits is then, too. */
    private boolean fits(int bytes) {
        if (kernel == null || waiting() + bytes > Stage.PLACE) {
            return false;
        }
        if (stage == null) {
            place = fanout.stage().take();
            if (place < 0) {
                return false;
            }
            stage = fanout.stage();
        }
        if (held != null) {
            ByteBuf before = held;
            held = null;
            put(before);
            before.release();
        }
        return true;
    }

    private void put(ByteBuf frames) {
        int bytes = frames.readableBytes();
        stage.bytes().setBytes(place + staged, frames, frames.readerIndex(), bytes);
        staged += bytes;
    }

    /** Gives what waits to Netty's queue: what is written to it after that comes after it. */
    void pass() {
        if (held != null) {
            context.write(held.duplicate(), context.voidPromise());
            held = null;
        } else if (staged > 0) {
            context.write(copy(place, staged), context.voidPromise());
        }
        clear();
    }

    private ByteBuf copy(int from, int bytes) {
        return context.alloc().directBuffer(bytes).writeBytes(stage.bytes(), from, bytes);
    }

    /** Lets everything go. */
    void flush() {
        ChannelOutboundBuffer queue = context.channel().unsafe().outboundBuffer();
        if (queue == null) {
            drop();
        } else if (kernel == null) {
            context.flush();
        } else {
            if (queue.totalPendingWriteBytes() == 0) {
                send();
            } else {
                pass();
            }
            if (queue.totalPendingWriteBytes() > 0) {
                context.flush();
            }
        }
    }

    private void send() {
        try {
            if (held != null) {
                int from = held.readerIndex();
                int left = held.readableBytes();
                int sent = kernel.sendAddress(held.memoryAddress(), from, from + left);
                if (sent < left) {
                    context.write(held.retainedSlice(from + sent, left - sent), context.voidPromise());
                }
            } else if (staged > 0) {
                int sent = kernel.sendAddress(stage.bytes().memoryAddress(), place, place + staged);
                if (sent < staged) {
                    context.write(copy(place + sent, staged - sent), context.voidPromise());
                }
            }
        } catch (IOException broken) {
            // As with Netty's own writes: whoever loses a network loses it without a line in our log.
            context.close();
        } finally {
            drop();
        }
    }

    /** Forgets what waits: it went, or the socket is gone. */
    void drop() {
        if (held != null) {
            held.release();
            held = null;
        }
        clear();
    }

    private void clear() {
        stage = null;
        staged = 0;
    }
}
