package dev.parley.server.log.redis;

import java.nio.charset.StandardCharsets;

/** Reads the fields of a {@link Bell}'s message one after the other: ASCII, each with one byte behind it that separates, or the message's end. */
final class Fields {
    private final byte[] message;
    private int at;

    /** Reads from this byte on. */
    Fields(byte[] message, int from) {
        this.message = message;
        this.at = from;
    }

    String text() {
        int begin = at;
        int end = end();
        return new String(message, begin, end - begin, StandardCharsets.US_ASCII);
    }

    long number() {
        int begin = at;
        int end = end();
        long number = 0;
        for (int digit = begin; digit < end; digit++) {
            number = number * 10 + message[digit] - '0';
        }
        return number;
    }

    /** Where the next field begins. */
    int at() {
        return at;
    }

    /** Goes behind the field, and says where it ends. */
    private int end() {
        int end = at;
        while (end < message.length && message[end] >= '-') {
            end++;
        }
        at = end + 1;
        return end;
    }
}
