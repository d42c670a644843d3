package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final int PER_SECOND = 10;
    private static final int BURST = 20;

    /** {@link System#nanoTime} may begin anywhere, so also near its overflow. */
    private long now = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(50);

    private final Allowance allowance = new Allowance(new Allowance.Rate(PER_SECOND, BURST), now);

    @Test
    void givesTheBurstAtOnceAndNoMore() {
        assertThat(taken(100)).isEqualTo(BURST);
    }

    @Test
    void givesTheRateInTheLongRun() {
        taken(BURST);
        int taken = 0;
        for (int i = 0; i < 1000; i++) {
            pass(10);
            taken += taken(5);
        }

        assertThat(taken).isBetween(10 * PER_SECOND - 1, 10 * PER_SECOND);
    }

    @Test
    void isFullAgainAfterARestAndNotFuller() {
        taken(BURST);
        pass(3_600_000);

        assertThat(taken(100)).isEqualTo(BURST);
    }

    @Test
    void saysWhenThereIsOneAgain() {
        taken(BURST);
        assertThat(allowance.take(now)).isFalse();
        long wait = allowance.millisUntilNext();

        assertThat(wait).isBetween(99L, 101L);
        pass(wait - 2);
        assertThat(allowance.take(now)).isFalse();
        pass(allowance.millisUntilNext());
        assertThat(allowance.take(now)).isTrue();
    }

    @Test
    void saysAtLeastAMillisecond() {
        assertThat(allowance.millisUntilNext()).isEqualTo(1);
    }

    private int taken(int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += allowance.take(now) ? 1 : 0;
        }
        return taken;
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
