package dev.parley.server.bench;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.Sender;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.json.FrameReader;
import dev.parley.protocol.json.FrameWriter;
import java.nio.charset.StandardCharsets;
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

/** Reading and writing the frames of which a busy hub sees most. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameBenchmark {
    private static final String TEXT =
            "A hundred characters, as they come with many a message: mostly ASCII, some words, and so many of it.";

    private final FrameReader reader = new FrameReader(64 * 1024);
    private final byte[] send =
            utf8("{\"type\":\"send\",\"id\":4711,\"to\":{\"group\":\"lobby\"},\"data\":{\"text\":\"" + TEXT + "\"}}");
    private final byte[] sendWithMessageId =
            utf8("{\"type\":\"send\",\"id\":4711,\"to\":{\"group\":\"lobby\"},\"data\":{\"text\":\"" + TEXT
                    + "\"},\"messageId\":\"0199f3a2-7c1e-7d2b-9a55-0123456789ab\"}");
    private final byte[] sendBeyondAscii = utf8(
            "{\"type\":\"send\",\"id\":4711,\"to\":{\"group\":\"lobby\"},\"data\":{\"text\":\"Grüße aus 東京 und Zürich 😀 "
                    + TEXT + "\"}}");
    private final byte[] ping = utf8("{\"type\":\"ping\",\"id\":4711}");
    private final byte[] typing = utf8("{\"type\":\"typing\",\"to\":{\"group\":\"lobby\"},\"active\":true}");

    private final Envelope envelope = new Envelope(
            new Address.Group("lobby"),
            new Sender.Person("u1", "Ada Lovelace", "abcdefg.1z"),
            "0199f3a2-7c1e-7d2b-9a55-0123456789ab",
            "message",
            1_760_000_000_000L,
            RawJson.of("{\"text\":\"" + TEXT + "\"}"),
            null);
    private final Cursor at = new Cursor("k3jd82ls9", 4711);
    private final ServerFrame message = new ServerFrame.Message("group/lobby", at, envelope);
    private final ServerFrame ack = new ServerFrame.Ack(
            new RequestId.Number(4711),
            new ServerFrame.Result.Sent(envelope.messageId(), "group/lobby", at, envelope.time(), false));
    private final byte[] written = FrameWriter.envelope(envelope);

    @Benchmark
    public ClientFrame readSend() {
        return reader.readClient(send, 0, send.length);
    }

    @Benchmark
    public ClientFrame readSendWithMessageId() {
        return reader.readClient(sendWithMessageId, 0, sendWithMessageId.length);
    }

    @Benchmark
    public ClientFrame readSendBeyondAscii() {
        return reader.readClient(sendBeyondAscii, 0, sendBeyondAscii.length);
    }

    @Benchmark
    public ClientFrame readPing() {
        return reader.readClient(ping, 0, ping.length);
    }

    @Benchmark
    public ClientFrame readTyping() {
        return reader.readClient(typing, 0, typing.length);
    }

    @Benchmark
    public Envelope readEnvelope() {
        return reader.readEnvelope(written, 0, written.length);
    }

    @Benchmark
    public byte[] writeAck() {
        return FrameWriter.write(ack);
    }

    @Benchmark
    public byte[] writeMessage() {
        return FrameWriter.write(message);
    }

    @Benchmark
    public byte[] writeEnvelope() {
        return FrameWriter.envelope(envelope);
    }

    private static byte[] utf8(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
