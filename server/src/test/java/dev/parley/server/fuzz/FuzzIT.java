package dev.parley.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Twenty seconds of {@link Fuzzing}, the same each time, so that what it finds is in what was built; {@link FuzzRun} is for what nobody thought of. */
class FuzzIT {
    private static final Duration TIME = Duration.ofSeconds(20);

    @Test
    void whateverIsSaidNobodyElseNoticesAndNothingStays() {
        List<Fuzzing.Report> reports = Fuzzing.both(Long.getLong("fuzz.seed", 1), TIME);

        for (Fuzzing.Report report : reports) {
            System.out.println(report);
            assertThat(report.findings()).isEmpty();
            assertThat(report.levels()).isNotEmpty();
            // Had all been refused at the door, there would be nothing to find either.
            for (String reached : List.of(
                    "frames welcome",
                    "frames ack",
                    "frames error bad_frame",
                    "framing close 1002",
                    "http status 200",
                    "http status 400",
                    "http status 404",
                    "upgrades status 101",
                    "upgrades status 400",
                    "streams status 200",
                    "streams status 400",
                    "http2 answered",
                    "citizens said")) {
                assertThat(report.found().counts()).as("what happened").containsKey(reached);
            }
        }
    }
}
