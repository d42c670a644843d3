package dev.parley.server.trace;

import io.opentelemetry.api.trace.Span;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One traced message on one instance that has followers of its channel: from when it was heard until the last event loop has flushed it to its sockets. Each of the
 * loops tells of its own part; any thread.
 */
public final class Delivery {
    private final Span span;
    private final AtomicInteger followers = new AtomicInteger();
    private final AtomicInteger recipients = new AtomicInteger();
    private final AtomicInteger loops = new AtomicInteger();

    Delivery(Span span) {
        this.span = span;
    }

    /** So many loops are going to tell of it; before any of them does. */
    public void expect(int parts) {
        loops.set(parts);
        if (parts == 0) {
            end();
        }
    }

    /**
     * One loop is through.
     *
     * @param its how many follow the channel there
     * @param given to how many of them it was written; the others are excepted, or behind and read it from the log
     */
    public void part(int its, int given) {
        followers.addAndGet(its);
        recipients.addAndGet(given);
        if (loops.decrementAndGet() == 0) {
            end();
        }
    }

    private void end() {
        span.setAttribute("parley.followers", followers.get())
                .setAttribute("parley.recipients", recipients.get())
                .end();
    }
}
