package dev.parley.server.testing;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Waits for stages, as tests do and the server never does. */
public final class Stages {
    private static final int SECONDS = 60;

    private Stages() {}

    /** The stage's result. */
    public static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    /** Why the stage failed; null when it did not. */
    public static Throwable failure(CompletionStage<?> stage) {
        try {
            get(stage);
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
