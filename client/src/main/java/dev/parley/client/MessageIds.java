package dev.parley.client;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * Makes message ids: UUIDs of version 7 (RFC 9562), which begin with the time and so lie near each other in an index. Called for each send without an id, and by
 * who wants to know the id before. May be used from any thread.
 */
public final class MessageIds {
    private static final SecureRandom RANDOM = new SecureRandom();

    private MessageIds() {}

    /** A new id. */
    public static String next() {
        return at(System.currentTimeMillis()).toString();
    }

    static UUID at(long millis) {
        long high = millis << 16 | 0x7000 | RANDOM.nextInt(1 << 12);
        long low = RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
