package dev.parley.server.delivery;

import dev.parley.protocol.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;

/**
 * One WebSocket: hears what {@link FrameDecoder} makes of the bytes that come in, writes outgoing frames that were encoded elsewhere, answers pings and closes as
 * RFC 6455 asks.
 *
 * <p>It is the only handler of the channel's pipeline, but for TLS. Everything here runs on the channel's event loop, unless said otherwise.
 *
 * <p>Back-pressure: {@link #hasRoom} is false while more than {@code limits.outgoing} bytes wait for the peer to read; the feeds skip such a socket and are told
 * by {@link #onRoom} when half of it has drained. What must be answered is written all the same, so reading pauses meanwhile: who does not read is not read.
 */
public final class Socket extends ChannelInboundHandlerAdapter implements Transport {
    private static final Logger LOG = Logger.getLogger(Socket.class);
    private static final long CLOSE_TIMEOUT_SECONDS = 5;

    private final Fanout fanout;
    private final Outgoing outgoing;
    private final FrameDecoder decoder;
    private final Intake intake;
    private Inbound inbound;
    private ChannelHandlerContext context;
    private Channel channel;
    private Runnable onRoom = () -> {};
    private Wheel.Watch watch;
    private Future<?> closeTimeout;
    private boolean readingPaused;
    private boolean throttled;
    private boolean dirty;
    private boolean closing;
    private boolean deaf;
    private boolean ended;
    private long heardAt = System.nanoTime();
    private long sentAt = heardAt;
    private long framesUntil = heardAt;
    private long bytesUntil = heardAt;
    private long queued;

    Socket(Fanout fanout, int maxMessage, Intake intake) {
        this.fanout = fanout;
        this.outgoing = new Outgoing(fanout);
        this.intake = intake;
        this.decoder = new FrameDecoder(fanout, maxMessage, new Frames());
    }

    @Override
    public void handleWith(Inbound inbound) {
        this.inbound = inbound;
    }

    @Override
    public void watch(int seconds, IntSupplier check) {
        watch = new Wheel.Watch(check::getAsInt);
        fanout.wheel.add(watch, seconds);
    }

    @Override
    public void write(byte[] json) {
        if (!closing) {
            queued += outgoing.add(json);
            flushLater();
        }
    }

    @Override
    public boolean hasRoom() {
        return channel.isWritable() && !closing;
    }

    /** Closes in order: what is written so far, the close frame, the peer's answer or five seconds. */
    @Override
    public void close(CloseReason reason) {
        if (!closing) {
            fanout.closing(reason);
            shut(Wire.close(context.alloc(), reason));
        }
    }

    @Override
    public void fail(Throwable fault) {
        LOG.error("a connection is closed over a fault of the server", fault);
        try {
            close(CloseReason.OVERLOADED);
        } catch (RuntimeException | OutOfMemoryError noWay) {
            context.close();
        }
    }

    @Override
    public void pauseReading(boolean pause) {
        if (pause != readingPaused) {
            readingPaused = pause;
            updateReading();
        }
    }

    @Override
    public long heardAt() {
        return heardAt;
    }

    @Override
    public long sentAt() {
        return sentAt;
    }

    @Override
    public long queuedBytes() {
        return queued;
    }

    @Override
    public long drainedBytes() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? queued : queued - waiting.totalPendingWriteBytes() - outgoing.waiting();
    }

    @Override
    public boolean isClosing() {
        return closing;
    }

    @Override
    public void onRoom(Runnable task) {
        onRoom = task;
    }

    @Override
    public Fanout fanout() {
        return fanout;
    }

    @Override
    public void write(ByteBuf frames) {
        if (closing) {
            frames.release();
            return;
        }
        queued += frames.readableBytes();
        outgoing.add(frames);
        flushLater();
    }

    @Override
    public void share(ByteBuf frames) {
        if (!closing) {
            queued += frames.readableBytes();
            outgoing.share(frames);
            flushLater();
        }
    }

    private void flushLater() {
        if (!dirty) {
            dirty = true;
            fanout.flushLater(this);
        }
    }

    @Override
    public void flush(long now) {
        dirty = false;
        sentAt = now;
        try {
            outgoing.flush();
        } catch (RuntimeException | OutOfMemoryError failure) {
            // Nobody knows how much of it went, so not even a close frame may follow; the others of this turn are
            // flushed all the same.
            LOG.error("a connection could not be flushed", failure);
            context.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        channel = added.channel();
        outgoing.writeThrough(added);
    }

    /** The connection is its own: the pipeline is as it stays. */
    void takenOver() {
        outgoing.writeDirectly();
    }

    /** Bounds what waits for the peer: so much here, of which the kernel takes no more than half again, however much it could. */
    void bound(WriteBufferWaterMark outgoing) {
        channel.config().setOption(ChannelOption.SO_SNDBUF, outgoing.low());
        channel.config().setWriteBufferWaterMark(outgoing);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        heardAt = System.nanoTime();
        ByteBuf read = (ByteBuf) message;
        bytesUntil = intake.bytes.take(bytesUntil, heardAt, read.readableBytes());
        framesUntil = intake.frames.take(framesUntil, heardAt, decode(read));
        long pause = intake.pause(framesUntil, bytesUntil, heardAt);
        if (pause > 0 && !throttled) {
            throttled = true;
            updateReading();
            fanout.loop.schedule(this::readOn, pause, TimeUnit.NANOSECONDS);
        }
    }

    private int decode(ByteBuf read) {
        try {
            return decoder.read(read);
        } catch (RuntimeException | OutOfMemoryError fault) {
            // What came is taken apart no further: nobody knows where the next frame begins.
            deaf = true;
            fail(fault);
            return 0;
        }
    }

    private void readOn() {
        throttled = false;
        updateReading();
    }

    /** What comes in. After a close frame of ours only the peer's counts, after the peer's nothing. */
    private final class Frames implements FrameDecoder.Listener {
        @Override
        public void text(byte[] utf8, int length) {
            if (!closing) {
                inbound.text(utf8, 0, length);
            }
        }

        @Override
        public void binary() {
            if (!closing) {
                inbound.binary();
            }
        }

        @Override
        public void ping(byte[] payload, int length) {
            if (!closing) {
                write(Wire.pong(context.alloc(), payload, length));
            }
        }

        @Override
        public void closed(int code) {
            deaf = true;
            if (!closing) {
                boolean without = code == FrameDecoder.NO_CODE;
                shut(without ? Wire.closeWithoutCode(context.alloc()) : Wire.close(context.alloc(), code, ""));
            }
            context.close();
        }

        @Override
        public void violated(int code) {
            deaf = true;
            if (code == FrameDecoder.TOO_LARGE) {
                intake.tooLarge();
            }
            if (closing) {
                context.close();
            } else {
                ByteBuf closeFrame = Wire.close(context.alloc(), code, "bad frame");
                shut(closeFrame, context.newPromise().addListener(sent -> endOutput()));
            }
        }

        @Override
        public boolean isOver() {
            return deaf;
        }
    }

    private void shut(ByteBuf closeFrame) {
        shut(closeFrame, context.voidPromise());
    }

    private void shut(ByteBuf closeFrame, ChannelPromise sent) {
        closing = true;
        outgoing.pass();
        context.writeAndFlush(closeFrame, sent);
        channel.config().setAutoRead(true);
        closeTimeout = fanout.loop.schedule(() -> context.close(), CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            if (watch != null) {
                watch.end();
            }
            if (inbound != null) {
                inbound.closed();
            }
        }
    }

    private void updateReading() {
        channel.config().setAutoRead(closing || !readingPaused && !throttled && channel.isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        updateReading();
        if (channel.isWritable() && !closing) {
            try {
                inbound.room();
                onRoom.run();
            } catch (RuntimeException | OutOfMemoryError fault) {
                fail(fault);
            }
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        deaf = true;
        outgoing.drop();
        decoder.release();
        end();
        if (closeTimeout != null) {
            // It would keep what belonged to a connection that is gone.
            closeTimeout.cancel(false);
        }
        ctx.fireChannelInactive();
    }

    /**
     * A connection that broke: whoever loses a network loses it without a line in our log, for when a thousand do, a thousand stack traces tell nothing more.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        context.close();
    }

    /**
     * Says that nothing more comes, and goes on reading what the peer is still sending: a socket closed over unread bytes is reset, and the close frame is lost
     * with it. No close frame is heard any more, so the end of the peer's side or the timeout ends it.
     */
    private void endOutput() {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            context.close();
        }
    }
}
