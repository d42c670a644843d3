package dev.parley.server.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Gathers what is asked while the last batch is under way, and sends it as the next: with nothing under way, at once. Goes by lanes, of which each has its own
 * batch under way. Offered to by any thread; batches are formed by the offering thread or by the one on which the lane's last batch completed, one at a time
 * and in the order of the offers.
 *
 * @param <T> what is gathered
 */
public final class Batches<T> {
    private static final Logger LOG = Logger.getLogger(Batches.class);

    /** How much may wait in all lanes together, and how much goes at once. */
    public record Bounds(int waiting, long waitingBytes, int batch, long batchBytes) {}

    /**
     * Sends a batch. The stage gives what is then to be told to those who wait, which is done when the next batch is on its way.
     *
     * @param <T> what is gathered
     */
    public interface Sender<T> extends Function<List<T>, CompletionStage<Runnable>> {}

    private record Offer<T>(T what, int bytes) {}

    private final Bounds bounds;
    private final Sender<T> sender;
    private final Consumer<T> refusal;

    /** The lanes that have a batch under way, with what waits. */
    private final Map<Integer, ArrayDeque<Offer<T>>> lanes = new HashMap<>();

    private int waiting;
    private long waitingBytes;

    /** @param refusal tells one that was in a batch which could not be sent, as there was no memory for it */
    public Batches(Bounds bounds, Sender<T> sender, Consumer<T> refusal) {
        this.bounds = bounds;
        this.sender = sender;
        this.refusal = refusal;
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
        send(lane, List.of(what), () -> {});
        return true;
    }

    /**
     * Sends a batch and, while each is answered at once, as all are without a connection, those after it. In a loop: where each was sent from within the answer to
     * the one before it, others who went on offering meanwhile brought the stack to its end, and a lane that stands then stands for good.
     *
     * @param last what is to be told once the batch is on its way
     */
    private void send(int lane, List<T> batch, Runnable last) {
        List<T> next = batch;
        Runnable due = last;
        while (!next.isEmpty()) {
            CompletableFuture<Runnable> sent = sent(next);
            tell(due);
            if (!sent.isDone()) {
                sent.thenAccept(tell -> send(lane, take(lane), tell));
                return;
            }
            due = sent.join();
            next = take(lane);
        }
        tell(due);
    }

    /** Never fails. */
    private CompletableFuture<Runnable> sent(List<T> batch) {
        try {
            return sender.apply(batch)
                    .exceptionally(failure -> refused(batch, failure))
                    .toCompletableFuture();
        } catch (RuntimeException | OutOfMemoryError failure) {
            return CompletableFuture.completedFuture(refused(batch, failure));
        }
    }

    private Runnable refused(List<T> batch, Throwable failure) {
        LOG.error("A batch could not be sent", failure);
        return () -> batch.forEach(refusal);
    }

    private static void tell(Runnable due) {
        try {
            due.run();
        } catch (RuntimeException | OutOfMemoryError failure) {
            LOG.error("Not everybody could be told what became of a batch", failure);
        }
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
