package dev.parley.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Every kind of fault once, on every link, within three minutes. {@code -Dfaults.seed=<n>} repeats a run, {@code -Dfaults.plan=<file>} carries out another plan. */
class FaultsIT {

    @Test
    void nothingIsLostTwiceOrOutOfOrderWhenEverythingGoesWrong() throws InterruptedException {
        long seed = Long.getLong("faults.seed", ThreadLocalRandom.current().nextLong(1_000_000));

        Report report = new Laboratory().run(Laboratory.givenPlan().orElseGet(() -> Plan.everything(seed)));

        assertThat(report.anomalies())
                .as("what was wrong in the run of seed %d", seed)
                .isEmpty();
        assertThat(report.acknowledged()).isGreaterThan(1000);
        assertThat(report.delivered()).isGreaterThan(report.acknowledged());
    }
}
