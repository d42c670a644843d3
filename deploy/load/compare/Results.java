package dev.parley.load;

import dev.parley.load.Scenario.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Gathers figures and writes them as tables of medians and ratios, in the place of those of the same scenarios of earlier runs. The run's thread. */
final class Results {
    private static final double GENERATOR_LIMIT = 0.95;
    private static final String SECTION = "## ";

    private final List<String> head;
    private final List<String> facts;
    private final Map<Scenario, Map<String, List<Figures>>> measured = new LinkedHashMap<>();
    private final Map<Scenario, TreeSet<String>> troubles = new LinkedHashMap<>();

    /**
     * Results whose file opens with these lines.
     *
     * @param facts how and of what those of this run were taken, for each of its tables
     */
    Results(List<String> head, List<String> facts) {
        this.head = head;
        this.facts = facts;
    }

    void add(Scenario scenario, Competitor competitor, Figures figures) {
        measured.computeIfAbsent(scenario, s -> new LinkedHashMap<>())
                .computeIfAbsent(competitor.name(), name -> new ArrayList<>())
                .add(figures);
        if (figures.trouble() != null) {
            trouble(scenario, competitor, figures.trouble());
        }
    }

    void trouble(Scenario scenario, Competitor competitor, String what) {
        measured.computeIfAbsent(scenario, s -> new LinkedHashMap<>())
                .computeIfAbsent(competitor.name(), name -> new ArrayList<>());
        troubles.computeIfAbsent(scenario, s -> new TreeSet<>()).add(competitor.name() + ": " + what);
    }

    void write(Path file) throws IOException {
        Map<String, String> sections = Files.exists(file) ? sections(Files.readString(file)) : new LinkedHashMap<>();
        for (Scenario scenario : measured.keySet()) {
            StringBuilder text = new StringBuilder(SECTION).append(scenario.id()).append("\n\n");
            text.append(scenario.goal()).append(".\n\n").append(scenario.what()).append(".\n\n");
            table(scenario, text);
            text.append('\n').append(String.join("\n", facts)).append('\n');
            sections.put(scenario.id(), text.toString());
        }
        Files.writeString(file, String.join("\n", head) + "\n\n" + String.join("\n", sections.values()));
    }

    /** The tables that a file has, by scenario. */
    private static Map<String, String> sections(String text) {
        Map<String, String> sections = new LinkedHashMap<>();
        for (String section : text.split("(?m)^(?=" + SECTION + ")")) {
            if (section.startsWith(SECTION)) {
                String id = section.substring(SECTION.length(), section.indexOf('\n')).strip();
                sections.put(id, section.stripTrailing() + '\n');
            }
        }
        return sections;
    }

    private void table(Scenario scenario, StringBuilder text) {
        Map<String, List<Figures>> rows = measured.get(scenario);
        List<String> titles = new ArrayList<>(List.of("server"));
        for (Column column : scenario.columns()) {
            titles.add(column.title());
            if (column.ratio()) {
                scenario.baselines().forEach(baseline -> titles.add("× " + baseline));
            }
        }
        titles.add("generator");
        titles.add("n");
        text.append("| ").append(String.join(" | ", titles)).append(" |\n|");
        titles.forEach(title -> text.append(title.equals("server") ? " --- |" : " ---: |"));
        text.append('\n');
        rows.forEach((name, figures) -> row(scenario, name, figures, rows, text));
        for (String trouble : troubles.getOrDefault(scenario, new TreeSet<>())) {
            text.append("\nTrouble: ").append(trouble).append('\n');
        }
    }

    private static void row(
            Scenario scenario, String name, List<Figures> figures, Map<String, List<Figures>> rows, StringBuilder text) {
        text.append("| ").append(name);
        for (Column column : scenario.columns()) {
            double value = median(figures, column.key());
            text.append(" | ").append(shown(value * column.factor(), column.decimals()));
            if (column.ratio()) {
                for (String baseline : scenario.baselines()) {
                    double base = median(rows.getOrDefault(baseline, List.of()), column.key());
                    text.append(" | ").append(shown(value / base, 2));
                }
            }
        }
        double share = median(figures, "generatorBusiest");
        text.append(" | ").append(shown(share, 2)).append(share > GENERATOR_LIMIT ? " (the limit)" : "");
        text.append(" | ").append(figures.size()).append(" |\n");
    }

    private static String shown(double value, int decimals) {
        return Double.isNaN(value) || Double.isInfinite(value)
                ? "–"
                : String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** NaN where there is none. */
    private static double median(List<Figures> figures, String key) {
        double[] sorted = figures.stream()
                .filter(one -> one.values().containsKey(key))
                .mapToDouble(one -> one.values().get(key))
                .sorted()
                .toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
