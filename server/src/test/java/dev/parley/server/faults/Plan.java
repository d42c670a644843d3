package dev.parley.server.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to happen in a run: a pure function of its seed, and plain text with a line for each step, so that it can be read, given back and cut down.
 *
 * @param seed of the plan and of the workload
 * @param length for how long the crowd talks
 * @param steps by time
 */
record Plan(long seed, Duration length, List<Step> steps) {
    static final int INSTANCES = 3;
    static final int CLIENTS = 36;

    /** The instance whose clock can be set. */
    static final String CLOCKED = "instance-" + INSTANCES;

    /** The crowd talks undisturbed for so long at either end. */
    private static final Duration CALM = Duration.ofSeconds(5);

    private static final int PAUSE_MILLIS = 5000;

    /** After a step so long nothing else happens to its target: a process needs to start, a subscription to be found mute. */
    private static final Duration RECOVERY = Duration.ofSeconds(4);

    /** How far the steps of a smaller plan may be apart. */
    private static final Duration PAUSE_MOST = Duration.ofSeconds(6);

    Plan {
        steps = steps.stream().sorted(Comparator.comparing(Step::at)).toList();
    }

    /** A plan of a length in which anything may happen at any time, and some of it at once. */
    static Plan random(long seed, Duration length) {
        Random random = new Random(seed);
        List<Kind> urn = Arrays.stream(Kind.values())
                .flatMap(kind -> Stream.generate(() -> kind).limit(kind.weight))
                .toList();
        List<Step> steps = new ArrayList<>();
        Map<String, Duration> busy = new HashMap<>();
        Duration at = CALM;
        while (at.compareTo(length.minus(CALM)) < 0) {
            Kind kind = urn.get(random.nextInt(urn.size()));
            Step step = new Step(at, kind, target(kind, random), between(kind.least(), kind.most(), random));
            if (isFree(busy, step)) {
                steps.add(step);
                busy.put(step.target(), at.plus(step.lasts()).plus(RECOVERY));
            }
            at = at.plusMillis(500 + random.nextInt(PAUSE_MILLIS));
        }
        return new Plan(seed, length, steps);
    }

    /**
     * A short plan in which every kind of fault happens, on every link, and those that lose data last: until then nothing may be missing. The seed decides the
     * order and where.
     */
    static Plan everything(long seed) {
        Random random = new Random(seed);
        List<Step> links = new ArrayList<>();
        List<Step> others = new ArrayList<>();
        List<Step> losses = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Duration lasts = shorter(kind);
            if (kind.on == Kind.On.LINK) {
                int first = random.nextInt(INSTANCES);
                for (int i = 0; i < Step.LINKS.size(); i++) {
                    String target = "instance-" + ((first + i) % INSTANCES + 1) + "/" + Step.LINKS.get(i);
                    links.add(new Step(Duration.ZERO, kind, target, lasts));
                }
            } else {
                (kind.losesData() ? losses : others).add(new Step(Duration.ZERO, kind, target(kind, random), lasts));
            }
        }
        Collections.shuffle(links, random);
        Collections.shuffle(others, random);
        List<Step> steps = new ArrayList<>();
        Duration end =
                max(spread(links, Duration.ofMillis(2200), steps), spread(others, Duration.ofMillis(2800), steps));
        for (Step loss : losses) {
            end = end.plus(RECOVERY);
            steps.add(loss.at(end));
        }
        return new Plan(seed, end.plus(CALM), steps);
    }

    /** The same with some of the steps only, which follow each other without the pauses that this leaves. */
    Plan with(List<Step> some) {
        List<Step> closer = new ArrayList<>();
        Duration saved = Duration.ZERO;
        Duration until = CALM;
        for (Step step : some) {
            Duration at = step.at().minus(saved);
            Duration latest = until.plus(PAUSE_MOST);
            if (at.compareTo(latest) > 0) {
                saved = saved.plus(at.minus(latest));
                at = latest;
            }
            closer.add(step.at(at));
            until = max(until, at.plus(step.lasts()));
        }
        return new Plan(seed, min(length, until.plus(PAUSE_MOST).plus(CALM)), closer);
    }

    /** Whether acknowledged messages may be lost. */
    boolean losesData() {
        return steps.stream().anyMatch(step -> step.kind().losesData());
    }

    /** How often each kind of fault happens. */
    Map<String, Long> counts() {
        return steps.stream().collect(Collectors.groupingBy(Step::counted, TreeMap::new, Collectors.counting()));
    }

    static Plan parse(String text) {
        long seed = 0;
        Duration length = Duration.ZERO;
        List<Step> steps = new ArrayList<>();
        for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
            String[] words = line.split("\\s+");
            if (line.startsWith("seed")) {
                seed = Long.parseLong(words[1]);
            } else if (line.startsWith("seconds")) {
                length = Duration.ofSeconds(Long.parseLong(words[1]));
            } else if (!line.startsWith("#")) {
                steps.add(Step.parse(line));
            }
        }
        return new Plan(seed, length, steps);
    }

    static Plan read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "seed " + seed + "\nseconds " + length.toSeconds() + "\n# second, fault, target, for how many seconds\n"
                + steps.stream().map(step -> step + "\n").collect(Collectors.joining());
    }

    private static Duration spread(List<Step> steps, Duration apart, List<Step> to) {
        Duration at = CALM;
        Duration end = at;
        for (Step step : steps) {
            to.add(step.at(at));
            end = max(end, at.plus(step.lasts()));
            at = at.plus(apart);
        }
        return end;
    }

    private static boolean isFree(Map<String, Duration> busy, Step step) {
        // What happens to an instance happens to its links as well.
        String instance = step.target().split("/")[0];
        return Stream.of(step.target(), instance)
                .allMatch(target -> busy.getOrDefault(target, Duration.ZERO).compareTo(step.at()) <= 0);
    }

    private static String target(Kind kind, Random random) {
        return switch (kind.on) {
            case INSTANCE -> "instance-" + (1 + random.nextInt(INSTANCES));
            case CLOCK -> CLOCKED;
            case REDIS -> "redis";
            case LINK ->
                "instance-" + (1 + random.nextInt(INSTANCES)) + "/" + Step.LINKS.get(random.nextInt(Step.LINKS.size()));
            case CLIENTS -> "client-" + (1 + random.nextInt(CLIENTS));
        };
    }

    private static Duration shorter(Kind kind) {
        return kind.least().plusMillis(kind.most().minus(kind.least()).toMillis() / 3);
    }

    private static Duration between(Duration least, Duration most, Random random) {
        return least.plusMillis(random.nextInt((int) most.minus(least).toMillis() + 1));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
