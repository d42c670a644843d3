package dev.parley.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RollTest {
    private static final Optional<NodeInfo> LEASE = Optional.of(new NodeInfo("b", 1, 2, "3"));
    private static final Optional<NodeInfo> NO_LEASE = Optional.empty();

    private final Roll roll = new Roll(Duration.ofSeconds(6), Duration.ofSeconds(6));

    @Test
    void aNodeWithALeaseLives() {
        assertThat(look(0, LEASE)).isEmpty();

        assertThat(roll.alive()).containsKey("b");
    }

    @Test
    void aNodeIsGoneOnceAbsentInTwoLooksALeaseApart() {
        look(0, LEASE);

        assertThat(look(2, NO_LEASE)).isEmpty();
        assertThat(look(4, NO_LEASE)).isEmpty();
        assertThat(look(6, NO_LEASE)).isEmpty();
        assertThat(roll.alive()).containsKey("b");
        assertThat(look(8, NO_LEASE)).containsExactly("b");
        assertThat(roll.alive()).isEmpty();
    }

    @Test
    void aLeaseInBetweenBeginsTheWaitAnew() {
        look(0, LEASE);
        look(2, NO_LEASE);
        look(4, LEASE);

        assertThat(look(8, NO_LEASE)).isEmpty();
        assertThat(look(14, NO_LEASE)).containsExactly("b");
    }

    @Test
    void aLookWithoutAnswerBeginsTheWaitAnew() {
        look(0, LEASE);
        look(2, NO_LEASE);
        roll.interrupted();

        assertThat(look(8, NO_LEASE)).isEmpty();
        assertThat(look(14, NO_LEASE)).containsExactly("b");
    }

    @Test
    void aPauseOfThisProcessBeginsTheWaitAnew() {
        look(0, LEASE);
        look(2, NO_LEASE);

        assertThat(look(60, NO_LEASE)).isEmpty();
        assertThat(look(66, NO_LEASE)).containsExactly("b");
    }

    @Test
    void aRedisThatLostItsDataMakesNobodyLookDead() {
        look(0, LEASE);

        roll.looked(seconds(2), Map.of());
        assertThat(roll.alive()).containsKey("b");
        look(4, LEASE);
        assertThat(roll.alive()).containsKey("b");
    }

    @Test
    void aNodeThatWasOnlyEverListedIsGoneAfterALease() {
        look(0, NO_LEASE);

        assertThat(roll.alive()).containsKey("b");
        assertThat(look(6, NO_LEASE)).containsExactly("b");
    }

    @Test
    void aNodeThatIsGoneComesBackByALeaseOnly() {
        look(0, NO_LEASE);
        look(6, NO_LEASE);

        look(7, NO_LEASE);
        assertThat(roll.alive()).isEmpty();
        look(8, LEASE);
        assertThat(roll.alive()).containsKey("b");
    }

    private Set<String> look(int second, Optional<NodeInfo> lease) {
        return roll.looked(seconds(second), Map.of("b", lease));
    }

    private static long seconds(int seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
