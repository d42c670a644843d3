package dev.parley.protocol.json;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.RequestId;
import java.util.Arrays;

/**
 * JSON being written, straight into the bytes that go out: a generator with a state of its own costs more than the frames do. Fields whose value is null
 * are left out. Field names, types and the like are ASCII without anything to escape. Used by {@link FrameWriter}, by one thread, for one frame.
 */
final class JsonBytes {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private byte[] bytes;
    private int size;

    /** A buffer for about this many bytes; it grows. */
    JsonBytes(int expected) {
        bytes = new byte[expected];
    }

    /** Begins the frame of a type. */
    static JsonBytes frame(String type, int expected) {
        JsonBytes json = new JsonBytes(expected);
        json.open('{').text("type", type);
        return json;
    }

    /** What has been written. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Begins an object or array. */
    JsonBytes open(char bracket) {
        separate();
        return ascii(bracket);
    }

    /** Begins an object or array that is a field's value. */
    JsonBytes open(String name, char bracket) {
        return name(name).ascii(bracket);
    }

    /** Ends an object or array. */
    JsonBytes close(char bracket) {
        return ascii(bracket);
    }

    /** A field that is a string. */
    JsonBytes text(String name, String value) {
        return value == null ? this : name(name).quoted(value);
    }

    /** An element that is a string. */
    JsonBytes element(String value) {
        separate();
        return quoted(value);
    }

    /** A field whose name comes from outside; its value is to follow. */
    JsonBytes foreignName(String name) {
        separate();
        return quoted(name).ascii(':');
    }

    /** A field that is an integer. */
    JsonBytes number(String name, long value) {
        return name(name).digits(value);
    }

    /** A field that is an integer, or absent. */
    JsonBytes numberIfAny(String name, Number value) {
        return value == null ? this : number(name, value.longValue());
    }

    /** A field that is true or false. */
    JsonBytes flag(String name, boolean value) {
        return name(name).ascii(value ? "true" : "false");
    }

    /** A field that is null. */
    JsonBytes nothing(String name) {
        return name(name).ascii("null");
    }

    /** A field whose value is JSON already. */
    JsonBytes raw(String name, RawJson value) {
        return name(name).raw(value.utf8());
    }

    /** Bytes as they are. */
    JsonBytes raw(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
        return this;
    }

    /** A request's id. */
    JsonBytes id(RequestId id) {
        if (id instanceof RequestId.Number number) {
            return number("id", number.value());
        }
        return id instanceof RequestId.Text text ? text("id", text.value()) : this;
    }

    /** A channel's place: {@code epoch} and {@code seq}. */
    JsonBytes cursor(Cursor at) {
        return at == null ? this : text("epoch", at.epoch()).number("seq", at.seq());
    }

    /** An address as the value of a field. */
    JsonBytes address(String name, Address address) {
        open(name, '{');
        if (address instanceof Address.Group group) {
            text("group", group.name());
        } else if (address instanceof Address.User user) {
            text("user", user.id());
        } else if (address instanceof Address.Connection connection) {
            text("connection", connection.id());
        } else {
            flag("all", true);
        }
        return close('}');
    }

    private JsonBytes name(String name) {
        separate();
        return ascii('"').ascii(name).ascii("\":");
    }

    /** A comma, unless this is the first in its object or array: no value ends with an opening bracket. */
    void separate() {
        if (size > 0) {
            byte last = bytes[size - 1];
            if (last != '{' && last != '[' && last != ':') {
                ascii(',');
            }
        }
    }

    JsonBytes ascii(char c) {
        reserve(1);
        bytes[size++] = (byte) c;
        return this;
    }

    private JsonBytes ascii(String text) {
        reserve(text.length());
        copy(text, text.length());
        return this;
    }

    /** Copies the first characters of a text, all of them ASCII; deprecated for what it does to others, and the only way that is a mere copy. */
    @SuppressWarnings("deprecation")
    private void copy(String text, int length) {
        text.getBytes(0, length, bytes, size);
        size += length;
    }

    private JsonBytes digits(long value) {
        if (value < 0) {
            return ascii(Long.toString(value));
        }
        reserve(19);
        int end = size + 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            end++;
        }
        long rest = value;
        for (int i = end - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size = end;
        return this;
    }

    private JsonBytes quoted(String text) {
        int length = text.length();
        int plain = 0;
        while (plain < length && isPlain(text.charAt(plain))) {
            plain++;
        }
        reserve(plain + 6 * (length - plain) + 2); // the longest a character gets is six bytes, an escape
        bytes[size++] = '"';
        copy(text, plain);
        for (int i = plain; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                if (isPlain(c)) {
                    bytes[size++] = (byte) c;
                } else {
                    escaped(c);
                }
            } else if (c < 0x800) {
                bytes[size++] = (byte) (0xC0 | c >> 6);
                bytes[size++] = (byte) (0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                bytes[size++] = (byte) (0xE0 | c >> 12);
                bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
                bytes[size++] = (byte) (0x80 | c & 0x3F);
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                bytes[size++] = (byte) (0xF0 | point >> 18);
                bytes[size++] = (byte) (0x80 | point >> 12 & 0x3F);
                bytes[size++] = (byte) (0x80 | point >> 6 & 0x3F);
                bytes[size++] = (byte) (0x80 | point & 0x3F);
            } else {
                escaped(c); // half a pair has no UTF-8, but it has an escape
            }
        }
        bytes[size++] = '"';
        return this;
    }

    /** Whether a character is one byte, as it is. */
    private static boolean isPlain(char c) {
        return c < 0x80 && c >= ' ' && c != '"' && c != '\\';
    }

    private void escaped(char c) {
        bytes[size++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[size++] = (byte) c;
            case '\n' -> bytes[size++] = 'n';
            case '\r' -> bytes[size++] = 'r';
            case '\t' -> bytes[size++] = 't';
            default -> {
                bytes[size++] = 'u';
                for (int shift = 12; shift >= 0; shift -= 4) {
                    bytes[size++] = HEX[c >> shift & 0xF];
                }
            }
        }
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
