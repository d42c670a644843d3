package dev.parley.server.gateway;

import dev.parley.server.log.LogUnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the library lacks about stages. */
final class Stages {
    private Stages() {}

    /** Completes when all have; fails when any did. */
    static CompletionStage<Void> all(List<CompletionStage<Void>> stages) {
        return CompletableFuture.allOf(
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
    }

    /** Fails, for nobody waits any more for what was asked. */
    static <T> CompletionStage<T> givenUp() {
        return CompletableFuture.failedStage(new LogUnavailableException("it was given up"));
    }
}
