package dev.parley.server.log.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Gathers what is asked while the last batch is under way, and sends it as the next: with nothing under way, at once. Offered to by any thread; batches are
 * formed by the offering thread or by the one on which the last batch completed, one at a time and in the order of the offers.
 *
 * @param <T> what is gathered
 */
final class Batches<T> {

    /** How much may wait, and how much goes at once. */
    record Bounds(int waiting, long waitingBytes, int batch, long batchBytes) {}

    /**
     * Sends a batch. Never fails: the stage gives what is then to be told to those who wait, which is done when the next batch is on its way.
     *
     * @param <T> what is gathered
     */
    interface Sender<T> extends Function<List<T>, CompletionStage<Runnable>> {}

    private record Offer<T>(T what, int bytes) {}

    private final Bounds bounds;
    private final Sender<T> sender;
    private final ArrayDeque<Offer<T>> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean underWay;

    Batches(Bounds bounds, Sender<T> sender) {
        this.bounds = bounds;
        this.sender = sender;
    }

    /** Whether it is taken; false when too much waits already. */
    boolean offer(T what, int bytes) {
        synchronized (waiting) {
            if (waiting.size() >= bounds.waiting || waitingBytes + bytes > bounds.waitingBytes) {
                return false;
            }
            waiting.add(new Offer<>(what, bytes));
            waitingBytes += bytes;
            if (underWay) {
                return true;
            }
            underWay = true;
        }
        next();
        return true;
    }

    private void next() {
        List<T> batch = take();
        if (!batch.isEmpty()) {
            sender.apply(batch).thenAccept(tell -> {
                next();
                tell.run();
            });
        }
    }

    private List<T> take() {
        List<T> batch = new ArrayList<>();
        long bytes = 0;
        synchronized (waiting) {
            while (!waiting.isEmpty() && batch.size() < bounds.batch && (bytes < bounds.batchBytes)) {
                Offer<T> offer = waiting.remove();
                batch.add(offer.what);
                bytes += offer.bytes;
            }
            waitingBytes -= bytes;
            underWay = !batch.isEmpty();
        }
        return batch;
    }
}
