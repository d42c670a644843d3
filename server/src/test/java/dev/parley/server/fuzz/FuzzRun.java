package dev.parley.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * {@link Fuzzing} for as long as one likes: {@code ./mvnw verify -Pfuzz -pl server -am -Dfuzz.minutes=60 -Dfuzz.seed=42}. Its name ends so that the normal build
 * leaves it out.
 */
class FuzzRun {
    private static final Path REPORTS = Path.of("target", "fuzz");

    @Test
    void whateverIsSaidNobodyElseNoticesAndNothingStays() throws IOException {
        long seed = Long.getLong("fuzz.seed", ThreadLocalRandom.current().nextLong(1_000_000));

        List<Fuzzing.Report> reports = Fuzzing.both(seed, Duration.ofMinutes(Long.getLong("fuzz.minutes", 60)));

        Files.createDirectories(REPORTS);
        Path file = REPORTS.resolve("report-" + seed + ".md");
        Files.writeString(file, "# Fuzzing\n" + reports.get(0) + "\n" + reports.get(1) + "\n");
        System.out.println(Files.readString(file));
        assertThat(reports).allSatisfy(report -> assertThat(report.findings()).isEmpty());
    }
}
