package dev.parley.server.faults;

import dev.parley.server.proof.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that was wrong in a run, with when it was found. Any thread. */
final class Anomalies {

    /** So many are kept: one cause may show at every receiver. */
    private static final int MOST = 500;

    private static final int DIARIES = 8;

    private final long begin = System.nanoTime();
    private final List<Anomaly> all = new ArrayList<>();
    private final Map<String, List<String>> diaries = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /** What is wrong besides what a checker finds. */
    enum Kind {
        /** Somebody is shown as present who is not, or is not shown who is. */
        GHOST,
        /** A request or a ping without an answer, or a client that does not come back. */
        STUCK,
        /** A subscription, channel or connection of nobody. */
        LEAKED,
        /** An instance takes more memory than its bound. */
        MEMORY,
        /** An error or a stack trace in the log of an instance, or one that did not end as it should. */
        LOG,
        /** A request was refused that should not be, or a client was told something against the contract. */
        CONTRACT,
        /** The laboratory itself failed. */
        LABORATORY
    }

    /** One of them. */
    record Anomaly(String kind, double second, String detail) {
        @Override
        public String toString() {
            return String.format("%s at %.1f s: %s", kind, second, detail);
        }
    }

    void add(Kind kind, String detail) {
        add(kind.name(), detail);
    }

    void add(Fault fault) {
        add(fault.kind().name(), fault.detail());
    }

    synchronized List<Anomaly> all() {
        return List.copyOf(all);
    }

    synchronized long count(String kind) {
        return all.stream().filter(each -> each.kind().equals(kind)).count();
    }

    /** Seconds since the run began. */
    double second() {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** What a client had heard when something was wrong with it for the first time. */
    synchronized void diary(String client, List<String> frames) {
        if (diaries.size() < DIARIES) {
            diaries.putIfAbsent(client, frames);
        }
    }

    synchronized Map<String, List<String>> diaries() {
        return new LinkedHashMap<>(diaries);
    }

    private synchronized void add(String kind, String detail) {
        if (counts.merge(kind + detail, 1, Integer::sum) == 1 && all.size() < MOST) {
            all.add(new Anomaly(kind, second(), detail));
        }
    }
}
