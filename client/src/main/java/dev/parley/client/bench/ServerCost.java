package dev.parley.client.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the server has used, as far as it can be known: from {@code /proc} where processes are named (Linux), else its processor time from {@code /q/metrics}. The
 * run's thread.
 */
public final class ServerCost {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String CPU_METRIC = "process_cpu_time_ns_total";

    /** Ticks a second in which Linux tells processor time, on every machine that Java runs on. */
    private static final double TICKS = 100;

    private final List<Long> pids;
    private final List<URI> metrics;
    private final HttpClient http;

    /**
     * A server.
     *
     * @param pids its processes, summed up; where empty, the metrics at {@code urls} are asked
     * @param urls where members connect to
     */
    public ServerCost(List<Long> pids, List<URI> urls) {
        this.pids = List.copyOf(pids);
        this.metrics = urls.stream()
                .distinct()
                .map(url -> URI.create("http://" + url.getRawAuthority() + "/q/metrics"))
                .toList();
        this.http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    }

    /** Seconds of processor time since the start of the processes; empty where nobody tells. */
    public OptionalDouble cpuSeconds() {
        double sum = 0;
        try {
            for (long pid : pids) {
                sum += cpuOf(pid);
            }
            if (pids.isEmpty()) {
                for (URI url : metrics) {
                    sum += cpuFrom(url);
                }
            }
            return OptionalDouble.of(sum);
        } catch (IOException | NumberFormatException e) {
            return OptionalDouble.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalDouble.empty();
        }
    }

    /** Resident bytes of the processes; empty where none is named. */
    public OptionalLong residentBytes() {
        long sum = 0;
        try {
            for (long pid : pids) {
                String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
                String kilobytes = status.lines()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .findFirst()
                        .orElse("VmRSS: 0 kB")
                        .replaceAll("\\D", "");
                sum += Long.parseLong(kilobytes) * 1024;
            }
            return pids.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sum);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Has the processes, if they are named and Java's, collect their garbage; whether that could be asked of them. */
    boolean collect() {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (pids.isEmpty() || !Files.isExecutable(jcmd)) {
            return false;
        }
        try {
            for (long pid : pids) {
                Process asked = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (asked.waitFor() != 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static double cpuOf(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The name of the program, in parentheses, may hold anything.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        int user = 11;
        int system = 12;
        return (Long.parseLong(fields[user]) + Long.parseLong(fields[system])) / TICKS;
    }

    private double cpuFrom(URI url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
        String body = http.send(request, BodyHandlers.ofString()).body();
        return body.lines()
                .filter(line -> line.startsWith(CPU_METRIC))
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)) / 1e9)
                .findFirst()
                .orElseThrow(() -> new IOException("no " + CPU_METRIC));
    }
}
