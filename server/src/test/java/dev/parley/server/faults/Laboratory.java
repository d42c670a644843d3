package dev.parley.server.faults;

import dev.parley.server.proof.Checker;
import dev.parley.server.proof.Hub;
import dev.parley.server.proof.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Carries a plan out on a hub of its own, while a crowd talks, and says what was wrong. Told by system properties: {@code faults.rate}, actions of the crowd a
 * second; {@code faults.plan}, a file with a plan to be carried out instead; {@code faults.shrink}, how often a smaller plan may be tried after one that failed;
 * {@code faults.sabotage}, a {@link Sabotage} of all servers and how often it strikes, as in {@code DROP_DOORBELL:1000}.
 */
final class Laboratory {
    static final Path REPORTS = Path.of("target", "faults");

    private static final int RATE = Integer.getInteger("faults.rate", 100);
    private static final int TRIES = 30;
    private static final int SAMPLE_SECONDS = 2;
    private static final int SHOWN = 30;

    /** Every write is on disk before it is acknowledged, so a Redis that is killed comes back with all it had told anybody. */
    private static final String[] REDIS = {
        "--appendonly", "yes", "--appendfsync", "always", "--repl-diskless-sync-delay", "0"
    };

    private static final String SABOTAGE = System.getProperty("faults.sabotage");

    private final Consumer<Hub> more;

    Laboratory() {
        this(hub -> {});
    }

    /** @param more sets up each hub further */
    Laboratory(Consumer<Hub> more) {
        this.more = more;
    }

    /** The plan of {@code faults.plan}, where there is one. */
    static Optional<Plan> givenPlan() {
        return Optional.ofNullable(System.getProperty("faults.plan"))
                .map(Path::of)
                .map(Plan::read);
    }

    /** Carries a plan out, writes the report, and where that was asked for looks for a smaller plan that still fails. */
    Report run(Plan plan) throws InterruptedException {
        System.out.println("seed of the faults: -Dfaults.seed=" + plan.seed());
        Report report = once(plan, "");
        if (!report.isFaultless() && System.getProperty("faults.shrink") != null) {
            shrink(plan);
        }
        return report;
    }

    private void shrink(Plan plan) {
        List<Integer> runs = new ArrayList<>();
        String given = System.getProperty("faults.shrink");
        int tries = given.matches("\\d+") ? Integer.parseInt(given) : TRIES;
        List<Step> failing = Shrinker.shrink(
                plan.steps(),
                some -> {
                    runs.add(some.size());
                    try {
                        return !once(plan.with(some), "-shrunk-" + runs.size()).isFaultless();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return false;
                    }
                },
                tries);
        Path file = REPORTS.resolve("shrunk-" + plan.seed() + ".txt");
        plan.with(failing).write(file);
        System.out.println("The smallest plan found that fails, -Dfaults.plan=" + file.toAbsolutePath() + "\n"
                + plan.with(failing));
    }

    private Report once(Plan plan, String suffix) throws InterruptedException {
        long begin = System.nanoTime();
        FakeClock clock = new FakeClock();
        AtomicReference<Injector> injecting = new AtomicReference<>();
        Hub hub = hub(clock, injecting).open("faults-" + plan.seed() + suffix);
        Anomalies anomalies = new Anomalies();
        Checker checker = new Checker();
        AtomicLong peak = new AtomicLong();
        ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
        try (Workload workload =
                        new Workload(plan.seed(), RATE, () -> injecting.get().any(), checker, anomalies);
                Injector injector = new Injector(hub, plan, workload, anomalies, clock, REDIS)) {
            injecting.set(injector);
            workload.connect();
            sabotage();
            sampler.scheduleAtFixedRate(() -> sample(injector, peak), 0, SAMPLE_SECONDS, TimeUnit.SECONDS);
            workload.begin();
            injector.begin(plan);
            TimeUnit.NANOSECONDS.sleep(plan.length().toNanos());
            injector.heal();
            workload.end();
            System.out.printf("%6.1f s  all is healed%n", anomalies.second());
            new Aftermath(workload, injector, checker, anomalies).check();
            checkLogs(hub, anomalies);
            Report report = report(plan, workload, injector, checker, anomalies, peak.get());
            writeDiaries(plan, anomalies);
            report.write(REPORTS, Duration.ofNanos(System.nanoTime() - begin));
            return report;
        } finally {
            sampler.shutdownNow();
            hub.close();
            List.of(Sabotage.values()).forEach(Sabotage::disarm);
        }
    }

    private Hub hub(FakeClock clock, AtomicReference<Injector> injecting) {
        Hub hub = new Hub(Plan.INSTANCES, REDIS)
                .onNewestRedis()
                .behindProxies()
                .with("parley.namespaces.\"default\".history.size", "200000")
                .with("parley.namespaces.\"chat\".history.size", "200000")
                .with("parley.limits.send-timeout", "PT3S")
                .with("parley.limits.outgoing", "65536")
                .with("parley.heartbeat.interval", "PT4S")
                .with("parley.heartbeat.timeout", "PT6S")
                .with("parley.drain.pause", "PT0.5S")
                .with("parley.drain.window", "PT2S");
        hub.prepared((n, process) -> {
            Injector injector = injecting.get();
            if (injector == null ? n == Plan.INSTANCES - 1 : injector.isReplacingClocked()) {
                clock.giveServer(process);
            } else if (SABOTAGE != null) {
                SabotageAgent.load(process);
            }
        });
        more.accept(hub);
        return hub;
    }

    private static void sabotage() {
        if (SABOTAGE != null) {
            String[] given = SABOTAGE.split(":");
            Sabotage.valueOf(given[0]).arm(Integer.parseInt(given[1]));
        }
    }

    private static void sample(Injector injector, AtomicLong peak) {
        for (ServerProcess server : injector.instances()) {
            peak.accumulateAndGet(server.resident(), Math::max);
        }
    }

    /** What those had heard with whom something was wrong. */
    private static void writeDiaries(Plan plan, Anomalies anomalies) {
        anomalies.diaries().forEach((client, frames) -> {
            String name = "heard-" + plan.seed() + "-" + client.replace('/', '-') + ".txt";
            try {
                Files.createDirectories(REPORTS);
                Files.write(REPORTS.resolve(name), frames);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void checkLogs(Hub hub, Anomalies anomalies) {
        for (int n = 0; n < hub.size(); n++) {
            ServerProcess server = hub.server(n);
            server.trouble().stream()
                    .limit(SHOWN)
                    .forEach(line -> anomalies.add(Anomalies.Kind.LOG, server.name() + ": " + line));
        }
    }

    private static Report report(
            Plan plan, Workload workload, Injector injector, Checker checker, Anomalies anomalies, long peak) {
        long longest = 0;
        String whose = "nobody";
        for (Person person : workload.people()) {
            long away = person.client.longestAway().toNanos();
            long its = Math.max(person.longest(), away);
            if (its > longest) {
                longest = its;
                whose = person
                        + (away == its
                                ? ", who was without a connection"
                                : ", who waited for the answer to " + person.longestFor());
            }
        }
        return new Report(
                plan,
                injector.done(),
                checker.acknowledged(),
                checker.expected(),
                checker.deliveries(),
                checker.gaps(),
                longest,
                whose,
                peak,
                anomalies.all());
    }
}
