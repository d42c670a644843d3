package dev.parley.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Held against the JDK's strict decoder. */
class Utf8Test {
    private static final int SAMPLES = 2_000_000;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer decoded = CharBuffer.allocate(64);

    @Test
    void nothingIsValid() {
        assertThat(Utf8.isValid(new byte[0], 0, 0)).isTrue();
    }

    @Test
    void agreesWithTheJdkOnAllOfUpToThreeBytes() {
        byte[] bytes = new byte[3];
        for (int all = 0; all < 1 << 24; all++) {
            bytes[0] = (byte) (all >> 16);
            bytes[1] = (byte) (all >> 8);
            bytes[2] = (byte) all;
            assertAgrees(bytes, 3);
            if ((all & 0xFF) == 0) {
                assertAgrees(bytes, 2);
            }
            if ((all & 0xFFFF) == 0) {
                assertAgrees(bytes, 1);
            }
        }
    }

    /** Around the first bytes of long forms, where all the rules are. */
    @Test
    void agreesWithTheJdkOnFourBytes() {
        Random random = new Random(4);
        byte[] bytes = new byte[4];
        for (int i = 0; i < SAMPLES; i++) {
            bytes[0] = (byte) (0xE0 + random.nextInt(0x20));
            bytes[1] = (byte) random.nextInt(0x100);
            bytes[2] = (byte) (0x70 + random.nextInt(0x60));
            bytes[3] = (byte) (0x70 + random.nextInt(0x60));
            assertAgrees(bytes, 4);
        }
    }

    @Test
    void agreesWithTheJdkOnTextWithOneByteChanged() {
        Random random = new Random(5);
        byte[] text = "Ada: grüße, 你好, 😀 — naïve ∑".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < SAMPLES / 10; i++) {
            byte[] changed = text.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(0x100);
            assertAgrees(changed, 1 + random.nextInt(changed.length));
        }
    }

    @Test
    void looksNoFurtherThanTheLength() {
        assertThat(Utf8.isValid(new byte[] {'a', 0, (byte) 0xFF}, 0, 1)).isTrue();
        assertThat(Utf8.isValid(new byte[] {(byte) 0xC3, 0, (byte) 0xA9}, 0, 1)).isFalse();
    }

    private void assertAgrees(byte[] bytes, int length) {
        decoder.reset();
        decoded.clear();
        boolean valid = !decoder.decode(ByteBuffer.wrap(bytes, 0, length), decoded, true)
                .isError();
        if (Utf8.isValid(bytes, 0, length) != valid) {
            assertThat(Utf8.isValid(bytes, 0, length))
                    .as("%d of %s", length, HexFormat.of().formatHex(bytes))
                    .isEqualTo(valid);
        }
    }
}
