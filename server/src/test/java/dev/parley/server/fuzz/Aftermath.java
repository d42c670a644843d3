package dev.parley.server.fuzz;

import dev.parley.server.proof.ServerProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** Looks at the server while it is attacked, and for what stayed behind when all are gone. Used by the test's thread. */
final class Aftermath {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int POLL_MILLIS = 250;
    private static final long MEGA = 1 << 20;

    /** Heap after a collection, over what it was once all was warm: what is kept for names that were mentioned, at most. */
    private static final long HEAP_MORE = 32 * MEGA;

    /** Memory outside of the heap that is in use when nobody is connected. */
    private static final long PINNED = MEGA;

    /** Memory outside of the heap that Netty holds, most of it in its pool. */
    private static final long DIRECT = 64 * MEGA;

    /** Connections that our own HTTP client keeps open for the next question. */
    private static final int FILES_MORE = 4;

    private static final Pattern FAULT =
            Pattern.compile("\\S+ \\S+ (ERROR|FATAL|WARN) .*|\\s+at .*|Caused by.*|.*LEAK: .*");

    private final ServerProcess server;
    private final Findings findings;
    private final long filesBefore;
    private final long linesBefore;
    private final Duration processorBefore;
    private final long begin = System.nanoTime();
    private long warmHeap;
    private long looked;

    Aftermath(ServerProcess server, Findings findings) {
        this.server = server;
        this.findings = findings;
        this.filesBefore = files();
        this.linesBefore = badLines().size();
        this.processorBefore = server.processorTime();
    }

    /**
     * Whether it is there and well; every two seconds, however often it is called.
     *
     * @param warm whether all that is loaded and cached once is there by now
     */
    void look(boolean warm) {
        if (System.nanoTime() - looked < LOOK_NANOS) {
            return;
        }
        looked = System.nanoTime();
        for (String probe : List.of("live", "ready")) {
            int status = server.get("/q/health/" + probe).status();
            findings.count("health " + probe + " " + status);
            if (status != 200) {
                findings.add("health " + probe + " is " + status);
            }
        }
        if (warm && warmHeap == 0) {
            warmHeap = server.liveHeap();
        }
    }

    /** All that must be as it was. Gives what was measured. */
    String check() {
        double core = (server.processorTime().minus(processorBefore)).toNanos() / (double) (System.nanoTime() - begin);
        within("connections are left", () -> server.metric("parley_connections ") == 0);
        within("channels are left", () -> server.metric("parley_channels ") == 0);
        within("files stay open", () -> files() <= filesBefore + FILES_MORE);
        within("memory outside of the heap stays in use", () -> direct("pinned") <= PINNED);
        within("memory outside of the heap is held", () -> direct("used") <= DIRECT);
        within("the heap does not come back", () -> server.liveHeap() <= warmHeap + HEAP_MORE);
        // What was lost is told of when it is collected and the next one is taken.
        for (int i = 0; i < 3; i++) {
            server.collectGarbage();
            server.get("/q/health/live");
        }
        badLines().stream().skip(linesBefore).distinct().limit(20).forEach(line -> findings.add("in the log: " + line));
        return String.format(
                "Heap after collection %.1f MB (%.1f when warm), in use outside of it %.2f MB, held %.1f MB, open files %d (%d before); its share of one core %.2f",
                server.liveHeap() / (double) MEGA,
                warmHeap / (double) MEGA,
                direct("pinned") / (double) MEGA,
                direct("used") / (double) MEGA,
                files(),
                filesBefore,
                core);
    }

    private List<String> badLines() {
        return server.log().lines().filter(FAULT.asMatchPredicate()).toList();
    }

    private long files() {
        return (long) server.metric("process_files_open_files");
    }

    private long direct(String state) {
        return (long) (server.metric("netty_allocator_memory_" + state
                        + "{allocator_type=\"PooledByteBufAllocator\",memory_type=\"direct\"")
                + (state.equals("used")
                        ? server.metric(
                                "netty_allocator_memory_used{allocator_type=\"UnpooledByteBufAllocator\",memory_type=\"direct\"")
                        : 0));
    }

    private void within(String otherwise, BooleanSupplier right) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!right.getAsBoolean()) {
            if (System.nanoTime() > end) {
                findings.add(otherwise);
                return;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
