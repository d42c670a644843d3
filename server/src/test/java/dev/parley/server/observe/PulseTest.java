package dev.parley.server.observe;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final int LOOPS = 2;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
    private final Pulse pulse = new Pulse(vertx, LOOPS, Duration.ofMillis(20), Duration.ofSeconds(1));

    @AfterEach
    void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void oneLoopThatStandsStillStopsThePulse() {
        CountDownLatch released = new CountDownLatch(1);
        await().until(pulse::beats);

        vertx.runOnContext(none -> hold(released));

        await().until(() -> !pulse.beats());
        released.countDown();
        await().until(pulse::beats);
    }

    private static void hold(CountDownLatch released) {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
