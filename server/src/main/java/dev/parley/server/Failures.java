package dev.parley.server;

import java.util.concurrent.CompletionException;

/** What went wrong in a stage, as it was before the library wrapped it. Any thread. */
public final class Failures {
    private Failures() {}

    /**
     * What failed: whoever asks a stage is told of it in a {@link CompletionException} where there was another stage between, and bare where there was none.
     *
     * @param failure as a stage gave it; null for none
     */
    public static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
