package dev.parley.client.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Durations in nanoseconds, three digits of each, up to an hour. Belongs to one thread until it is added to another. */
public final class Latencies {
    private static final long LONGEST = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(LONGEST, DIGITS);

    void record(long nanos) {
        histogram.recordValue(Math.min(Math.max(0, nanos), LONGEST));
    }

    void add(Latencies others) {
        histogram.add(others.histogram);
    }

    /** How many there are. */
    public long count() {
        return histogram.getTotalCount();
    }

    /** Microseconds that so many percent of them do not exceed. */
    public double percentile(double percent) {
        return count() == 0 ? 0 : histogram.getValueAtPercentile(percent) / 1e3;
    }

    /** The longest, in microseconds. */
    public double max() {
        return count() == 0 ? 0 : histogram.getMaxValue() / 1e3;
    }
}
