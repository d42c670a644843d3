package dev.parley.server.delivery;

/** Whether bytes are well-formed UTF-8 (RFC 3629): a WebSocket must be failed when a text message is not. */
final class Utf8 {
    private Utf8() {}

    static boolean isValid(byte[] bytes, int length) {
        int i = 0;
        while (i < length) {
            int first = bytes[i++];
            if (first >= 0) {
                continue;
            }
            int more = following(first);
            if (more < 0 || i + more > length || more > 0 && !secondFits(first, bytes[i])) {
                return false;
            }
            for (int end = i + more; i < end; i++) {
                if (!continues(bytes[i])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** How many bytes follow a first byte, -1 where it is none. */
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
