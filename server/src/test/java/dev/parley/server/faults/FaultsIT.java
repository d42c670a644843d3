package dev.parley.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Every kind of fault once, on every link, within three minutes. A build carries out the same plan each time, so that what it finds is in what was built;
 * {@code -Dfaults.seed=<n>} makes another one, {@code -Dfaults.plan=<file>} carries out a given one, and {@link LongRun} is for what nobody thought of.
 */
class FaultsIT {

    @Test
    void nothingIsLostTwiceOrOutOfOrderWhenEverythingGoesWrong() throws InterruptedException {
        long seed = Long.getLong("faults.seed", 1);

        Report report = new Laboratory().run(Laboratory.givenPlan().orElseGet(() -> Plan.everything(seed)));

        assertThat(report.anomalies())
                .as("what was wrong in the run of seed %d", seed)
                .isEmpty();
        assertThat(report.acknowledged()).isGreaterThan(1000);
        assertThat(report.delivered()).isGreaterThan(report.acknowledged());
    }
}
