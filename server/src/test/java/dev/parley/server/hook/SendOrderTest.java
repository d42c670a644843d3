package dev.parley.server.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SendOrderTest {
    private final SendOrder order = new SendOrder();
    private final List<String> begun = new ArrayList<>();
    private final CompletableFuture<String> first = new CompletableFuture<>();
    private final CompletableFuture<String> second = new CompletableFuture<>();
    private final CompletableFuture<String> third = new CompletableFuture<>();

    @Test
    void whatIsDecidedFirstWaitsForWhatWasSentFirst() {
        send(first);
        send(second);
        send(third);

        third.complete("third");
        second.complete("second");
        assertThat(begun).isEmpty();
        first.complete("first");

        assertThat(begun).containsExactly("first", "second", "third");
    }

    @Test
    void whatIsRefusedHoldsNothingUp() {
        CompletionStage<String> refused = send(first);
        send(second);
        second.complete("second");

        first.completeExceptionally(new IllegalStateException("refused"));

        assertThat(begun).containsExactly("second");
        assertThat(refused.toCompletableFuture()).isCompletedExceptionally();
    }

    /** Only its beginning is in order; the log keeps the order of what has begun. */
    @Test
    void whatHasBegunIsNotWaitedFor() {
        CompletableFuture<String> end = new CompletableFuture<>();
        CompletionStage<String> result = order.after(first, decision -> end);
        send(second);
        second.complete("second");
        first.complete("first");

        assertThat(begun).containsExactly("second");
        assertThat(result.toCompletableFuture()).isNotDone();
    }

    @Test
    void whatFailsToBeginHoldsNothingUpEither() {
        CompletionStage<String> failed = order.after(first, decision -> {
            throw new IllegalStateException("a fault");
        });
        send(second);
        first.complete("first");
        second.complete("second");

        assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
        assertThat(begun).containsExactly("second");
    }

    private CompletionStage<String> send(CompletableFuture<String> decided) {
        return order.after(decided, decision -> {
            begun.add(decision);
            return CompletableFuture.completedStage(decision);
        });
    }
}
