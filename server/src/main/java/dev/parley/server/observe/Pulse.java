package dev.parley.server.observe;

import io.quarkus.runtime.Startup;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Whether the event loops still turn, and how late they are: a timer on each notes the time. Asked by {@link Live} on any thread; tells {@link Metrics} on the
 * loops.
 */
@Startup
@Singleton
final class Pulse {
    private static final Duration BEAT = Duration.ofMillis(500);

    /** Liveness ends the process, so a loop must have stood for much longer than any pause of the garbage collector. */
    private static final Duration STOPPED = Duration.ofSeconds(20);

    private final AtomicLongArray beats;
    private final long stopped;
    private final long beat;
    private volatile LongConsumer late = nanos -> {};

    @Inject
    Pulse(Vertx vertx, @ConfigProperty(name = "quarkus.vertx.event-loops-pool-size") Optional<Integer> loops) {
        this(vertx, loops.orElse(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE), BEAT, STOPPED);
    }

    /**
     * Sets the timers.
     *
     * @param loops how many event loops there are, at most
     * @param beat time between two notes
     * @param stopped after so long without one, a loop counts as stopped
     */
    Pulse(Vertx vertx, int loops, Duration beat, Duration stopped) {
        this.stopped = stopped.toNanos();
        this.beat = beat.toNanos();
        this.beats = new AtomicLongArray(loops);
        for (int i = 0; i < loops; i++) {
            int loop = i;
            beats.set(loop, System.nanoTime());
            nextLoop(vertx).runOnContext(none -> vertx.setPeriodic(beat.toMillis(), timer -> beat(loop)));
        }
    }

    /** Names who hears, at each beat of each loop, by how many nanoseconds it came late. */
    void onBeat(LongConsumer listener) {
        late = listener;
    }

    private void beat(int loop) {
        long now = System.nanoTime();
        late.accept(Math.max(0, now - beats.get(loop) - beat));
        beats.set(loop, now);
    }

    /** Whether every loop turned lately. */
    boolean beats() {
        long now = System.nanoTime();
        for (int i = 0; i < beats.length(); i++) {
            if (now - beats.get(i) > stopped) {
                return false;
            }
        }
        return true;
    }

    /** Vert.x hands its loops out in turn, one to each thread that has none yet. */
    private static Context nextLoop(Vertx vertx) {
        return CompletableFuture.supplyAsync(vertx::getOrCreateContext, task -> new Thread(task, "pulse").start())
                .join();
    }
}
