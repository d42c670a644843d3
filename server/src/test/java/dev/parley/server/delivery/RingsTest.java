package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What waits for a live channel beside two plain queues. */
class RingsTest {
    private static final int MEGA = 1 << 20;

    private final Ration ration = new Ration(4L * MEGA);
    private final Rings rings = new Rings(ration);

    @RepeatedTest(20)
    void givesInTheOrderInWhichItCame(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        Queue<Ring> heard = new ArrayDeque<>();
        Queue<Ring> held = new ArrayDeque<>();
        for (int step = 0; step < 2000; step++) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    Ring ring = random.nextBoolean() ? ring(step) : Ring.interruption();
                    assertThat(rings.offer(ring)).isTrue();
                    heard.add(ring);
                }
                case 3 -> assertThat(rings.nextHeard()).isSameAs(heard.poll());
                case 4 -> {
                    Ring ring = rings.nextHeard();
                    assertThat(ring).isSameAs(heard.poll());
                    if (ring != null) {
                        assertThat(rings.hold(ring)).isTrue();
                        held.add(ring);
                    }
                }
                default -> assertThat(rings.nextHeld()).isSameAs(held.poll());
            }
            if (random.nextInt(200) == 0) {
                rings.forgetHeld();
                held.clear();
            }
        }
        while (!heard.isEmpty()) {
            assertThat(rings.nextHeard()).isSameAs(heard.poll());
        }
        rings.forgetHeld();
        assertThat(rings.nextHeard()).isNull();
        assertThat(ration.left()).isEqualTo(4L * MEGA);
    }

    @Test
    void keepsTheOrderOfEachThread() throws InterruptedException {
        int threads = 3;
        int each = 2000;
        ExecutorService ringers = Executors.newFixedThreadPool(threads);
        CountDownLatch start = new CountDownLatch(1);
        try {
            for (int thread = 1; thread <= threads; thread++) {
                String epoch = "e" + thread;
                ringers.execute(() -> {
                    await(start);
                    for (int seq = 1; seq <= each; seq++) {
                        while (!rings.offer(Ring.entry(epoch, seq, 0, 0, new byte[1]))) {
                            Thread.onSpinWait();
                        }
                    }
                });
            }
            start.countDown();
            long[] last = new long[threads + 1];
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            for (int taken = 0; taken < threads * each; ) {
                Ring ring = rings.nextHeard();
                assertThat(System.nanoTime()).isLessThan(end);
                if (ring != null) {
                    int thread = Integer.parseInt(ring.epoch.substring(1));
                    assertThat(ring.seq).isEqualTo(++last[thread]);
                    taken++;
                }
            }
        } finally {
            ringers.shutdownNow();
        }
        assertThat(rings.nextHeard()).isNull();
    }

    @Test
    void holdsAMegabyteAndNoMore() {
        int taken = 0;
        while (rings.offer(ring(16 * 1024))) {
            taken++;
        }

        assertThat(taken).isBetween(60, 64);
        assertThat(rings.nextHeard()).isNotNull();
        assertThat(rings.offer(ring(16 * 1024))).isTrue();
    }

    private static Ring ring(int size) {
        return Ring.entry("e", 1, 0, 0, new byte[size]);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
