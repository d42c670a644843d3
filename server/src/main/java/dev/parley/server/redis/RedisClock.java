package dev.parley.server.redis;

import java.util.concurrent.TimeUnit;

/**
 * What time it is in Redis, whose clock decides about deadlines. Kept against this process' monotonic clock, so a jump of the machine's wall clock does not
 * disturb it, and corrected by each answer that carries Redis' time. Any thread may ask.
 */
public final class RedisClock {
    private volatile long offset = System.currentTimeMillis() - monotonic(System.nanoTime());

    /** For when no server is known that could tell. */
    static final RedisClock OWN = new RedisClock();

    RedisClock() {}

    /** Redis' present time in milliseconds since 1970, right to about the time an answer takes. */
    public long now() {
        return monotonic(System.nanoTime()) + offset;
    }

    /**
     * Takes note of a time that Redis told. It was read somewhere between question and answer, so the offset is moved only as far as it must be to lie within
     * these two bounds: slow answers do no harm. Called on the link's loop.
     *
     * @param redis what Redis told, in milliseconds since 1970
     * @param asked {@link System#nanoTime} when the question was sent
     */
    public void observe(long redis, long asked) {
        long least = redis - monotonic(System.nanoTime());
        long most = redis + 1 - monotonic(asked);
        offset = Math.max(least, Math.min(most, offset));
    }

    private static long monotonic(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
