package dev.parley.client.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A thread, its selector and the sockets that belong to it. {@link #execute}, {@link #failure} and {@link #cpuNanos} may be called by anybody; the rest is for
 * what runs on the thread.
 *
 * <p>Plain NIO and no dependency: with one direct buffer for all sockets and no object per frame it takes about one and a half times the processor time of a
 * program in C on epoll that does the same (deploy/load/README.md).
 */
public final class Reactor implements AutoCloseable {
    private static final int READ_BYTES = 256 * 1024;
    private static final int SCRATCH_BYTES = 128 * 1024;

    private final int number;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final List<WebSocket> written = new ArrayList<>();
    private final List<Runnable> after = new ArrayList<>();
    private ByteBuffer incoming = buffer(READ_BYTES);
    private final ByteBuffer scratch = ByteBuffer.allocate(SCRATCH_BYTES).order(ByteOrder.nativeOrder());
    private long now = System.nanoTime();
    private volatile boolean closed;
    private volatile Throwable failure;

    /** Starts the thread; {@code number} tells it from the others, from 0 on. */
    public Reactor(int number) {
        this.number = number;
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.thread = new Thread(this::run, "bench-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** Which of the reactors this is, from 0 on. */
    public int number() {
        return number;
    }

    /** When what is handled now was read, by {@link System#nanoTime}. */
    public long now() {
        return now;
    }

    /** A cleared buffer to put together in what is sent next. */
    public ByteBuffer scratch() {
        return scratch.clear();
    }

    /** What broke the thread; null while it is well. */
    public Throwable failure() {
        return failure;
    }

    /** Processor time of the thread. */
    long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
    }

    /** Has something done on the thread, in the order of the calls. */
    public void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread && woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    Selector selector() {
        return selector;
    }

    /** The buffer that sockets read into, one after the other. */
    ByteBuffer incoming() {
        return incoming;
    }

    /** Doubles it, for a message that does not fit, and keeps what is in it. */
    ByteBuffer growIncoming() {
        ByteBuffer larger = buffer(incoming.capacity() * 2);
        larger.put(incoming.flip());
        incoming = larger;
        return larger;
    }

    /** Has something done when all that was read from the present socket is handled, before anything is written. */
    void afterThis(Runnable task) {
        after.add(task);
    }

    /** The socket has something to write: it will be flushed before the thread turns to another socket. */
    void toFlush(WebSocket socket) {
        written.add(socket);
    }

    private void run() {
        try {
            while (!closed) {
                if (tasks.isEmpty()) {
                    selector.select(this::ready, 1_000);
                } else {
                    selector.selectNow(this::ready);
                }
                woken.set(false);
                runTasks();
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        } finally {
            end();
        }
    }

    private void ready(SelectionKey key) {
        now = System.nanoTime();
        ((WebSocket) key.attachment()).ready();
        flush();
    }

    private void runTasks() {
        now = System.nanoTime();
        // Only what is there now, so that reading has its turn.
        for (int left = tasks.size(); left > 0; left--) {
            Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            task.run();
        }
        flush();
    }

    private void flush() {
        for (int i = 0; i < after.size(); i++) {
            after.get(i).run();
        }
        after.clear();
        for (int i = 0; i < written.size(); i++) {
            written.get(i).flush();
        }
        written.clear();
    }

    private void end() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            // The sockets end with the process at the latest.
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
