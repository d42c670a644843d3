package dev.parley.server.delivery;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Sender;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.trace.Tracing;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Encoding entries into the buffer that all followers share: one alone, as on an idle hub, and sixteen in one batch; times are per entry. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatchBenchmark {
    private static final int MANY = 16;

    private final Envelope envelope = new Envelope(
            new Address.Group("lobby"),
            new Sender.Person("u1", "Ada Lovelace", "abcdefg.1z"),
            "0199f3a2-7c1e-7d2b-9a55-0123456789ab",
            "message",
            1_760_000_000_000L,
            RawJson.of("{\"text\":\"" + "x".repeat(100) + "\"}"),
            null);
    private final byte[] entry = Stored.PLAIN.encode(FrameWriter.envelope(envelope));
    private final byte[] entryForSome =
            new Stored("abcdefg.1z", List.of("grace"), null).encode(FrameWriter.envelope(envelope));
    private final BatchBuilder builder = new BatchBuilder("group/lobby", new Tracing());
    private long seq;

    @Benchmark
    public long oneEntry() {
        return encode(1, entry);
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long manyEntries() {
        return encode(MANY, entry);
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public long manyEntriesForSome() {
        return encode(MANY, entryForSome);
    }

    private long encode(int entries, byte[] bytes) {
        Cursor after = new Cursor("k3jd82ls9", seq);
        for (int i = 0; i < entries; i++) {
            builder.entry(new Cursor("k3jd82ls9", ++seq), bytes, 0);
        }
        Batch batch = builder.build(after, new Cursor("k3jd82ls9", seq), 0);
        int size = batch.frames().readableBytes();
        batch.frames().release();
        return size;
    }
}
