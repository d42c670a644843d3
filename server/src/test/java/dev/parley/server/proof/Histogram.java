package dev.parley.server.proof;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** How many things happened when, in buckets of so many milliseconds. For one thread. */
final class Histogram {
    private final int bucket;
    private final Map<Long, Integer> counts = new TreeMap<>();
    private int all;

    Histogram(int bucket) {
        this.bucket = bucket;
    }

    void add(long nanos) {
        counts.merge(TimeUnit.NANOSECONDS.toMillis(nanos) / bucket * bucket, 1, Integer::sum);
        all++;
    }

    /** Where the first bucket begins, in milliseconds. */
    long first() {
        return counts.keySet().iterator().next();
    }

    /** What part of everything the fullest bucket has, of 1. */
    double largestShare() {
        return counts.values().stream().mapToInt(count -> count).max().orElseThrow() / (double) all;
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
