package dev.parley.client.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalDouble;

/** What a stretch of time cost the generator and the server. Made at its beginning and stopped at its end by the run's thread. */
final class Meter {
    /** A share of a core over which the generator cannot be trusted to have kept up. */
    private static final double LIMIT = 0.95;

    private final Crew crew;
    private final ServerCost server;
    private final long start = System.nanoTime();
    private final long[] threads;
    private final long process = processNanos();
    private final OptionalDouble serverBefore;

    Meter(Crew crew, ServerCost server) {
        this.crew = crew;
        this.server = server;
        this.threads = crew.cpuNanos();
        this.serverBefore = server.cpuSeconds();
    }

    /**
     * The cost.
     *
     * @param seconds how long it was
     * @param busiest share of a core that the busiest thread used
     * @param cores cores that the whole generator used, its compiler and collector included
     * @param server seconds of processor time of the server, where they can be known
     */
    record Cost(double seconds, double busiest, double cores, OptionalDouble server) {

        /** Whether the generator had nothing left to give, so that the figures are its own. */
        boolean limited() {
            return busiest > LIMIT || cores > LIMIT * Runtime.getRuntime().availableProcessors();
        }

        /** Tells it; {@code deliveries} is how many messages arrived meanwhile. */
        void report(Report report, long deliveries) {
            report.add("generatorBusiest", "generator, busiest thread", busiest, 2, "of a core");
            report.add("generatorCores", "generator in all", cores, 2, "cores");
            report.add("generatorLimited", limited());
            server.ifPresent(used -> {
                report.add("serverCores", "server", used / seconds, 2, "cores");
                if (deliveries > 0) {
                    double each = used / deliveries * 1e6;
                    report.add("serverCpuPerMillion", "server, per million deliveries", each, 2, "CPU-seconds");
                }
            });
            if (limited()) {
                report.note("The generator was the limit: it had no processor time left. Give it more cores and"
                        + " --threads, or a machine of its own; the server can do more than this.");
            }
        }
    }

    Cost stop() {
        OptionalDouble after = server.cpuSeconds();
        long nanos = System.nanoTime() - start;
        OptionalDouble used = serverBefore.isPresent() && after.isPresent()
                ? OptionalDouble.of(after.getAsDouble() - serverBefore.getAsDouble())
                : OptionalDouble.empty();
        return new Cost(nanos / 1e9, crew.busiest(threads, nanos), (double) (processNanos() - process) / nanos, used);
    }

    private static long processNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
