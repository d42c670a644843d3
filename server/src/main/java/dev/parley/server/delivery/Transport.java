package dev.parley.server.delivery;

import dev.parley.protocol.CloseReason;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The way to one client, whatever carries it: a WebSocket ({@link Socket}) or an answer over HTTP that does not end ({@link EventStream}). Its state machine and the
 * feeds write the same frames to either. Everything runs on its event loop, unless said otherwise.
 */
public sealed interface Transport permits Socket, EventStream {

    /**
     * Names who handles what comes in; once, before anything can.
     *
     * @param inbound the connection's state machine
     */
    void handleWith(Inbound inbound);

    /** The event loop; runs at once or later, in order. Any thread. */
    default Executor loop() {
        return fanout().loop;
    }

    /** Runs something on the loop after a while; it must check itself whether the connection still stands. Any thread. */
    default void later(long millis, Runnable task) {
        fanout().loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Has the connection looked after from time to time, with a second's precision, until it has ended. Once.
     *
     * @param seconds until the first look
     * @param check says in how many seconds to look again (at most about a minute), 0 for never
     */
    void watch(int seconds, IntSupplier check);

    /** Writes a server frame's JSON, whatever waits already; it leaves at the end of this turn of the loop. */
    void write(byte[] json);

    /** Whether the peer reads fast enough that more may be sent to it. */
    boolean hasRoom();

    /** Closes in order: what is written so far, and then why. */
    void close(CloseReason reason);

    /** Stops or resumes reading from the peer, apart from what back-pressure does. */
    void pauseReading(boolean pause);

    /** Nanoseconds ({@link System#nanoTime}) of the last sign of life from the peer. */
    long heardAt();

    /** Nanoseconds ({@link System#nanoTime}) of the last time anything was sent to the peer. */
    long sentAt();

    /** Bytes written since it was opened. */
    long queuedBytes();

    /** Of {@link #queuedBytes}, those that the kernel took. */
    long drainedBytes();

    /** Whether a close is under way or done. */
    boolean isClosing();

    /** Has something run when half of what may wait has drained. For the feeds. */
    void onRoom(Runnable task);

    /** What the loop knows of channels. For the feeds. */
    Fanout fanout();

    /** Writes frames as {@link Wire} encodes them, and takes over the reference to them. For the feeds. */
    void write(ByteBuf frames);

    /** Writes such frames that others write, too, and leaves reference and indices as they are. For the feeds. */
    default void share(ByteBuf frames) {
        write(frames.retainedDuplicate());
    }

    /** Closes over a fault of ours, without ceremony where there is no memory left for it. For the feeds. */
    void fail(Throwable fault);

    /** Lets go what was written in this turn of the loop, at that {@link System#nanoTime}. For the loop's {@link Fanout}. */
    void flush(long now);
}
