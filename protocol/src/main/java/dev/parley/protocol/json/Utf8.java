package dev.parley.protocol.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Whether bytes are well-formed UTF-8 (RFC 3629). Without state; called by {@link FrameReader}, and by the server for each text message, on any thread. */
public final class Utf8 {
    /** Eight bytes at once: most of what comes is ASCII, and is passed in a tenth of the time. */
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long NOT_ASCII = 0x8080808080808080L;

    private Utf8() {}

    /**
     * Looks at a range of an array.
     *
     * @param bytes holds it
     * @param offset where it begins
     * @param length its bytes
     * @return whether it is well-formed from its first to its last byte
     */
    public static boolean isValid(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            if (i + Long.BYTES <= end && ((long) WORDS.get(bytes, i) & NOT_ASCII) == 0) {
                i += Long.BYTES;
                continue;
            }
            int first = bytes[i++];
            if (first >= 0) {
                continue;
            }
            int more = following(first);
            if (more < 0 || i + more > end || !secondFits(first, bytes[i])) {
                return false;
            }
            for (int last = i + more; i < last; i++) {
                if (!continues(bytes[i])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** How many bytes follow a first byte that is not ASCII, -1 where it is none. */
    private static int following(int first) {
        int lead = first & 0xFF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            return 1;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            return 2;
        }
        return lead >= 0xF0 && lead <= 0xF4 ? 3 : -1;
    }

    /** Excludes overlong forms, surrogates and what lies beyond U+10FFFF, which all show in the second byte. */
    private static boolean secondFits(int first, byte second) {
        int next = second & 0xFF;
        return switch (first & 0xFF) {
            case 0xE0 -> next >= 0xA0;
            case 0xED -> next <= 0x9F;
            case 0xF0 -> next >= 0x90;
            case 0xF4 -> next <= 0x8F;
            default -> true;
        };
    }

    private static boolean continues(byte b) {
        return (b & 0xC0) == 0x80;
    }
}
