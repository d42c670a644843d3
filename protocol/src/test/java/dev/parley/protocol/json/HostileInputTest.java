package dev.parley.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes come in, nothing but a {@link ProtocolException} with a sentence comes out. */
class HostileInputTest {
    private static final int CHANGED = 160_000;
    private static final int RANDOM = 40_000;

    /** On a slow machine there are fewer cases rather than a longer wait. */
    private static final long TIME_MAX = TimeUnit.SECONDS.toNanos(4);

    /** What a JSON parser minds, to be put where it does not belong. */
    private static final byte[][] SNIPPETS = bytes(
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            ":",
            "\\",
            "\\u",
            "\\ud800",
            "\\udc00",
            "null",
            "true",
            "1e999999",
            "-",
            "0x",
            ".5",
            "1.0",
            "9007199254740992",
            "-1",
            "\0",
            "\n",
            "\uFEFF",
            "\"id\":1,",
            "\"type\":",
            "{}",
            "[]",
            "\"\"",
            "'",
            "/**/",
            "NaN");

    private final FrameReader reader = new FrameReader(64 * 1024);

    static List<Golden> all() {
        return Golden.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aFrameCutOffAnywhereIsBad(Golden golden) {
        byte[] utf8 = golden.utf8();
        for (int length = 0; length < utf8.length; length++) {
            byte[] cut = Arrays.copyOf(utf8, length);

            assertThatThrownBy(() -> golden.read(reader, cut))
                    .as("cut off after %d bytes", length)
                    .isInstanceOfSatisfying(
                            ProtocolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_FRAME));
        }
    }

    @Test
    void changedFramesAreReadOrRefused() {
        long seed = Seed.next();
        Random random = new Random(seed);
        List<Golden> goldens = Golden.all();
        long end = System.nanoTime() + TIME_MAX;
        for (int i = 0; i < CHANGED && System.nanoTime() < end; i++) {
            byte[] utf8 = goldens.get(random.nextInt(goldens.size())).utf8();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                utf8 = change(random, utf8);
            }
            readSomeWay(random.nextInt(4), seed, utf8);
        }
    }

    @Test
    void randomBytesAreReadOrRefused() {
        long seed = Seed.next();
        Random random = new Random(seed);
        long end = System.nanoTime() + TIME_MAX;
        for (int i = 0; i < RANDOM && System.nanoTime() < end; i++) {
            byte[] utf8 = new byte[random.nextInt(100)];
            random.nextBytes(utf8);
            readSomeWay(random.nextInt(4), seed, utf8);
        }
    }

    private static byte[] change(Random random, byte[] utf8) {
        int at = random.nextInt(utf8.length + 1);
        int until = Math.min(utf8.length, at + random.nextInt(8));
        return switch (random.nextInt(4)) {
            case 0 -> splice(utf8, at, until, SNIPPETS[random.nextInt(SNIPPETS.length)]);
            case 1 -> splice(utf8, at, at, SNIPPETS[random.nextInt(SNIPPETS.length)]);
            case 2 -> splice(utf8, at, at, Arrays.copyOfRange(utf8, at, until));
            default -> splice(utf8, at, Math.min(utf8.length, at + 1), new byte[] {(byte) random.nextInt()});
        };
    }

    private static byte[] splice(byte[] utf8, int from, int to, byte[] between) {
        byte[] spliced = Arrays.copyOf(utf8, utf8.length - (to - from) + between.length);
        System.arraycopy(between, 0, spliced, from, between.length);
        System.arraycopy(utf8, to, spliced, from + between.length, utf8.length - to);
        return spliced;
    }

    private void readSomeWay(int way, long seed, byte[] utf8) {
        try {
            switch (way) {
                case 0 -> reader.readClient(utf8, 0, utf8.length);
                case 1 -> reader.readServer(utf8, 0, utf8.length);
                case 2 -> reader.readMessageBody(utf8, 0, utf8.length);
                default -> reader.readEnvelope(utf8, 0, utf8.length);
            }
        } catch (ProtocolException e) {
            // By hand, because an assertion's description would cost more than the reading.
            if (e.detail().isBlank()
                    || e.detail().contains("Exception")
                    || e.detail().contains("com.")) {
                fail(Seed.sentence(seed) + ": " + e.detail());
            }
        } catch (RuntimeException | Error e) {
            fail(Seed.sentence(seed) + ": " + new String(utf8, StandardCharsets.UTF_8), e);
        }
    }

    private static byte[][] bytes(String... snippets) {
        byte[][] bytes = new byte[snippets.length + 3][];
        for (int i = 0; i < snippets.length; i++) {
            bytes[i] = snippets[i].getBytes(StandardCharsets.UTF_8);
        }
        bytes[snippets.length] = new byte[] {(byte) 0xC0, (byte) 0x80}; // overlong
        bytes[snippets.length + 1] = new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}; // a surrogate
        bytes[snippets.length + 2] = "[".repeat(300).getBytes(StandardCharsets.UTF_8);
        return bytes;
    }
}
