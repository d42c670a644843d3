package dev.parley.server.redis;

import java.time.Duration;

/**
 * Proves both ways through one shard: a script writes a key and rings a bell, and the ring must come back. A server that was a primary once still takes a
 * PUBLISH, but not the write; and a subscription gone mute does not bring the ring. Called by {@link Shard} on the loop; {@link #heardWithin} by any thread.
 */
final class Proof {
    private static final Script SCRIPT = Script.of(Proof.class, "probe.lua");

    private final LinkCounters counters;
    private final Subscription bell;
    private volatile boolean ever;
    private volatile long heard;
    private long lookedAt = System.nanoTime();
    private long silence;
    private long rungAt;

    /**
     * Proves nothing yet.
     *
     * @param key owned by the shard
     * @param trusted whether it counts as heard when it begins
     */
    Proof(Shards shards, LinkCounters counters, String key, boolean trusted) {
        this.counters = counters;
        this.bell = new Subscription(shards, key, new Subscription.Listener() {
            @Override
            public void message(byte[] message) {
                heard();
                if (rungAt != 0) {
                    counters.rang(heard - rungAt);
                    rungAt = 0;
                }
            }

            @Override
            public void interrupted() {}
        });
        if (trusted) {
            heard();
        }
    }

    Subscription bell() {
        return bell;
    }

    /**
     * What is to be asked of the shard now.
     *
     * @param holds how long the key stays
     */
    Script.Call ring(Duration holds) {
        rungAt = System.nanoTime();
        return SCRIPT.call().key(bell.key()).publish().arg(holds.toMillis());
    }

    /** The connections are new: whatever was silent before is forgiven. */
    void forgive() {
        lookedAt = System.nanoTime();
        silence = 0;
    }

    /**
     * Whether no ring came back for so long. To be asked before each ring.
     *
     * <p>What lies between two looks counts for no more than half of the patience: a loop that is starved reads the ring as late as it looks, and new connections
     * would only make it worse.
     */
    boolean silentFor(Duration patience) {
        long now = System.nanoTime();
        silence += Math.min(now - lookedAt, patience.toNanos() / 2);
        lookedAt = now;
        return silence > patience.toNanos();
    }

    boolean heardWithin(Duration time) {
        return ever && System.nanoTime() - heard < time.toNanos();
    }

    private void heard() {
        heard = System.nanoTime();
        ever = true;
        silence = 0;
    }
}
