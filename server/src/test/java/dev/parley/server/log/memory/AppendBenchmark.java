package dev.parley.server.log.memory;

import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.Doorbell;
import dev.parley.server.log.Retention;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Sequencing: an append to a full channel of the log in memory that somebody follows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AppendBenchmark {
    private static final Retention RETENTION = new Retention(1000, Duration.ofDays(7), Duration.ofDays(8));

    private final MemoryChannelLog log = new MemoryChannelLog(64 << 20);
    private final byte[] entry = new byte[300];
    private long heard;
    private long number;

    public AppendBenchmark() {
        log.follow("group/lobby", new Doorbell() {
            @Override
            public void entry(String epoch, long seq, long previous, long tag, byte[] bytes) {
                heard += seq;
            }

            @Override
            public void event(byte[] event) {}

            @Override
            public void interrupted() {}
        });
    }

    @Benchmark
    public CompletionStage<Appended> append() {
        return log.append(new Append("group/lobby", null, null, 0, 5000, RETENTION, entry));
    }

    @Benchmark
    public CompletionStage<Appended> appendWithMessageId() {
        Append.Dedup dedup = new Append.Dedup("u:ada", Long.toString(++number), Duration.ofMinutes(10));
        return log.append(new Append("group/lobby", null, dedup, 0, 5000, RETENTION, entry));
    }
}
