package dev.parley.server.fuzz;

import dev.parley.server.fuzz.Attack.Told;
import dev.parley.server.proof.Hub;
import dev.parley.server.proof.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One run: a server of its own, all attackers at once, each on a thread and at a steady pace, the good citizens on the thread that runs it; and then a look at what
 * stayed behind. The same seed makes the same cases, though who is first of two attackers is up to the machine.
 */
final class Fuzzing {
    /** Cases of all attackers of a server together in a second; at 50, two servers and who attacks them take about half of one core. */
    private static final int RATE = Integer.getInteger("fuzz.rate", 50);

    /** A single case to be done again, such as {@code frames:1234}. */
    private static final String ONLY = System.getProperty("fuzz.case");

    private static final int TALK_MILLIS = 100;
    private static final int SHOWN_BYTES = 600;

    private final String log;
    private final long seed;
    private final Duration time;
    private final Findings findings = new Findings();

    /**
     * A run.
     *
     * @param log where the server keeps its messages, for the report
     */
    Fuzzing(String log, long seed, Duration time) {
        this.log = log;
        this.seed = seed;
        this.time = time;
    }

    /** What was done and found; {@code findings} is empty where nothing was wrong. */
    record Report(String log, long seed, Findings found, String levels) {

        List<String> findings() {
            return found.all();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(
                    "\nSeed " + seed + ", messages kept in " + log + "\n\n| what | times |\n| --- | --- |\n");
            found.counts()
                    .forEach((what, times) -> text.append("| ")
                            .append(what)
                            .append(" | ")
                            .append(times)
                            .append(" |\n"));
            text.append('\n').append(levels).append("\n");
            found.all().forEach(finding -> text.append("\n- ").append(finding));
            return text.toString();
        }
    }

    /** Starts a server, lets everybody at it for a while, and looks at it afterwards. */
    Report run(Hub hub) {
        hub.with("parley.limits.guests-per-address", "1000000")
                // Its own log is no leak.
                .with("parley.memory.bytes", "8388608")
                .with("parley.namespaces.\"default\".history.size", "100")
                .prepared((n, process) -> process.command().add(1, "-Dio.netty.leakDetection.level=paranoid"))
                .open("fuzz-" + log);
        try {
            ServerProcess server = hub.server(0);
            Aftermath aftermath = new Aftermath(server, findings);
            try (Citizens citizens = new Citizens(server)) {
                attack(server, citizens, aftermath);
                citizens.faults().forEach(fault -> findings.add("a good citizen: " + fault));
                findings.count("citizens said", citizens.said());
                findings.count("citizens heard", citizens.heard());
            }
            String levels = aftermath.check();
            return new Report(log, seed, findings, levels);
        } finally {
            hub.close();
        }
    }

    private void attack(ServerProcess server, Citizens citizens, Aftermath aftermath) {
        Corpus corpus = new Corpus(server);
        List<Attack> attacks = List.of(
                new FrameAttack(corpus),
                new FramingAttack(corpus),
                new HttpAttack(corpus),
                new UpgradeAttack(corpus),
                new StreamAttack(corpus),
                new Http2Attack(corpus));
        long end = System.nanoTime() + time.toNanos();
        if (ONLY != null) {
            String[] one = ONLY.split(":");
            attacks.stream()
                    .filter(attack -> attack.name().equals(one[0]))
                    .forEach(attack -> once(attack, server.uri(), Long.parseLong(one[1])));
            return;
        }
        List<Thread> threads = new ArrayList<>();
        for (Attack attack : attacks) {
            // Two who send frames, since that is what there is most to be said in.
            for (int i = 0; i < (attack instanceof FrameAttack ? 2 : 1); i++) {
                int first = i;
                Thread thread =
                        new Thread(() -> goOn(attack, server.uri(), first, attacks.size() + 1, end), attack.name() + i);
                thread.start();
                threads.add(thread);
            }
        }
        long begin = System.nanoTime();
        while (System.nanoTime() < end) {
            citizens.talk();
            aftermath.look(System.nanoTime() - begin > time.toNanos() / 10);
            pause(TALK_MILLIS);
        }
        threads.forEach(Fuzzing::join);
    }

    private void goOn(Attack attack, URI server, int first, int threads, long end) {
        long each = TimeUnit.SECONDS.toNanos(threads) / RATE;
        long next = System.nanoTime();
        for (long n = first; System.nanoTime() < end; n += 2) {
            once(attack, server, n);
            next = Math.max(next + each, System.nanoTime() - each);
            pause(TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime()));
        }
    }

    /** One case, which is made by the seed, the attack and its number alone. */
    private void once(Attack attack, URI server, long n) {
        byte[][] sent = {{}};
        Told say = new Told() {
            @Override
            public void wrong(String what) {
                findings.add(attack.name() + ":" + n + " " + what + "; the last that was sent: " + shown(sent[0]));
            }

            @Override
            public void happened(String what) {
                findings.count(attack.name() + " " + what);
            }

            @Override
            public void sent(byte[] bytes) {
                sent[0] = bytes;
            }
        };
        findings.count(attack.name() + ": cases");
        try {
            attack.once(server, chance(attack, n), say);
        } catch (IOException | RuntimeException e) {
            say.wrong(e.toString());
        }
    }

    /** Neighbouring seeds give a {@link Random} that begins alike, so they are scattered first. */
    private Random chance(Attack attack, long n) {
        long scattered = new SplittableRandom(seed).nextLong()
                ^ new SplittableRandom(attack.name().hashCode()).nextLong();
        return new Random(new SplittableRandom(scattered + n).nextLong());
    }

    private static String shown(byte[] bytes) {
        byte[] head = Arrays.copyOf(bytes, Math.min(SHOWN_BYTES, bytes.length));
        boolean plain = new String(head, StandardCharsets.ISO_8859_1)
                .chars()
                .allMatch(c -> c >= ' ' && c < 127 || c == '\r' || c == '\n');
        String text = plain
                ? new String(head, StandardCharsets.US_ASCII).replace("\r\n", "\\r\\n")
                : HexFormat.of().formatHex(head);
        return text + (bytes.length > head.length ? "… of " + bytes.length + " bytes" : "");
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(Math.max(1, millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Two runs at once, since messages are kept in memory or in Redis. */
    static List<Report> both(long seed, Duration time) {
        CompletableFuture<Report> redis = CompletableFuture.supplyAsync(
                () -> new Fuzzing("Redis", seed + 1, time).run(new Hub(1).onNewestRedis()));
        Report memory = new Fuzzing("memory", seed, time).run(Hub.inMemory());
        return List.of(memory, redis.join());
    }
}
