package dev.parley.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Makes of good bytes or good JSON something else, by chance: the same for the same {@link Random}. */
final class Mutator {
    /** What JSON has that readers get wrong. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-0",
            "-1",
            "1e999",
            "-1E-999",
            "1.0",
            "0.1e1",
            "9007199254740991",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "1" + "0".repeat(400),
            "0." + "3".repeat(2000),
            "01",
            "+1",
            "0x10",
            "NaN",
            "Infinity",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"\\uD83D\"",
            "\"\u2028\u2029\u202e\ufeff\"",
            "\"\u0007\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"" + "a".repeat(70_000) + "\"",
            "\"" + "\\u0041".repeat(300) + "\"",
            "\"../../../etc/passwd\"",
            "\"<script>alert(1)</script>\"",
            "\"\\r\\nX: y\"",
            "[]",
            "{}",
            "[[]]",
            "{\"\":{}}",
            "[".repeat(199) + "]".repeat(199),
            "[".repeat(5000),
            "{\"a\":".repeat(210) + "1" + "}".repeat(210),
            "[" + "1,".repeat(500) + "1]",
            "/*x*/1",
            "'x'");

    private static final byte[][] BAD_UTF8 = {
        {(byte) 0xFF},
        {(byte) 0xC0, (byte) 0xAF},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xE2, (byte) 0x82},
        {(byte) 0x80},
        {(byte) 0xF0, (byte) 0x80, (byte) 0x80, (byte) 0x80},
    };

    private final Random random;
    private final List<String> others;

    /**
     * A mutator.
     *
     * @param others pieces that are spliced in
     */
    Mutator(Random random, List<String> others) {
        this.random = random;
        this.others = others;
    }

    <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** JSON whose structure is mostly sound: what a reader takes apart, and the code behind it has to judge. */
    String json(String good) {
        String made = good;
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            made = jsonOnce(made);
        }
        return made;
    }

    private String jsonOnce(String good) {
        int colon = nth(good, ':');
        int comma = nth(good, ',');
        int brace = nth(good, '{');
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> colon < 0 ? any(VALUES) : replaceValue(good, colon + 1, any(VALUES));
            case 3 ->
                brace < 0
                        ? good
                        : insert(
                                good,
                                brace + 1,
                                "\"" + any(List.of("type", "id", "to", "data", "x")) + "\":" + any(VALUES) + ",");
            case 4 ->
                comma < 0
                        ? good
                        : insert(
                                good, comma, any(List.of(",", ",\"type\":\"ping\"", "\n", " ", ",\"id\":1", "\u0000")));
            case 5 ->
                colon < 0 ? good : replaceValue(good, colon + 1, any(others).strip());
            case 6 -> brace < 0 ? good : insert(good, brace + 1, "\"to\":{\"all\":true},");
            case 7 ->
                comma < 0
                        ? good
                        : good.substring(0, comma)
                                + good.substring(Math.min(good.length(), comma + 1 + random.nextInt(10)));
            default -> good + any(List.of("", "\n", "x", "}", good, "\n" + any(others)));
        };
    }

    /** Bytes of which nothing is certain. */
    byte[] bytes(byte[] good) {
        byte[] made = good;
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            made = bytesOnce(made);
        }
        return made;
    }

    private byte[] bytesOnce(byte[] good) {
        int at = good.length == 0 ? 0 : random.nextInt(good.length);
        int length = good.length == 0 ? 0 : random.nextInt(Math.min(64, good.length - at) + 1);
        byte[] changed = good.clone();
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                for (int flips = 1 + random.nextInt(4); flips > 0 && changed.length > 0; flips--) {
                    changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                }
                return changed;
            }
            case 2 -> {
                return Arrays.copyOf(good, at);
            }
            case 3 -> {
                return splice(good, at, at + length, new byte[0]);
            }
            case 4 -> {
                return splice(good, at, at, Arrays.copyOfRange(good, at, at + length));
            }
            case 5 -> {
                return splice(good, at, at, BAD_UTF8[random.nextInt(BAD_UTF8.length)]);
            }
            case 6 -> {
                byte[] other = any(others).getBytes(StandardCharsets.UTF_8);
                int from = random.nextInt(other.length);
                return splice(good, at, at + length, Arrays.copyOfRange(other, from, other.length));
            }
            default -> {
                if (changed.length > 0) {
                    changed[at] = (byte) any(List.of(0x00, 0xFF, 0x7F, 0x80, 0x0A, 0x0D, 0x20, 0x22, 0x5C, 0x7B))
                            .intValue();
                }
                return changed;
            }
        }
    }

    private static byte[] splice(byte[] good, int from, int to, byte[] by) {
        ByteArrayOutputStream made = new ByteArrayOutputStream(good.length + by.length);
        made.write(good, 0, from);
        made.writeBytes(by);
        made.write(good, to, good.length - to);
        return made.toByteArray();
    }

    private static String insert(String into, int at, String what) {
        return into.substring(0, at) + what + into.substring(at);
    }

    /** The value that begins there, replaced up to where it seems to end. */
    private static String replaceValue(String json, int from, String by) {
        int depth = 0;
        boolean text = false;
        int to = from;
        for (; to < json.length(); to++) {
            char c = json.charAt(to);
            if (c == '"' && json.charAt(to - 1) != '\\') {
                text = !text;
            } else if (!text && (c == '{' || c == '[')) {
                depth++;
            } else if (!text && (c == '}' || c == ']' || c == ',')) {
                if (depth == 0) {
                    break;
                }
                depth -= c == ',' ? 0 : 1;
            }
        }
        return json.substring(0, from) + by + json.substring(to);
    }

    /** Where one of those stands, any of them; -1 where there is none. */
    private int nth(String in, char what) {
        int[] places = IntStream.range(0, Math.min(in.length(), 4000))
                .filter(i -> in.charAt(i) == what)
                .toArray();
        return places.length == 0 ? -1 : places[random.nextInt(places.length)];
    }
}
