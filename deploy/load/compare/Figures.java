package dev.parley.load;

import dev.parley.client.bench.Report;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one measurement gave, by key, and what was wrong with it. The run's thread. */
final class Figures {
    private final Map<String, Double> values = new LinkedHashMap<>();
    private String trouble;

    Figures put(String key, double value) {
        values.put(key, value);
        return this;
    }

    /** Takes these figures of a report, where they are in it, and its share of the generator and its failures. */
    Figures take(Report report, String... keys) {
        for (String key : keys) {
            if (report.has(key)) {
                values.put(key, report.number(key));
            }
        }
        values.merge("generatorBusiest", report.number("generatorBusiest"), Math::max);
        if (report.failed()) {
            trouble = String.join(" ", report.notes());
        }
        return this;
    }

    Map<String, Double> values() {
        return values;
    }

    String trouble() {
        return trouble;
    }
}
