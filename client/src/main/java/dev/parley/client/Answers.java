package dev.parley.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;

/**
 * Completes what callers wait for, on the common pool: their continuations then hold up neither the loop nor the listener, and a listener may wait for an
 * answer without waiting for itself.
 */
final class Answers {

    private Answers() {}

    static <T> void succeed(CompletableFuture<T> answer, T value) {
        answer.completeAsync(() -> value);
    }

    static void fail(CompletableFuture<?> answer, ParleyException cause) {
        ForkJoinPool.commonPool().execute(() -> answer.completeExceptionally(cause));
    }
}
