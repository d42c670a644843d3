package dev.parley.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value as the bytes it came in (UTF-8, no line break), never parsed on the way through the hub.
 *
 * <p>The bytes are not copied: whoever makes one gives the array away and changes it no more.
 */
public final class RawJson {
    private final byte[] utf8;

    private RawJson(byte[] utf8) {
        this.utf8 = utf8;
    }

    /**
     * Wraps bytes that are known to be one JSON value in UTF-8.
     *
     * @param utf8 the value, owned by the result from now on
     * @return the value
     */
    public static RawJson of(byte[] utf8) {
        return new RawJson(utf8);
    }

    /**
     * Wraps text that is known to be one JSON value.
     *
     * @param json the value
     * @return the value
     */
    public static RawJson of(String json) {
        return new RawJson(json.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes themselves, not a copy: read only. */
    public byte[] utf8() {
        return utf8;
    }

    /** The value's size in bytes. */
    public int length() {
        return utf8.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawJson json && Arrays.equals(utf8, json.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
