package dev.parley.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GuestRateTest {
    private final Exceeded exceeded = new Exceeded();
    private long now = -5;
    private final GuestRate rate = new GuestRate(6, exceeded, () -> now);

    @Test
    void anAddressHasItsShareOfAnHourAndGetsItBackOverTime() {
        for (int i = 0; i < 6; i++) {
            assertThat(rate.take("10.0.0.1")).isZero();
        }
        assertThat(rate.take("10.0.0.1")).isEqualTo(TimeUnit.MINUTES.toMillis(10));
        assertThat(rate.take("10.0.0.1")).isEqualTo(TimeUnit.MINUTES.toMillis(10));
        assertThat(rate.take("10.0.0.2")).isZero();
        assertThat(exceeded.of(Limit.GUESTS_PER_ADDRESS)).isEqualTo(2);

        now += TimeUnit.MINUTES.toNanos(10);

        assertThat(rate.take("10.0.0.1")).isZero();
        assertThat(rate.take("10.0.0.1")).isPositive();
    }

    @Test
    void addressesAreForgottenOnceTheirGuestsAreMadeUpFor() {
        for (int i = 0; i < 10_000; i++) {
            rate.take("address " + i);
            now += TimeUnit.SECONDS.toNanos(10);
        }
        assertThat(rate.size()).isLessThan(2_000);
    }
}
