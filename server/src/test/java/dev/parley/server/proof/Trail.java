package dev.parley.server.proof;

import dev.parley.server.proof.Fault.Kind;
import dev.parley.server.proof.Seen.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What one receiver was told of one channel in one epoch, and whether that is rising and without holes. */
final class Trail {

    /** How a place was accounted for. */
    enum Way {
        MESSAGE,
        SKIP,
        GAP,
        NOT_FOLLOWED
    }

    final Map<Long, Message> messages = new HashMap<>();
    private final Map<String, Long> ids = new HashMap<>();
    private final TreeMap<Long, Range> ranges = new TreeMap<>();
    private final Set<Long> missing = new HashSet<>();
    private final BiConsumer<Kind, String> faults;
    private long at;

    private record Range(long to, Way way) {}

    /** @param faults is told what is wrong, as it is found */
    Trail(BiConsumer<Kind, String> faults) {
        this.faults = faults;
    }

    /** The last place that is accounted for. */
    long at() {
        return at;
    }

    /** Following begins, or begins again, behind a place. */
    void begin(long seq) {
        if (seq > at) {
            ranges.put(at + 1, new Range(seq, Way.NOT_FOLLOWED));
            at = seq;
        }
    }

    void message(Message message) {
        long seq = message.seq();
        if (moveTo(seq, seq)) {
            messages.put(seq, message);
            Long before = ids.put(message.messageId(), seq);
            if (before != null) {
                faults.accept(Kind.DUPLICATED, "message id of " + before + " again at " + seq + ": " + message);
            }
        }
    }

    /** A {@code skip} or a {@code gap}. */
    void range(long from, long to, Way way) {
        if (to >= from && moveTo(from, to)) {
            ranges.put(from, new Range(to, way));
        }
    }

    /** How a place was accounted for, null if not at all. */
    Way wayOf(long seq) {
        if (messages.containsKey(seq)) {
            return Way.MESSAGE;
        }
        Map.Entry<Long, Range> range = ranges.floorEntry(seq);
        return range != null && seq <= range.getValue().to() ? range.getValue().way() : null;
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
        for (long seq = at + 1; seq < from; seq++) {
            missing.add(seq);
        }
        at = to;
        return true;
    }
}
