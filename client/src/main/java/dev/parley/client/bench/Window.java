package dev.parley.client.bench;

/** The time that is measured; what comes before is warm-up. Set by the run's thread, read by all. */
final class Window {
    private volatile long from = Long.MAX_VALUE;
    private volatile long to = Long.MAX_VALUE;

    void open(long start, long end) {
        to = end;
        from = start;
    }

    /** Ends it now, whatever was planned. */
    void close() {
        to = System.nanoTime();
    }

    boolean holds(long time) {
        return time >= from && time < to;
    }

    double seconds() {
        return (to - from) / 1e9;
    }
}
