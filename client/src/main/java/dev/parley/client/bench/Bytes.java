package dev.parley.client.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Looking into buffers, eight bytes at a time: a generator that looks at each byte would be measured instead of the server. All positions are absolute, and
 * all buffers in the order of the machine. Without state; any thread.
 */
public final class Bytes {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Bytes() {}

    /** Where {@code wanted} stands first from {@code from} on, before {@code to}; {@code to} where nowhere. */
    public static int indexOf(ByteBuffer in, int from, int to, byte wanted) {
        long pattern = (wanted & 0xFF) * ONES;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long differs = in.getLong(at) ^ pattern;
            // The lowest set bit is that of the first byte that is zero here; higher ones may be wrong.
            long zero = (differs - ONES) & ~differs & HIGHS;
            if (zero != 0) {
                if (LITTLE) {
                    return at + (Long.numberOfTrailingZeros(zero) >>> 3);
                }
                break;
            }
        }
        for (; at < to; at++) {
            if (in.get(at) == wanted) {
                return at;
            }
        }
        return to;
    }

    /** Where {@code wanted} stands first; {@code to} where nowhere. */
    public static int indexOf(ByteBuffer in, int from, int to, byte[] wanted) {
        int last = to - wanted.length;
        int at = indexOf(in, from, to, wanted[0]);
        while (at <= last) {
            if (startsWith(in, at, to, wanted)) {
                return at;
            }
            at = indexOf(in, at + 1, to, wanted[0]);
        }
        return to;
    }

    /** Whether {@code start} stands at {@code at}, all of it before {@code to}. */
    public static boolean startsWith(ByteBuffer in, int at, int to, byte[] start) {
        if (to - at < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (in.get(at + i) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /** The number whose decimal digits begin at {@code from}; −1 where there is none. */
    public static long number(ByteBuffer in, int from, int to) {
        long number = 0;
        int at = from;
        while (at < to) {
            int digit = in.get(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            number = number * 10 + digit;
            at++;
        }
        return at == from ? -1 : number;
    }

    /** The number that so many decimal digits make, which begin at {@code from}; anything where they are none. */
    static long digits(ByteBuffer in, int from, int count) {
        long number = 0;
        int at = from;
        int to = from + count;
        for (; LITTLE && at + Long.BYTES <= to; at += Long.BYTES) {
            number = number * 100_000_000 + eightDigits(in.getLong(at));
        }
        for (; at < to; at++) {
            number = number * 10 + in.get(at) - '0';
        }
        return number;
    }

    /** Pairs of digits, then pairs of pairs, then both halves, each in one multiplication. */
    private static long eightDigits(long ascii) {
        long digits = ascii - '0' * ONES;
        long pairs = digits * 10 + (digits >>> 8);
        long mask = 0x000000FF000000FFL;
        long upper = (pairs & mask) * 0x000F424000000064L; // 100 and 1,000,000
        long lower = (pairs >>> 16 & mask) * 0x0000271000000001L; // 1 and 10,000
        return (upper + lower) >>> 32 & 0xFFFFFFFFL;
    }

    /** Writes a number in decimal at the buffer's position. */
    public static void putNumber(ByteBuffer out, long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        putDigits(out, number, digits);
    }

    /** Writes the last so many decimal digits of a number, with zeros in front. */
    static void putDigits(ByteBuffer out, long number, int digits) {
        int end = out.position() + digits;
        long rest = number;
        for (int at = end - 1; at >= end - digits; at--) {
            out.put(at, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        out.position(end);
    }
}
