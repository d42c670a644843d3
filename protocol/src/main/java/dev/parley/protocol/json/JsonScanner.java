package dev.parley.protocol.json;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A strict pass over JSON (RFC 8259) in the bytes it came in, which makes nothing of what nobody asks for. Used by {@link Fields}: by one thread, for one object.
 *
 * <p>{@link #value} reads a scalar to its end and enters an object or array; inside, {@link #nextField} or {@link #nextElement} go on to the next one, after
 * which its value is to be read, until they answer false and have left it.
 *
 * <p>Our own, because of what it does not do: Jackson's parser of characters wants characters first and buffers for each message, and its parser of bytes takes
 * overlong forms, and a table of all names ever met that outlives the message and that anybody could fill through {@code data}. The tests hold this one against
 * Jackson's on whatever random and damaged input; {@code FrameBenchmark} times it.
 */
final class JsonScanner {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = 0x80 * EACH;

    /** What a value is. */
    enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        INTEGER,
        FRACTION,
        TRUE,
        FALSE,
        NULL
    }

    private final Rules rules;
    private final byte[] utf8;
    private final int begin;
    private final int end;
    private int at;
    private int valueAt;
    private int depth;
    /** Whether what was entered at each depth is an object. */
    private boolean[] objects = new boolean[16];
    /** Whether nothing was read yet of what was entered last. */
    private boolean first;
    /** Whether there was a line break between two tokens. */
    private boolean lineBreaks;

    /** The string that was read last, be it a name or a value: the bytes between its quotes, and whether they are not what they stand for. */
    private int textFrom;

    private int textTo;
    private boolean textEscaped;
    private boolean textAscii;

    /** @param utf8 well-formed UTF-8 from {@code offset} on */
    JsonScanner(Rules rules, byte[] utf8, int offset, int length) {
        this.rules = rules;
        this.utf8 = utf8;
        this.begin = offset;
        this.at = offset;
        this.end = offset + length;
    }

    /** Reads a value: a scalar to its end, of an object or array its bracket. */
    Kind value() {
        skipSpace();
        valueAt = at;
        if (at == end) {
            throw broken(at);
        }
        return switch (utf8[at]) {
            case '"' -> {
                string();
                yield Kind.STRING;
            }
            case '{' -> enter(Kind.OBJECT);
            case '[' -> enter(Kind.ARRAY);
            case 't' -> word("true", Kind.TRUE);
            case 'f' -> word("false", Kind.FALSE);
            case 'n' -> word("null", Kind.NULL);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw broken(at);
        };
    }

    /** Goes to the next field's value, whose name is {@link #name} until it is read; false at the end of the object, which is left. */
    boolean nextField() {
        if (!more('}')) {
            return false;
        }
        if (at == end || utf8[at] != '"') {
            throw broken(at);
        }
        string();
        skipSpace();
        if (at == end || utf8[at] != ':') {
            throw broken(at);
        }
        at++;
        return true;
    }

    /** Goes to the next element; false at the end of the array, which is left. */
    boolean nextElement() {
        return more(']');
    }

    /** Passes over the rest of the object or array that was entered last. */
    void leave() {
        int outside = depth - 1;
        while (depth > outside) {
            if (objects[depth - 1] ? nextField() : nextElement()) {
                value();
            }
        }
    }

    /** Whether nothing but white space is left. */
    boolean isAtEnd() {
        skipSpace();
        return at == end;
    }

    /** The name of the present field, before its value is read. */
    String name() {
        String known = textEscaped ? null : KnownWords.find(utf8, textFrom, textTo);
        return known != null ? known : text();
    }

    /** The value that was read last, a string. */
    String text() {
        if (textEscaped) {
            return unescaped();
        }
        return new String(
                utf8, textFrom, textTo - textFrom, textAscii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    /** Whether the string that was read last has half of a surrogate pair, which only an escape can say. */
    boolean hasHalfPair() {
        return textEscaped && hasHalfPair(unescaped());
    }

    /** How many bytes the value that was read last has, a scalar. */
    int length() {
        return at - valueAt;
    }

    /** The value that was read last, an integer of at most 18 bytes. */
    long integer() {
        boolean negative = utf8[valueAt] == '-';
        long value = 0;
        for (int i = negative ? valueAt + 1 : valueAt; i < at; i++) {
            value = 10 * value + utf8[i] - '0';
        }
        return negative ? -value : value;
    }

    /** Where the value begins that was read last. */
    int valueAt() {
        return valueAt;
    }

    /** All bytes from a value's beginning up to here, on one line. */
    byte[] from(int value) {
        byte[] raw = Arrays.copyOfRange(utf8, value, at);
        if (lineBreaks) {
            for (int i = 0; i < raw.length; i++) {
                // Strings have no raw line breaks, so this is white space between tokens.
                if (raw[i] == '\n' || raw[i] == '\r') {
                    raw[i] = ' ';
                }
            }
        }
        return raw;
    }

    private Kind enter(Kind kind) {
        at++;
        if (depth == rules.depthMax()) {
            throw Rules.tooMuch();
        }
        if (depth == objects.length) {
            objects = Arrays.copyOf(objects, 2 * depth);
        }
        objects[depth++] = kind == Kind.OBJECT;
        first = true;
        return kind;
    }

    /** Goes to what comes next in the present object or array, or leaves it. */
    private boolean more(char bracket) {
        skipSpace();
        if (at == end) {
            throw broken(at);
        }
        if (utf8[at] == bracket) {
            at++;
            depth--;
            first = false;
            return false;
        }
        if (first) {
            first = false;
            return true;
        }
        if (utf8[at] != ',') {
            throw broken(at);
        }
        at++;
        skipSpace();
        return true;
    }

    private void skipSpace() {
        while (at < end && utf8[at] <= ' ') {
            byte space = utf8[at];
            if (space != ' ' && space != '\n' && space != '\r' && space != '\t') {
                return;
            }
            lineBreaks |= space == '\n' || space == '\r';
            at++;
        }
    }

    private Kind word(String word, Kind kind) {
        for (int i = 0; i < word.length(); i++) {
            if (at == end || utf8[at] != word.charAt(i)) {
                throw broken(at);
            }
            at++;
        }
        return kind;
    }

    private Kind number() {
        int i = utf8[at] == '-' ? at + 1 : at;
        int integral = i;
        i = digits(i);
        if (utf8[integral] == '0' && i > integral + 1) {
            throw broken(integral + 1);
        }
        int digits = i - integral;
        Kind kind = Kind.INTEGER;
        if (i < end && utf8[i] == '.') {
            int fraction = i + 1;
            i = digits(fraction);
            digits += i - fraction;
            kind = Kind.FRACTION;
        }
        if (i < end && (utf8[i] == 'e' || utf8[i] == 'E')) {
            int exponent = i + 1;
            if (exponent < end && (utf8[exponent] == '+' || utf8[exponent] == '-')) {
                exponent++;
            }
            i = digits(exponent);
            digits += i - exponent;
            kind = Kind.FRACTION;
        }
        at = i;
        if (digits > rules.numberMax()) {
            throw Rules.tooMuch();
        }
        return kind;
    }

    /** The end of the digits that must begin at {@code i}. */
    private int digits(int i) {
        int last = i;
        while (last < end && utf8[last] >= '0' && utf8[last] <= '9') {
            last++;
        }
        if (last == i) {
            throw broken(i);
        }
        return last;
    }

    /** Reads a string, from its first quote to behind its last. Eight bytes at once, as long as none of them means anything. */
    private void string() {
        int i = at + 1;
        textFrom = i;
        textEscaped = false;
        long seen = 0;
        while (true) {
            if (i + Long.BYTES <= end) {
                long word = (long) WORDS.get(utf8, i);
                long special = special(word);
                if (special == 0) {
                    seen |= word;
                    i += Long.BYTES;
                    continue;
                }
                int bits = Long.numberOfTrailingZeros(special) & -Byte.SIZE;
                seen |= word & ~(-1L << bits);
                i += bits / Byte.SIZE;
            }
            if (i == end) {
                throw broken(i);
            }
            byte b = utf8[i];
            if (b == '"') {
                textTo = i;
                textAscii = (seen & HIGH) == 0;
                at = i + 1;
                return;
            } else if (b == '\\') {
                textEscaped = true;
                i = escape(i);
            } else if (b >= 0 && b < ' ') {
                throw broken(i);
            } else {
                seen |= b & HIGH;
                i++;
            }
        }
    }

    /** Marks, by their highest bit, bytes that are quotes, backslashes or control characters; above one of them perhaps others too. */
    private static long special(long word) {
        long quotes = word ^ '"' * EACH;
        long backslashes = word ^ '\\' * EACH;
        return ((word - ' ' * EACH) & ~word | (quotes - EACH) & ~quotes | (backslashes - EACH) & ~backslashes) & HIGH;
    }

    /** The end of the escape that begins at {@code i}. */
    private int escape(int i) {
        if (i + 1 == end) {
            throw broken(i);
        }
        switch (utf8[i + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return i + 2;
            }
            case 'u' -> {
                int last = i + 6;
                for (int digit = i + 2; digit < last; digit++) {
                    if (digit >= end || Character.digit(utf8[digit], 16) < 0) {
                        throw broken(i);
                    }
                }
                return last;
            }
            default -> throw broken(i);
        }
    }

    private String unescaped() {
        StringBuilder text = new StringBuilder(textTo - textFrom);
        int plain = textFrom;
        for (int i = textFrom; i < textTo; ) {
            if (utf8[i] != '\\') {
                i++;
                continue;
            }
            text.append(new String(utf8, plain, i - plain, StandardCharsets.UTF_8));
            char escaped = (char) utf8[i + 1];
            i += 2;
            switch (escaped) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    int unit = 0;
                    for (int last = i + 4; i < last; i++) {
                        unit = unit << 4 | Character.digit(utf8[i], 16);
                    }
                    text.append((char) unit);
                }
                default -> text.append(escaped);
            }
            plain = i;
        }
        return text.append(new String(utf8, plain, textTo - plain, StandardCharsets.UTF_8))
                .toString();
    }

    private static boolean hasHalfPair(String string) {
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == string.length()
                        || !Character.isLowSurrogate(string.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /** Tells that this is no JSON, and at which character that showed. */
    private ProtocolException broken(int where) {
        int character = 0;
        for (int i = begin; i < where; i++) {
            if ((utf8[i] & 0xC0) != 0x80) {
                character++;
            }
        }
        return new ProtocolException(
                ErrorCode.BAD_FRAME, "not one JSON object: wrong at or before character " + character);
    }
}
