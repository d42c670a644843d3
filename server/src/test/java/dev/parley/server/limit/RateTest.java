package dev.parley.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
    private static final long SECOND = 1_000_000_000L;

    private final Rate rate = Rate.of(10, 30);

    @Test
    void asManyAtOnceAsTheBurstAndThenAsManyAsTheRate() {
        long until = 0;
        for (int i = 0; i < 30; i++) {
            until = rate.take(until, 0, 1);
            assertThat(rate.excess(until, 0)).isNotPositive();
        }
        until = rate.take(until, 0, 1);

        assertThat(rate.excess(until, 0)).isEqualTo(SECOND / 10);
        assertThat(rate.excess(until, SECOND / 10)).isNotPositive();
    }

    @Test
    void aRestGivesBackTheBurstAndNoMore() {
        long until = rate.take(0, 0, 30);

        until = rate.take(until, 100 * SECOND, 30);

        assertThat(rate.excess(until, 100 * SECOND)).isNotPositive();
        assertThat(rate.excess(rate.take(until, 100 * SECOND, 5), 100 * SECOND)).isEqualTo(SECOND / 2);
    }

    /** {@link System#nanoTime} begins anywhere, and may overflow. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE + 5, -SECOND, Long.MAX_VALUE - SECOND})
    void itDoesNotMatterWhereTimeBegins(long begin) {
        long until = rate.take(begin, begin, 40);

        assertThat(rate.excess(until, begin)).isEqualTo(SECOND);
        assertThat(rate.excess(until, begin + SECOND)).isNotPositive();
    }
}
