package dev.parley.client;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that owns a client's state; nothing on it blocks. Tasks run in the order given. The thread is a daemon: a client alone keeps no process alive.
 */
final class Loop {
    private static final System.Logger LOG = System.getLogger(Loop.class.getName());

    private final ScheduledThreadPoolExecutor executor;

    /** Something that was to happen later. */
    @FunctionalInterface
    interface Timer {
        /** Sees to it that it does not happen. */
        void cancel();

        /** Nothing to cancel. */
        Timer NONE = () -> {};
    }

    Loop(String threadName) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Runs a task on the loop. May be called on any thread.
     *
     * @return false, without running it, when the loop has ended
     */
    boolean execute(Runnable task) {
        try {
            executor.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs a task on the loop after a delay, unless the loop has ended by then. */
    Timer after(Duration delay, Runnable task) {
        try {
            var scheduled = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            return Timer.NONE;
        }
    }

    /** Ends the loop after what was given to it without a delay. */
    void end() {
        executor.shutdown();
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a task of the Parley client failed", e);
            }
        };
    }
}
