package dev.parley.load;

import dev.parley.client.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The comparison's program: for each scenario it starts all competitors, measures them in turn, several times, and stops them. Started by {@code compare.sh}, which
 * also pins it to a core.
 */
public final class Compare {
    private static final List<String> HEAD = List.of(
            "# Parley beside others",
            "",
            "Written by `deploy/load/compare.sh`, which replaces the tables of the scenarios that it measures and leaves the others as they are;"
                    + " [README.md](README.md) says what is",
            "measured and how to repeat it, [RESULTS.md](RESULTS.md) what the figures mean. Servers on one core, the generator on another.",
            "\"generator\" is the share of a core that the generator's thread used: from 0.95 on it was the limit, and the server can do more.",
            "uWebSockets is in no registry; by hand, on another day: fan-out with 16 in flight 24.2 × gorilla, with 1 in flight 1.77 ×, p99 at"
                    + " 50,000/s 5.0 ms where gorilla had 6.8, 0.46 kB",
            "an idle connection.");

    private final Setting setting;
    private final Results results;

    private Compare(Setting setting, Results results) {
        this.setting = setting;
        this.results = results;
    }

    /** Arguments are pairs {@code --name value}, as {@code compare.sh} makes them. */
    public static void main(String[] args) throws IOException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].substring(2), args[i + 1]);
        }
        Setting setting = new Setting(
                Path.of(options.get("app")),
                Path.of(options.get("scratch")),
                Integer.parseInt(options.get("runs")),
                Double.parseDouble(options.get("warm-up")),
                Double.parseDouble(options.get("seconds")),
                Integer.parseInt(options.get("server-core")),
                Integer.parseInt(options.get("divisor")));
        Map<String, Scenario> all = Scenarios.byId(new Scenarios(setting, new Peers(setting)).all());
        List<String> wanted =
                options.get("only").isEmpty() ? List.copyOf(all.keySet()) : List.of(options.get("only").split(","));
        for (String id : wanted) {
            if (!all.containsKey(id)) {
                System.err.println("compare: no scenario " + id + "; there are " + String.join(", ", all.keySet()));
                System.exit(2);
            }
        }
        Path out = Path.of(options.get("out"));
        Results results = new Results(HEAD, facts(Path.of(options.get("facts")), options.get("command"), setting));
        Compare compare = new Compare(setting, results);
        for (String id : wanted) {
            compare.measure(all.get(id), options.get("servers"));
            results.write(out); // after each, so that an interrupted run leaves what it has
        }
        System.out.println("written: " + out);
        System.exit(0);
    }

    private static List<String> facts(Path known, String command, Setting setting) throws IOException {
        List<String> facts = new ArrayList<>();
        if (setting.divisor() > 1) {
            facts.add("**A quick look: numbers of connections and groups divided by " + setting.divisor() + ". No figures to quote.**");
            facts.add("");
        }
        facts.add("Medians of " + setting.runs() + " interleaved runs of " + setting.seconds() + " s, after " + setting.warmUp()
                + " s of warm-up, by `" + command + "` on " + LocalDate.now() + ". " + Files.readString(known).strip());
        return facts;
    }

    private void measure(Scenario scenario, String servers) {
        Map<Competitor, Stand> stands = new LinkedHashMap<>();
        try {
            for (int run = 1; run <= setting.runs(); run++) {
                for (Competitor competitor : scenario.competitors()) {
                    if (servers.isEmpty() || List.of(servers.split(";")).contains(competitor.name())) {
                        measure(scenario, competitor, run, stands);
                    }
                }
            }
        } finally {
            stands.values().forEach(Stand::close);
        }
    }

    private void measure(Scenario scenario, Competitor competitor, int run, Map<Competitor, Stand> stands) {
        boolean first = scenario.fresh() || run == 1;
        System.out.printf("%s, run %d of %d: %s%n", scenario.id(), run, setting.runs(), competitor.name());
        try {
            Stand stand = stands.computeIfAbsent(competitor, c -> c.stand().get());
            Figures figures =
                    competitor.run().of(stand, first ? setting.warmUp() : setting.warmUp() / 4, setting.seconds());
            results.add(scenario, competitor, figures);
            System.out.println("    " + figures.values() + (figures.trouble() == null ? "" : " TROUBLE " + figures.trouble()));
        } catch (BenchException | IllegalStateException e) {
            System.out.println("    TROUBLE " + e.getMessage());
            results.trouble(scenario, competitor, e.getMessage());
        }
        if (scenario.fresh() && stands.containsKey(competitor)) {
            stands.remove(competitor).close();
        }
    }
}
