package dev.parley.server.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A pub/sub channel that is being heard, across losses of the connection and on whichever shard has it, until closed. */
public final class Subscription {
    private static final CompletableFuture<Void> HEARD = CompletableFuture.completedFuture(null);

    private final Shards shards;
    private final String key;
    private final int part;
    private final Listener listener;

    /** Once heard it is the one that all share, for there are as many as there are channels. */
    private volatile CompletableFuture<Void> heard = new CompletableFuture<>();

    /** Who hears it. Called on the link's loop, one call at a time; must not block. */
    public interface Listener {

        /** A message was published. */
        void message(byte[] message);

        /** The channel is heard again after messages may have been missed. */
        void interrupted();
    }

    Subscription(Shards shards, String key, Listener listener) {
        this.shards = shards;
        this.key = key;
        this.part = shards.part(key);
        this.listener = listener;
    }

    /**
     * Completes when Redis confirmed for the first time that every later message is heard. Fails with {@code unavailable} when that takes longer than the
     * timeout; the subscription goes on trying all the same, and the question may be asked again.
     */
    public CompletionStage<Void> ready() {
        CompletableFuture<Void> asked = heard;
        if (asked.isDone()) {
            return asked;
        }
        CompletableFuture<Void> answer = asked.copy().orTimeout(shards.timeout().toMillis(), TimeUnit.MILLISECONDS);
        return answer.handle((none, late) -> {
            if (late != null) {
                throw Pipeline.unavailable();
            }
            return null;
        });
    }

    /** Hears no more; any thread, any number of times. A message under way may still arrive. */
    public void close() {
        shards.leave(this);
    }

    /** The name of what it hears. */
    public String key() {
        return key;
    }

    /** Where its key belongs, as {@link Shards#part} says. */
    int part() {
        return part;
    }

    void message(byte[] message) {
        listener.message(message);
    }

    /** Redis confirmed the subscription, for the first time or after a loss. */
    void confirmed() {
        CompletableFuture<Void> first = heard;
        if (first == HEARD) {
            listener.interrupted();
        } else {
            heard = HEARD;
            first.complete(null);
        }
    }
}
