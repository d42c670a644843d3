package dev.parley.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Random faults for as long as one likes: {@code ./mvnw verify -Pfaults -Dfaults.minutes=10 -Dfaults.seed=42}. Its name ends so that the normal build leaves it
 * out.
 */
class LongRun {
    private static final long MINUTES = Long.getLong("faults.minutes", 10);

    @Test
    void nothingIsLostTwiceOrOutOfOrderWhateverGoesWrong() throws InterruptedException {
        long seed = Long.getLong("faults.seed", ThreadLocalRandom.current().nextLong(1_000_000));

        Report report = new Laboratory()
                .run(Laboratory.givenPlan().orElseGet(() -> Plan.random(seed, Duration.ofMinutes(MINUTES))));

        assertThat(report.anomalies())
                .as("what was wrong in the run of seed %d", seed)
                .isEmpty();
        assertThat(report.acknowledged()).isGreaterThan(1000 * MINUTES);
    }
}
