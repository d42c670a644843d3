package dev.parley.server.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Gathers what is asked while the last batch is under way, and sends it as the next: with nothing under way, at once. Goes by lanes, of which each has its own
 * batch under way. Offered to by any thread; batches are formed by the offering thread or by the one on which the lane's last batch completed, one at a time
 * and in the order of the offers.
 *
 * @param <T> what is gathered
 */
public final class Batches<T> {

    /** How much may wait in all lanes together, and how much goes at once. */
    public record Bounds(int waiting, long waitingBytes, int batch, long batchBytes) {}

    /**
     * Sends a batch. Never fails: the stage gives what is then to be told to those who wait, which is done when the next batch is on its way.
     *
     * @param <T> what is gathered
     */
    public interface Sender<T> extends Function<List<T>, CompletionStage<Runnable>> {}

    private record Offer<T>(T what, int bytes) {}

    private final Bounds bounds;
    private final Sender<T> sender;

    /** The lanes that have a batch under way, with what waits. */
    private final Map<Integer, ArrayDeque<Offer<T>>> lanes = new HashMap<>();

    private int waiting;
    private long waitingBytes;

    public Batches(Bounds bounds, Sender<T> sender) {
        this.bounds = bounds;
        this.sender = sender;
    }

    /** Whether it is taken; false when too much waits already. */
    public boolean offer(int lane, T what, int bytes) {
        synchronized (lanes) {
            if (waiting >= bounds.waiting || waitingBytes + bytes > bounds.waitingBytes) {
                return false;
            }
            ArrayDeque<Offer<T>> busy = lanes.get(lane);
            if (busy != null) {
                busy.add(new Offer<>(what, bytes));
                waiting++;
                waitingBytes += bytes;
                return true;
            }
            lanes.put(lane, new ArrayDeque<>());
        }
        send(lane, List.of(what));
        return true;
    }

    private void send(int lane, List<T> batch) {
        sender.apply(batch).thenAccept(tell -> {
            List<T> next = take(lane);
            if (!next.isEmpty()) {
                send(lane, next);
            }
            tell.run();
        });
    }

    private List<T> take(int lane) {
        List<T> batch = new ArrayList<>();
        long bytes = 0;
        synchronized (lanes) {
            ArrayDeque<Offer<T>> queue = lanes.get(lane);
            while (!queue.isEmpty() && batch.size() < bounds.batch && bytes < bounds.batchBytes) {
                Offer<T> offer = queue.remove();
                batch.add(offer.what);
                bytes += offer.bytes;
            }
            waiting -= batch.size();
            waitingBytes -= bytes;
            if (batch.isEmpty()) {
                lanes.remove(lane);
            }
        }
        return batch;
    }
}
