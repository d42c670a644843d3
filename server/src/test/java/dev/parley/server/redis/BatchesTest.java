package dev.parley.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How batches follow each other when their sender answers at once, does not send at all, or fails. */
class BatchesTest {
    private static final int LANE = 7;
    private static final int MANY = 100_000;
    private static final Batches.Bounds BOUNDS = new Batches.Bounds(16, 1 << 10, 4, 1 << 10);

    private final List<Integer> told = new ArrayList<>();
    private final List<Integer> refused = new ArrayList<>();

    @Test
    void whatIsOfferedWhileEachBatchIsAnsweredAtOnceIsAllSent() {
        Offering offering = new Offering(MANY);

        offering.offer(0);

        assertThat(told).hasSize(MANY).isSorted();
        assertThat(offering.batches.offer(LANE, MANY, 1)).isTrue();
        assertThat(told).endsWith(MANY);
    }

    @Test
    void aBatchThatCannotBeSentIsRefusedAndTheNextOneGoes() {
        Batches<Integer> batches = new Batches<>(
                BOUNDS,
                batch -> {
                    if (batch.contains(1)) {
                        throw new OutOfMemoryError("as the test wants it");
                    }
                    return answered(batch);
                },
                refused::add);

        batches.offer(LANE, 1, 1);
        batches.offer(LANE, 2, 1);

        assertThat(refused).containsExactly(1);
        assertThat(told).containsExactly(2);
    }

    @Test
    void whoeverCannotBeToldKeepsNobodyElseFromBeingSent() {
        List<CompletableFuture<Runnable>> answers = new ArrayList<>();
        Batches<Integer> batches = new Batches<>(
                BOUNDS,
                batch -> {
                    CompletableFuture<Runnable> answer = new CompletableFuture<>();
                    answers.add(answer);
                    return answer;
                },
                refused::add);
        batches.offer(LANE, 1, 1);
        batches.offer(LANE, 2, 1);

        answers.get(0).complete(() -> {
            throw new IllegalStateException("as the test wants it");
        });
        answers.get(1).completeExceptionally(new IllegalStateException("as the test wants it"));
        batches.offer(LANE, 3, 1);
        answers.get(2).complete(() -> told.add(3));

        assertThat(refused).containsExactly(2);
        assertThat(told).containsExactly(3);
    }

    private CompletionStage<Runnable> answered(List<Integer> batch) {
        return CompletableFuture.completedStage(() -> told.addAll(batch));
    }

    /** Somebody who goes on offering whenever a batch is sent. */
    private final class Offering {
        private final int most;
        private final Batches<Integer> batches = new Batches<>(BOUNDS, this::send, refused::add);

        Offering(int most) {
            this.most = most;
        }

        void offer(int number) {
            assertThat(batches.offer(LANE, number, 1)).isTrue();
        }

        private CompletionStage<Runnable> send(List<Integer> batch) {
            int next = batch.get(batch.size() - 1) + 1;
            if (next < most) {
                offer(next);
            }
            return answered(batch);
        }
    }
}
