package dev.parley.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BytesTest {
    private final Random random = new Random(7);

    private static ByteBuffer buffer(byte[] bytes) {
        return Reactor.buffer(Math.max(1, bytes.length)).put(0, bytes);
    }

    @Test
    void findsTheFirstOfAByteWhereverItStands() {
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            byte wanted = (byte) random.nextInt(256);
            for (int i = 0; i < bytes.length; i++) {
                // Neighbours of what is sought are what the arithmetic could mistake for it.
                bytes[i] = random.nextInt(4) == 0 ? (byte) (wanted ^ 1) : bytes[i];
                bytes[i] = random.nextInt(20) == 0 ? wanted : bytes[i];
            }
            int from = random.nextInt(bytes.length + 1);
            int expected = from;
            while (expected < bytes.length && bytes[expected] != wanted) {
                expected++;
            }
            assertThat(Bytes.indexOf(buffer(bytes), from, bytes.length, wanted)).isEqualTo(expected);
        }
    }

    @Test
    void findsTextBehindItsOwnBeginnings() {
        byte[] text = "@@T@ @T@T".getBytes(StandardCharsets.US_ASCII);
        assertThat(Bytes.indexOf(buffer(text), 0, text.length, Payload.MARK)).isEqualTo(1);
        assertThat(Bytes.indexOf(buffer(text), 2, text.length, Payload.MARK)).isEqualTo(5);
        assertThat(Bytes.indexOf(buffer(text), 6, text.length, Payload.MARK)).isEqualTo(7);
        assertThat(Bytes.indexOf(buffer(text), 8, text.length, Payload.MARK)).isEqualTo(text.length);
    }

    @Test
    void readsNumbersAsTheyWereWritten() {
        ByteBuffer out = Reactor.buffer(64);
        for (int round = 0; round < 10_000; round++) {
            long number = random.nextLong() >>> 1 + random.nextInt(62);
            Bytes.putNumber(out.clear(), number);
            assertThat(Bytes.number(out, 0, out.position())).isEqualTo(number);
            Bytes.putDigits(out.clear(), number, 19);
            assertThat(Bytes.digits(out, 0, 19)).isEqualTo(number);
        }
        assertThat(Bytes.number(buffer(new byte[] {'x'}), 0, 1)).isEqualTo(-1);
    }

    @Test
    void aPayloadHoldsItsTimeAndNumber() {
        ByteBuffer out = Reactor.buffer(128);
        Payload.put(out, 1_234_567_890_123_456_789L, 42, 100);
        assertThat(out.position()).isEqualTo(100);
        assertThat(Payload.at(out, 0, 100)).isTrue();
        assertThat(Payload.due(out, 0)).isEqualTo(1_234_567_890_123_456_789L);
        assertThat(Payload.number(out, 0)).isEqualTo(42);
        assertThat(Payload.at(out, 0, Payload.MIN - 1)).isFalse();
    }
}
