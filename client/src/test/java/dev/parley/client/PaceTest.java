package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    @Test
    void aBurstGoesAtOnceAndThenOneAfterTheOther() {
        Pace pace = new Pace(100, 3, 0);
        assertThat(pace.take(0)).isZero();
        assertThat(pace.take(0)).isZero();
        assertThat(pace.take(0)).isZero();
        assertThat(pace.take(0)).isEqualTo(10 * MILLI);
        assertThat(pace.take(10 * MILLI)).isZero();
        assertThat(pace.take(14 * MILLI)).isCloseTo(6 * MILLI, within(1L));
    }

    @Test
    void aRestSavesUpNoMoreThanABurst() {
        Pace pace = new Pace(100, 2, 0);
        long later = Duration.ofHours(1).toNanos();
        assertThat(pace.take(later)).isZero();
        assertThat(pace.take(later)).isZero();
        assertThat(pace.take(later)).isPositive();
    }

    @Test
    void noRateIsNoBound() {
        Pace pace = new Pace(0, 0, 0);
        for (int i = 0; i < 1000; i++) {
            assertThat(pace.take(0)).isZero();
        }
    }
}
