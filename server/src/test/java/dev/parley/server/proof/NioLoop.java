package dev.parley.server.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Hundreds of light connections on one thread of its own, for load that leaves the machine to the servers. Everything about its connections happens on that
 * thread; tests ask and act through {@link #call}.
 */
final class NioLoop implements AutoCloseable {
    private static final int TURN_MILLIS = 1;

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private Runnable everyTurn = () -> {};
    private volatile boolean closed;
    private volatile RuntimeException failure;

    NioLoop() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::turnUntilClosed, "nio-loop");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Opens a connection and waits for its handshake. Any thread but the loop's own.
     *
     * @param receiveBuffer bytes that the kernel takes for a reader who does not read; 0 for what is usual
     * @param listener hears what comes, on the loop's thread
     */
    NioSocket connect(URI server, int receiveBuffer, NioSocket.Listener listener) {
        NioSocket socket = NioSocket.open(server, receiveBuffer, listener);
        run(() -> socket.register(selector));
        return socket;
    }

    /** Has something done each millisecond or so. */
    void everyTurn(Runnable task) {
        run(() -> everyTurn = task);
    }

    /** Does something on the loop's thread and waits until it is done. */
    void run(Runnable task) {
        call(() -> {
            task.run();
            return null;
        });
    }

    /** Asks for something on the loop's thread and waits for the answer. */
    <T> T call(Supplier<T> task) {
        if (failure != null) {
            throw new IllegalStateException("the thread broke", failure);
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        selector.wakeup();
        return RawClient.await(result);
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turnUntilClosed() {
        try (selector) {
            while (!closed) {
                selector.select(TURN_MILLIS);
                for (SelectionKey key : selector.selectedKeys()) {
                    ((NioSocket) key.attachment()).ready();
                }
                selector.selectedKeys().clear();
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                everyTurn.run();
            }
            selector.keys().forEach(key -> ((NioSocket) key.attachment()).drop());
        } catch (IOException e) {
            failure = new UncheckedIOException(e);
        } catch (RuntimeException e) {
            failure = e;
        }
    }
}
