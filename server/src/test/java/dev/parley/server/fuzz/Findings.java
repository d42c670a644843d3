package dev.parley.server.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was wrong in a run, and how often what happened: a run in which nothing happened finds nothing, too. Any thread. */
final class Findings {
    /** So many are kept: one cause may show in every case. */
    private static final int MOST = 50;

    private final List<String> all = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();

    synchronized void add(String finding) {
        count("findings");
        if (all.size() < MOST) {
            all.add(finding);
            System.out.println("FOUND " + finding);
        }
    }

    void count(String what) {
        count(what, 1);
    }

    synchronized void count(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    synchronized List<String> all() {
        return List.copyOf(all);
    }

    synchronized Map<String, Long> counts() {
        return new TreeMap<>(counts);
    }
}
