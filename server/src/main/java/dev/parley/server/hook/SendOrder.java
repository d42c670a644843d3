package dev.parley.server.hook;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Lets what one sender sent go on in the order in which it was sent, however long it takes to decide about each. Any thread. */
public final class SendOrder {
    private CompletionStage<?> last = CompletableFuture.completedStage(null);

    /**
     * Goes on with what was decided, once all before it went on or were refused.
     *
     * @param then begins what is to be done; what comes after need not wait for its end
     * @return what {@code then} comes to; fails as the decision does
     */
    public synchronized <T, R> CompletionStage<R> after(
            CompletionStage<T> decided, Function<T, CompletionStage<R>> then) {
        CompletionStage<CompletionStage<R>> begun = last.thenCompose(before -> decided.handle((decision, failure) ->
                failure == null ? begin(then, decision) : CompletableFuture.failedStage(failure)));
        last = begun;
        return begun.thenCompose(result -> result);
    }

    private static <T, R> CompletionStage<R> begin(Function<T, CompletionStage<R>> then, T decision) {
        try {
            return then.apply(decision);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure); // or nothing would ever go on after it
        }
    }
}
