package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final AtomicReference<Double> chance = new AtomicReference<>(0.5);
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(20), chance::get);

    @Test
    void theCeilingDoublesFromTheFirstDelayOnUpToItsLimit() {
        long[] millis = new long[9];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = backoff.next().toMillis();
        }
        assertThat(millis).containsExactly(250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000);
    }

    @Test
    void jitterIsFull() {
        chance.set(0.0);
        assertThat(backoff.next()).isZero();
        chance.set(0.999);
        assertThat(backoff.next().toMillis()).isEqualTo(999);
    }

    @Test
    void theCeilingNeverOverflows() {
        for (int i = 0; i < 200; i++) {
            backoff.next();
        }
        assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void itBeginsAnewAfterAReset() {
        backoff.next();
        backoff.next();
        backoff.reset();
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(250));
    }
}
