package dev.parley.server.delivery;

import dev.parley.server.config.ParleyConfig;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.limit.Limit;
import dev.parley.server.limit.Rate;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * How fast frames and bytes are taken from one connection: who sends faster is read more slowly, so that the haste stays in the sender's own kernel. Shared by all
 * sockets, which keep two numbers each; used on their event loops.
 */
@Singleton
final class Intake {
    /** So many are let through of whatever, where the rates of requests are low. */
    private static final int FRAMES_MIN = 1000;

    private static final int FRAMES_BURST_SECONDS = 5;
    private static final int BYTES_BURST_SECONDS = 2;

    final Rate frames;
    final Rate bytes;
    private final Exceeded exceeded;

    @Inject
    Intake(ParleyConfig config, Exceeded exceeded) {
        this(framesPerSecond(config.limits()), config.limits().bytesPerSecond(), exceeded);
    }

    Intake(long framesPerSecond, long bytesPerSecond, Exceeded exceeded) {
        this.frames = Rate.of(framesPerSecond, framesPerSecond * FRAMES_BURST_SECONDS);
        this.bytes = Rate.of(bytesPerSecond, bytesPerSecond * BYTES_BURST_SECONDS);
        this.exceeded = exceeded;
    }

    private static long framesPerSecond(ParleyConfig.Limits limits) {
        long asked = limits.sendsPerSecond() + (long) limits.requestsPerSecond();
        return limits.framesPerSecond().isPresent() ? limits.framesPerSecond().get() : Math.max(FRAMES_MIN, 2 * asked);
    }

    /** For how long nothing is to be read now, in nanoseconds; none where it is not positive. */
    long pause(long framesUntil, long bytesUntil, long now) {
        long forFrames = frames.excess(framesUntil, now);
        long forBytes = bytes.excess(bytesUntil, now);
        if (forFrames > 0) {
            exceeded.count(Limit.FRAMES_PER_SECOND);
        }
        if (forBytes > 0) {
            exceeded.count(Limit.BYTES_PER_SECOND);
        }
        return Math.max(forFrames, forBytes);
    }

    /** A message was larger than it may be. */
    void tooLarge() {
        exceeded.count(Limit.FRAME);
    }
}
