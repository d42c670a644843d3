package dev.parley.load;

import dev.parley.client.bench.Dialect;
import dev.parley.client.bench.Idle;
import dev.parley.client.bench.ParleyDialect;
import dev.parley.client.bench.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a connection, or a group, retains of the server's heap, class by class: the difference of two histograms of live objects over their number. Started by
 * {@code retained.sh}.
 */
public final class Retained {
    private static final int AT_ONCE = 200;

    /** Bytes a connection or group below which a class is not told by itself. */
    private static final double WORTH_A_LINE = 4;

    private static final int SMALLEST = 2;
    private static final int LARGEST = 10;

    private int runs;

    private Retained() {}

    /** Objects and bytes of each class. */
    private record Histogram(Map<String, long[]> classes) {
        static Histogram of(Server server) {
            Map<String, long[]> classes = new HashMap<>();
            Heap.histogram(server).lines().map(String::strip).forEach(line -> {
                String[] words = line.split("\\s+");
                if (words.length >= 4 && words[0].matches("\\d+:")) {
                    classes.merge(
                            readable(words[3]),
                            new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])},
                            (one, other) -> new long[] {one[0] + other[0], one[1] + other[1]});
                }
            });
            return new Histogram(classes);
        }

        /** Lambdas lose what changes from one start to the next; arrays read as in source. */
        private static String readable(String name) {
            return switch (name) {
                case "[B" -> "byte[]";
                case "[I" -> "int[]";
                case "[J" -> "long[]";
                case "[C" -> "char[]";
                case "[Z" -> "boolean[]";
                default -> name.startsWith("[L")
                        ? name.substring(2).replace(";", "") + "[]"
                        : name.replaceAll("\\$\\$Lambda.*", " lambda");
            };
        }

        long bytes() {
            return classes.values().stream().mapToLong(one -> one[1]).sum();
        }

        Histogram minus(Histogram before) {
            Map<String, long[]> more = new HashMap<>();
            classes.forEach((name, now) -> {
                long[] then = before.classes.getOrDefault(name, new long[2]);
                more.put(name, new long[] {now[0] - then[0], now[1] - then[1]});
            });
            return new Histogram(more);
        }

        void print(String what, int number) {
            System.out.printf("%n| class | objects a %s | bytes |%n| --- | ---: | ---: |%n", what);
            double[] rest = new double[2];
            classes.entrySet().stream()
                    .sorted((a, b) -> Long.compare(b.getValue()[1], a.getValue()[1]))
                    .forEach(one -> {
                        double objects = (double) one.getValue()[0] / number;
                        double bytes = (double) one.getValue()[1] / number;
                        if (bytes >= WORTH_A_LINE) {
                            System.out.printf("| `%s` | %.2f | %.0f |%n", one.getKey(), objects, bytes);
                        } else {
                            rest[0] += objects;
                            rest[1] += bytes;
                        }
                    });
            System.out.printf("| others | %.2f | %.0f |%n", rest[0], rest[1]);
            System.out.printf("| **all** | | **%.0f** |%n", (double) bytes() / number);
        }
    }

    /**
     * Measures.
     *
     * @param args {@code connections N} or {@code groups N}, {@code memory} or {@code redis}, the packaged server's directory, one for logs, and the server's core
     */
    public static void main(String[] args) throws IOException {
        String what = args[0];
        int number = Integer.parseInt(args[1]);
        Setting setting = new Setting(Path.of(args[3]), Path.of(args[4]), 1, 0, 1, Integer.parseInt(args[5]), 1);
        Files.createDirectories(setting.scratch().resolve("logs"));
        Peers peers = new Peers(setting);
        try (Stand stand = args[2].equals("redis") ? peers.parleyOnRedis() : peers.parley()) {
            if (what.equals("groups")) {
                new Retained().groups(stand, number);
            } else {
                new Retained().connections(stand, number);
            }
        }
        System.exit(0);
    }

    private void connections(Stand stand, int number) {
        held(stand, Plan.fanOut(Math.max(1, number / 4), 1));
        Server server = stand.servers().get(0);
        Server.sleep(30_000);
        Histogram before = Histogram.of(server);
        long resident = stand.cost().residentBytes().orElse(0);
        Histogram with = held(stand, Plan.fanOut(number, 1));
        System.out.printf(
                "%,d connections that follow their inbox, `all` and one group:%n", number);
        with.minus(before).print("connection", number);
        System.out.printf("%nresident memory grew by %.1f KiB a connection%n", (residentHeld - resident) / 1024.0 / number);
    }

    private long residentHeld;

    private void groups(Stand stand, int number) {
        int connections = Math.max(10, number / 10);
        Plan nobody = Plan.groups(connections, 0, 1, 1);
        held(stand, nobody);
        Server.sleep(30_000);
        Histogram before = held(stand, nobody);
        Histogram with = held(stand, Plan.groups(connections, number, SMALLEST, LARGEST));
        System.out.printf(
                "%,d groups of %d to %d members, followed by %,d connections:%n", number, SMALLEST, LARGEST, connections);
        with.minus(before).print("group", number);
    }

    private Histogram held(Stand stand, Plan plan) {
        AtomicReference<Histogram> seen = new AtomicReference<>();
        Dialect dialect = ParleyDialect.groups("retained-" + ++runs, List.of());
        stand.with(0, 2, AT_ONCE, site -> Idle.run(site, plan, dialect, () -> {
            seen.set(Histogram.of(stand.servers().get(0)));
            residentHeld = stand.cost().residentBytes().orElse(0);
        }));
        return seen.get();
    }
}
