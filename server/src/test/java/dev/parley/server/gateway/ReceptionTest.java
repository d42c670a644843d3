package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReceptionTest {
    private static final int PER_SECOND = 1000;

    private final Reception reception = new Reception(PER_SECOND, () -> this.now);
    private final List<Long> retries = new ArrayList<>();
    private long now = 1;
    private int entered;
    private int reminders;

    private final class Somebody implements Reception.Guest {
        @Override
        public void enter() {
            entered++;
        }

        @Override
        public void comeBack(long millis) {
            retries.add(millis);
        }

        @Override
        public void remind(long millis) {
            reminders++;
        }
    }

    @Test
    void whoComesAloneEntersAtOnce() {
        come(1);

        assertThat(entered).isEqualTo(1);
    }

    @Test
    void onlySoManyAreUnderWayAtATime() {
        come(Reception.UNDER_WAY + 10);
        assertThat(entered).isEqualTo(Reception.UNDER_WAY);

        reception.left();
        assertThat(entered).isEqualTo(Reception.UNDER_WAY + 1);
    }

    @Test
    void onlySoManyASecondComeIn() {
        come(PER_SECOND);
        for (int i = 0; i < entered; i++) {
            reception.left();
        }
        int atOnce = entered;
        assertThat(atOnce).isEqualTo(PER_SECOND / 4);
        assertThat(reminders).isEqualTo(1);

        pass(50);
        reception.reminded();

        assertThat(entered - atOnce).isBetween(45, 55);
    }

    @Test
    void whoWouldWaitTooLongIsToldATimeOfTheirOwn() {
        come(10 * PER_SECOND);

        Set<Long> different = new HashSet<>(retries);
        assertThat(retries).hasSizeGreaterThan(5 * PER_SECOND);
        assertThat(different).hasSizeGreaterThan(1000);
        assertThat(different).allSatisfy(millis -> assertThat(millis).isBetween(500L, 60_000L));
    }

    @Test
    void whoHasWaitedTooLongIsToldToComeBack() {
        come(Reception.UNDER_WAY + 10);

        pass(Reception.LONGEST_WAIT.toMillis() + 1);
        reception.left();

        assertThat(retries).hasSize(10);
        come(1);
        assertThat(entered).isEqualTo(Reception.UNDER_WAY + 1);
    }

    @Test
    void theSlowerItGoesTheEarlierOthersAreSentAway() {
        come(Reception.UNDER_WAY + 2000);
        assertThat(retries).isEmpty();

        for (int i = 0; i < 100; i++) {
            pass(30);
            reception.left();
            if (i % 10 == 0) {
                come(1);
            }
        }

        assertThat(retries).isNotEmpty();
    }

    private void come(int many) {
        for (int i = 0; i < many; i++) {
            reception.arrive(new Somebody());
        }
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
