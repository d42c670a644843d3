package dev.parley.client.command;

import dev.parley.client.bench.Crew;
import dev.parley.client.bench.Report;
import dev.parley.client.bench.ServerCost;
import dev.parley.client.bench.Site;
import dev.parley.client.bench.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all scenarios of {@code parley bench} take: where, as whom, how long, how to tell. Filled by picocli. */
final class BenchOptions {
    private static final int THREADS_MAX = 256;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:PARLEY_URL:-ws://localhost:8080/v1/connect}",
            description = "Where the hub takes connections (default: PARLEY_URL, or ws://localhost:8080/v1/connect)."
                    + " With several, connections go to them in turn.")
    private List<URI> urls = new ArrayList<>();

    @Option(
            names = "--token",
            paramLabel = "JWT",
            defaultValue = "${env:PARLEY_TOKEN}",
            description = "The token of all connections (default: PARLEY_TOKEN). Without one they are guests.")
    private String token;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "A file with a token on each line, for connections of different users.")
    private Path tokensFile;

    @Option(
            names = {"-c", "--connections"},
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many connections (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many of them are being opened at once (default: ${DEFAULT-VALUE}).")
    private int atOnce;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that send and receive, each with its part of the connections"
                    + " (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to go on before measuring (default: ${DEFAULT-VALUE}). A hub that has just"
                    + " been started is at its best after 20 to 30.")
    private double warmUp;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to measure (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait where nothing comes (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(
            names = "--server-pid",
            paramLabel = "PID",
            description = "A process of the hub on this machine (Linux), for its processor time and memory; may be"
                    + " given several times. Without one /q/metrics is asked for the processor time.")
    private List<Long> pids = new ArrayList<>();

    @Option(
            names = "--group",
            paramLabel = "NAME",
            description = "What the names of the groups begin with (default: bench- and a random number)."
                    + " Their namespace must be one whose groups are joined (session).")
    private String group;

    @Option(names = "--json", description = "Print the figures as one line of JSON.")
    private boolean json;

    int connections() {
        return connections;
    }

    List<String> tokens() {
        if (tokensFile == null) {
            return token == null ? List.of() : List.of(token);
        }
        try {
            List<String> tokens = Files.readAllLines(tokensFile).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            check(!tokens.isEmpty(), tokensFile + " holds no token.");
            return tokens;
        } catch (IOException e) {
            throw usage("Cannot read " + tokensFile + ": " + e.getMessage());
        }
    }

    String group() {
        return group == null ? "bench-" + Long.toString(System.nanoTime() & 0xFFFFFFFL, 36) : group;
    }

    ParameterException usage(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    void check(boolean fine, String otherwise) {
        if (!fine) {
            throw usage(otherwise);
        }
    }

    /** Runs a scenario and prints its figures. */
    int run(Function<Site, Report> scenario) {
        check(connections >= 1 && connections <= 1_000_000, "--connections is 1 to 1000000.");
        check(atOnce >= 1, "--concurrency is at least 1.");
        check(threads >= 1 && threads <= THREADS_MAX, "--threads is 1 to " + THREADS_MAX + ".");
        check(
                seconds > 0 && warmUp >= 0 && timeoutSeconds > 0,
                "A time is not negative, and not 0 where it is measured.");
        Target target;
        try {
            target = new Target(urls);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
        ServerCost server = new ServerCost(pids, urls);
        check(pids.isEmpty() || server.residentBytes().isPresent(), "--server-pid: there is no such process here.");
        try (Crew crew = new Crew(threads, Duration.ofSeconds(timeoutSeconds))) {
            Report report = scenario.apply(new Site(crew, target, server, atOnce, warmUp, seconds));
            if (json) {
                Terminal.print(report.json());
            } else {
                Terminal.print(report.text().stripTrailing());
            }
            report.notes().forEach(Terminal::note);
            return report.failed() ? ExitCode.REFUSED : ExitCode.OK;
        }
    }
}
