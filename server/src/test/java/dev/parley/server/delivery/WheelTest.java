package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a loop whose clock the test turns. */
class WheelTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Wheel wheel = new Wheel(channel.eventLoop());
    private final List<Integer> looks = new ArrayList<>();
    private int second;

    @BeforeEach
    void stopTheClock() {
        channel.freezeTime();
    }

    @Test
    void looksWhenItIsDueAndThenWhenAskedTo() {
        AtomicInteger next = new AtomicInteger(1);
        wheel.add(() -> look(next.getAndAdd(1)), 3);

        pass(20);

        assertThat(looks).containsExactly(3, 4, 6, 9, 13, 18);
    }

    @Test
    void zeroEndsItAndAnIdleWheelStandsStill() {
        wheel.add(() -> look(0), 2);

        pass(10);

        assertThat(looks).containsExactly(2);
        assertThat(channel.hasPendingTasks()).isFalse();
    }

    @Test
    void aWheelThatStoodStillGoesOn() {
        wheel.add(() -> look(0), 1);
        pass(10);
        wheel.add(() -> look(0), 5);
        pass(10);

        assertThat(looks).containsExactly(1, 15);
    }

    @Test
    void manyAreLookedAtEachInItsTime() {
        for (int i = 1; i <= 50; i++) {
            wheel.add(() -> look(0), i);
        }

        pass(60);

        assertThat(looks).hasSize(50).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void moreThanARoundIsCutToOne() {
        wheel.add(() -> look(looks.size() < 2 ? Integer.MAX_VALUE : 0), 1000);

        pass(200);

        assertThat(looks).containsExactly(63, 126, 189);
    }

    @Test
    void oneMayBeAddedDuringALook() {
        wheel.add(
                () -> {
                    wheel.add(() -> look(0), 1);
                    return look(0);
                },
                1);

        pass(5);

        assertThat(looks).containsExactly(1, 2);
    }

    @Test
    void oneThatFailsIsNotAskedAgainAndTheOthersAre() {
        wheel.add(() -> look(looks.size() < 4 ? 1 : 0), 1);
        wheel.add(
                () -> {
                    throw new IllegalStateException("as the test wants it");
                },
                1);
        wheel.add(() -> look(0), 1);

        pass(10);

        assertThat(looks).containsExactly(1, 1, 2, 3, 4);
        assertThat(channel.hasPendingTasks()).isFalse();
    }

    @Test
    void oneForWhichThereIsNoMemoryIsAskedAgainAndTheOthersAre() {
        wheel.add(() -> look(looks.size() < 4 ? 1 : 0), 1);
        wheel.add(
                () -> {
                    if (second < 3) {
                        throw new OutOfMemoryError("as the test wants it");
                    }
                    return 0;
                },
                1);

        pass(10);

        assertThat(looks).containsExactly(1, 2, 3, 4, 5);
        assertThat(channel.hasPendingTasks()).isFalse();
    }

    private int look(int again) {
        looks.add(second);
        return again;
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            second++;
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runPendingTasks();
        }
    }
}
