package dev.parley.server.proof;

import dev.parley.server.proof.Fault.Kind;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** What one receiver was told of one channel in one epoch, and whether that is rising and without holes. Keeps only what was no message. */
final class Trail {

    /** How a place was accounted for. */
    enum Way {
        MESSAGE,
        SKIP,
        GAP,
        NOT_FOLLOWED
    }

    private final TreeMap<Long, Range> ranges = new TreeMap<>();
    private final Set<Long> missing = new HashSet<>();
    private final BiConsumer<Kind, String> faults;
    private final Consumer<String> holes;
    private long at;

    private record Range(long to, Way way) {}

    /**
     * Nothing yet.
     *
     * @param faults is told what is wrong, as it is found
     * @param holes is told of a hole when it opens
     */
    Trail(BiConsumer<Kind, String> faults, Consumer<String> holes) {
        this.faults = faults;
        this.holes = holes;
    }

    /** The last place that is accounted for. */
    long at() {
        return at;
    }

    /**
     * Following begins, or begins again, behind a place.
     *
     * @param wished whether the receiver asked for this place, and so perhaps for what it had seen before
     */
    void begin(long seq, boolean wished) {
        if (seq < at && wished) {
            at = seq;
        } else if (seq > at) {
            ranges.put(at + 1, new Range(seq, Way.NOT_FOLLOWED));
            at = seq;
        }
    }

    /** Whether it is new. */
    boolean message(long seq) {
        return moveTo(seq, seq);
    }

    /** A {@code skip} or a {@code gap}. */
    void range(long from, long to, Way way) {
        if (to >= from && moveTo(from, to)) {
            ranges.put(from, new Range(to, way));
        }
    }

    /** How a place was accounted for, null if not at all. */
    Way wayOf(long seq) {
        Map.Entry<Long, Range> range = ranges.floorEntry(seq);
        if (range != null && seq <= range.getValue().to()) {
            return range.getValue().way();
        }
        return seq <= at && !missing.contains(seq) ? Way.MESSAGE : null;
    }

    /** How many places were passed over without a word. */
    int missing() {
        return missing.size();
    }

    void forEachSkipped(LongConsumer place) {
        ranges.forEach((from, range) -> {
            for (long seq = from; range.way() == Way.SKIP && seq <= range.to(); seq++) {
                place.accept(seq);
            }
        });
    }

    /** Everything has been told: holes are holes now. */
    void finish() {
        if (!missing.isEmpty()) {
            faults.accept(
                    Kind.UNDECLARED_GAP,
                    missing.stream().sorted().limit(10).toList() + (missing.size() > 10 ? " and more" : ""));
        }
    }

    /** Whether this is new; what comes twice or late is a fault. */
    private boolean moveTo(long from, long to) {
        if (from <= at) {
            boolean late = missing.remove(from);
            faults.accept(late ? Kind.OUT_OF_ORDER : Kind.DUPLICATED, from + " came after " + at);
            return late;
        }
        if (from > at + 1) {
            holes.accept(at + 1 + " to " + (from - 1) + " did not come");
        }
        for (long seq = at + 1; seq < from; seq++) {
            missing.add(seq);
        }
        at = to;
        return true;
    }
}
