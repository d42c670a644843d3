package dev.parley.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.parley.protocol.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Held against Jackson's parser of characters behind the JDK's decoder, which are slower and strict: the same is taken, and means the same. */
class JsonScannerTest {
    private static final int DOCUMENTS = 200_000;
    private static final long TIME_MAX = TimeUnit.SECONDS.toNanos(6);
    private static final Rules RULES = new Rules(8, 12);
    private static final JsonFactory JACKSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(RULES.depthMax())
                    .maxNumberLength(RULES.numberMax())
                    .build())
            .build();

    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\t",
        "\n",
        "\r",
        "\"",
        "\\",
        "\"a\"",
        "\"type\"",
        "\"\"",
        "\"longer than a word of eight bytes\"",
        "\"ü\"",
        "\"語 and more of it\"",
        "\"1234567😀\"",
        "\"\\n\\u00fC\\/\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\\u12",
        "\\x",
        "0",
        "-0",
        "12",
        "-1.5",
        "1e9",
        "1E-2",
        "0.0e+00",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e",
        "123456789012",
        "1234567890123",
        "1234567.890123",
        "true",
        "false",
        "null",
        "tru",
        "nulls",
        "NaN",
        "'",
        "/*",
        "\0",
        "\u007f",
        "\u0001",
        "\uFEFF",
        "\u00A0",
        "{\"a\":1}",
        "[[[[",
        "]]]]",
        "{\"a\":{\"b\":",
    };

    /** A document that hangs together more or less. */
    private static byte[] document(Random random) {
        StringBuilder text = new StringBuilder();
        value(random, text, 0);
        byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(utf8.length + 1);
            int until = Math.min(utf8.length, at + random.nextInt(3));
            byte[] piece = random.nextInt(8) == 0
                    ? new byte[] {(byte) random.nextInt()}
                    : PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8);
            byte[] changed = Arrays.copyOf(utf8, utf8.length - (until - at) + piece.length);
            System.arraycopy(piece, 0, changed, at, piece.length);
            System.arraycopy(utf8, until, changed, at + piece.length, utf8.length - until);
            utf8 = changed;
        }
        return utf8;
    }

    private static void value(Random random, StringBuilder text, int depth) {
        String space = random.nextInt(4) == 0 ? " \r\n\t".substring(random.nextInt(4)) : "";
        text.append(space);
        int size = random.nextInt(4);
        switch (random.nextInt(depth > 8 ? 2 : 5)) {
            case 0, 1 -> text.append(PIECES[12 + random.nextInt(PIECES.length - 12)]);
            case 2 -> {
                text.append('[');
                for (int i = 0; i < size; i++) {
                    text.append(i > 0 ? "," : "");
                    value(random, text, depth + 1);
                }
                text.append(space).append(']');
            }
            default -> {
                text.append('{');
                for (int i = 0; i < size; i++) {
                    text.append(i > 0 ? "," : "")
                            .append(PIECES[12 + random.nextInt(10)])
                            .append(':');
                    value(random, text, depth + 1);
                }
                text.append(space).append('}');
            }
        }
        text.append(space);
    }

    @Test
    void agreesWithJacksonOnWhateverComes() {
        long seed = Seed.next();
        Random random = new Random(seed);
        int taken = 0;
        int refused = 0;
        long end = System.nanoTime() + TIME_MAX;
        for (int i = 0; i < DOCUMENTS && System.nanoTime() < end; i++) {
            byte[] utf8 = document(random);
            List<String> expected = withJackson(utf8);
            List<String> scanned = scanned(utf8);
            if (expected == null ? scanned != null : !expected.equals(scanned)) {
                fail(Seed.sentence(seed) + ": " + new String(utf8, StandardCharsets.UTF_8) + "\nis " + expected
                        + "\nbut " + scanned);
            }
            if (expected == null) {
                refused++;
            } else {
                taken++;
            }
        }
        assertThat(taken).isGreaterThan(100);
        assertThat(refused).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7, 8, 9, 15, 16, 17})
    void aStringEndsWhereItEndsHoweverItLiesInWordsOfEight(int length) {
        for (String last : new String[] {"", "ü", "\\n", "\\\"", "\\\\", "😀", "\\u00e9"}) {
            byte[] utf8 = ("[\"" + "x".repeat(length) + last + "\",\"y\"]").getBytes(StandardCharsets.UTF_8);

            assertThat(scanned(utf8)).isNotNull().isEqualTo(withJackson(utf8));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7, 8, 9, 15, 16, 17})
    void aControlCharacterIsFoundHoweverItLiesInWordsOfEight(int length) {
        for (char control = 0; control < ' '; control++) {
            byte[] utf8 =
                    ("[\"" + "x".repeat(length) + control + "yyyyyyyyyyyyyyyy\"]").getBytes(StandardCharsets.UTF_8);

            assertThat(scanned(utf8)).isNull();
        }
    }

    /** What the document says, token by token, or null when it is not to be taken. No scalars alone: at the very end, Jackson measures no number. */
    private static List<String> scanned(byte[] utf8) {
        byte[] around = new byte[utf8.length + 24];
        Arrays.fill(around, (byte) '"');
        System.arraycopy(utf8, 0, around, 12, utf8.length);
        if (!Utf8.isValid(around, 12, utf8.length)) {
            return null;
        }
        JsonScanner json = new JsonScanner(RULES, around, 12, utf8.length);
        List<String> tokens = new ArrayList<>();
        try {
            tell(json, tokens);
            if (!json.isAtEnd() || tokens.size() == 1) {
                return null;
            }
            // Passing over it, without looking, must not take anything else.
            JsonScanner again = new JsonScanner(RULES, around, 12, utf8.length);
            again.value();
            again.leave();
            assertThat(again.isAtEnd()).isTrue();
            return tokens;
        } catch (ProtocolException e) {
            return null;
        }
    }

    private static void tell(JsonScanner json, List<String> tokens) {
        switch (json.value()) {
            case OBJECT -> {
                tokens.add("{");
                while (json.nextField()) {
                    tokens.add(json.name());
                    tell(json, tokens);
                }
                tokens.add("}");
            }
            case ARRAY -> {
                tokens.add("[");
                while (json.nextElement()) {
                    tell(json, tokens);
                }
                tokens.add("]");
            }
            case STRING -> tokens.add(json.text());
            case INTEGER -> tokens.add(Long.toString(json.integer()));
            default -> tokens.add(new String(json.from(json.valueAt()), StandardCharsets.UTF_8));
        }
    }

    private static List<String> withJackson(byte[] utf8) {
        List<String> tokens = new ArrayList<>();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            try (JsonParser json = JACKSON.createParser(text)) {
                for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                    tokens.add(
                            token == JsonToken.VALUE_NUMBER_INT ? Long.toString(json.getLongValue()) : json.getText());
                    if (json.getParsingContext().inRoot()) {
                        return token.isStructEnd() && json.nextToken() == null ? tokens : null;
                    }
                }
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }
}
