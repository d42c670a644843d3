package dev.parley.server.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A pub/sub channel that is being heard, across losses of the connection and on whichever shard has it, until closed. */
public final class Subscription {
    private final Shards shards;
    private final String key;
    private final int part;
    private final Consumer<byte[]> messages;
    private final Runnable interrupted;
    private final CompletableFuture<Void> heard = new CompletableFuture<>();

    Subscription(Shards shards, String key, Consumer<byte[]> messages, Runnable interrupted) {
        this.shards = shards;
        this.key = key;
        this.part = shards.part(key);
        this.messages = messages;
        this.interrupted = interrupted;
    }

    /**
     * Completes when Redis confirmed for the first time that every later message is heard. Fails with {@code unavailable} when that takes longer than the
     * timeout; the subscription goes on trying all the same, and the question may be asked again.
     */
    public CompletionStage<Void> ready() {
        if (heard.isDone()) {
            return heard;
        }
        CompletableFuture<Void> answer = heard.copy().orTimeout(shards.timeout().toMillis(), TimeUnit.MILLISECONDS);
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

    String key() {
        return key;
    }

    /** Where its key belongs, as {@link Shards#part} says. */
    int part() {
        return part;
    }

    void message(byte[] message) {
        messages.accept(message);
    }

    /** Redis confirmed the subscription, for the first time or after a loss. */
    void confirmed() {
        if (!heard.complete(null)) {
            interrupted.run();
        }
    }
}
