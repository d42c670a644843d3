package dev.parley.server.routing;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Names for messages whose senders gave none: UUIDs of version 7 (RFC 9562, section 5.7), which sort by time. Any thread. */
final class MessageIds {
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000000000000000L;

    private MessageIds() {}

    /** @param time milliseconds since 1970 */
    static String next(long time) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = time << 16 | VERSION | random.nextLong() & 0xFFF;
        long low = VARIANT | random.nextLong() >>> 2;
        return new UUID(high, low).toString();
    }
}
