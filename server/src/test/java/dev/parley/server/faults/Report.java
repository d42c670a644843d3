package dev.parley.server.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run came to.
 *
 * @param faults how often what was done
 * @param longest the longest that somebody waited for an answer or a connection, in nanoseconds, and who
 * @param peakBytes the most memory that one instance took
 */
record Report(
        Plan plan,
        Map<String, Integer> faults,
        long acknowledged,
        long expected,
        long delivered,
        long gaps,
        long longest,
        String longestOf,
        long peakBytes,
        List<Anomalies.Anomaly> anomalies) {

    /** The head of a table in which each run is a line. */
    static final String HEAD = """
            | seed | minutes | faults | acknowledged | expected | delivered | lost | duplicated | reordered | undeclared gaps | declared gaps | disagreements | ghosts | stuck | leaked | other | longest interruption | peak memory |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
            """;

    boolean isFaultless() {
        return anomalies.isEmpty();
    }

    /** One line of the table. */
    String line() {
        List<String> named = List.of(
                "LOST",
                "DUPLICATED",
                "OUT_OF_ORDER",
                "UNDECLARED_GAP",
                "ACK_DISAGREES",
                "RECEIVERS_DISAGREE",
                "GHOST",
                "STUCK",
                "LEAKED");
        long other =
                anomalies.stream().filter(each -> !named.contains(each.kind())).count();
        Object[] cells = {
            plan.seed(),
            String.format(Locale.ROOT, "%.1f", plan.length().toSeconds() / 60.0),
            faults.values().stream().mapToInt(Integer::intValue).sum(),
            acknowledged,
            expected,
            delivered,
            count("LOST"),
            count("DUPLICATED"),
            count("OUT_OF_ORDER"),
            count("UNDECLARED_GAP"),
            gaps,
            count("ACK_DISAGREES") + count("RECEIVERS_DISAGREE"),
            count("GHOST"),
            count("STUCK"),
            count("LEAKED"),
            other,
            NanosText.of(longest),
            (peakBytes >> 20) + " MB"
        };
        return Arrays.stream(cells).map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** All of it, as Markdown. */
    String text() {
        StringBuilder text = new StringBuilder(HEAD).append(line()).append('\n');
        text.append("The longest interruption was that of ").append(longestOf).append(". ");
        text.append(
                plan.losesData()
                        ? "Redis lost data on purpose, of which receivers were told by gaps.\n\n"
                        : "Nothing was lost on purpose, so no gap was allowed.\n\n");
        text.append("| fault | times |\n| --- | --- |\n");
        faults.forEach((kind, times) -> text.append("| " + kind + " | " + times + " |\n"));
        if (!anomalies.isEmpty()) {
            text.append("\nWhat was wrong:\n\n");
            anomalies.forEach(each -> text.append("- ").append(each).append('\n'));
        }
        return text.toString();
    }

    void write(Path directory, Duration took) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("report-" + plan.seed() + ".md"), text());
            plan.write(directory.resolve("plan-" + plan.seed() + ".txt"));
            System.out.println(text() + "The run took " + took.toSeconds() + " s; plan and report are in " + directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long count(String kind) {
        return anomalies.stream().filter(each -> each.kind().equals(kind)).count();
    }
}
