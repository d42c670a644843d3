package dev.parley.client.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the messages of a bench say: {@code @T}, the time of sending in nanoseconds, a running number, and filling. The mark is found in whatever a server wraps
 * around it, and the bytes need no escaping in JSON. Without state; any thread.
 */
public final class Payload {
    /** What a payload begins with. */
    public static final byte[] MARK = "@T".getBytes(StandardCharsets.US_ASCII);

    private static final int TIME_DIGITS = 19;
    private static final int NUMBER_DIGITS = 12;

    /** Bytes of a payload without filling. */
    public static final int MIN = MARK.length + TIME_DIGITS + 1 + NUMBER_DIGITS;

    /** Most bytes of a payload. */
    public static final int MAX = 60_000;

    private Payload() {}

    /**
     * Writes one at the buffer's position.
     *
     * @param due when it was to be sent, by {@link System#nanoTime}
     * @param number from 1 on in each channel
     * @param size bytes of the whole, at least {@link #MIN}
     */
    public static void put(ByteBuffer out, long due, long number, int size) {
        out.put(MARK);
        Bytes.putDigits(out, due, TIME_DIGITS);
        out.put((byte) ' ');
        Bytes.putDigits(out, number, NUMBER_DIGITS);
        for (int i = MIN; i < size; i++) {
            out.put((byte) 'x');
        }
    }

    /** Whether a whole mark, time and number may stand at {@code at}. */
    public static boolean at(ByteBuffer in, int at, int to) {
        return to - at >= MIN && in.get(at) == MARK[0] && in.get(at + 1) == MARK[1];
    }

    /** The time of the payload that begins at {@code at}. */
    public static long due(ByteBuffer in, int at) {
        return Bytes.digits(in, at + MARK.length, TIME_DIGITS);
    }

    /** The number of the payload that begins at {@code at}. */
    public static long number(ByteBuffer in, int at) {
        return Bytes.digits(in, at + MIN - NUMBER_DIGITS, NUMBER_DIGITS);
    }
}
