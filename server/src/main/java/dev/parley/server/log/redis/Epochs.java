package dev.parley.server.log.redis;

import java.security.SecureRandom;

/** Names for new epochs. Made here and not in Lua, whose random numbers repeat after each restart of Redis. Any thread. */
final class Epochs {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** 36^10, so that ten characters suffice and always are ten. */
    private static final long COUNT = 3_656_158_440_062_976L;

    private Epochs() {}

    /** One that names no epoch yet, as sure as 52 random bits make it. */
    static String next() {
        return Long.toString(COUNT / 36 + RANDOM.nextLong(COUNT - COUNT / 36), Character.MAX_RADIX);
    }
}
