package dev.parley.client;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Calls the listener, on a thread of its own, in order. The loop gives it calls and asks whether it has enough; reading from the socket stops until it has
 * worked off half of them, which is what bounds the queue.
 */
final class Deliveries {
    private static final System.Logger LOG = System.getLogger(Deliveries.class.getName());

    private final ThreadPoolExecutor executor;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final AtomicReference<Runnable> drained = new AtomicReference<>();
    private final int enough;

    /**
     * @param threadName the listener's thread
     * @param enough calls outstanding at which no more should come
     */
    Deliveries(String threadName, int enough) {
        this.enough = enough;
        executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        executor.allowCoreThreadTimeOut(true);
    }

    /** Has a call made, unless it is over. Loop only. */
    void deliver(Runnable call) {
        if (executor.isShutdown()) {
            return;
        }
        outstanding.incrementAndGet();
        executor.execute(() -> {
            try {
                call.run();
            } catch (RuntimeException | Error e) {
                // The fault is the listener's; the frames after this one are still wanted.
                LOG.log(System.Logger.Level.WARNING, "a Parley listener failed", e);
            } finally {
                outstanding.decrementAndGet();
                tellIfDrained();
            }
        });
    }

    /** Whether no more should come. */
    boolean full() {
        return outstanding.get() >= enough;
    }

    /** Has {@code told} run once, on any thread, when half of what is enough has been worked off; at once when that is so already. */
    void whenDrained(Runnable told) {
        drained.set(told);
        tellIfDrained();
    }

    private void tellIfDrained() {
        if (outstanding.get() <= enough / 2) {
            Runnable told = drained.getAndSet(null);
            if (told != null) {
                told.run();
            }
        }
    }

    /** Makes the calls given so far, and no more. */
    void end() {
        executor.shutdown();
    }
}
