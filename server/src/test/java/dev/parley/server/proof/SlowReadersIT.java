package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.proof.FlowReader.Gap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * 200 connections stop reading while 5,000 messages a second flow to a group that they and some others follow. They cost the server no more than a bound, the
 * others nothing, and each that reads on gets every message in order, or is told which the log no longer has.
 *
 * <p>The flow is {@code -Dparley.proof.rate}, the slow ones are {@code -Dparley.proof.slow}, and each kind of window is measured {@code -Dparley.proof.windows}
 * times four.
 */
class SlowReadersIT {
    private static final int SLOW = Integer.getInteger("parley.proof.slow", 200);
    private static final int RATE = Integer.getInteger("parley.proof.rate", 5000);
    private static final int WINDOWS = Integer.getInteger("parley.proof.windows", 3);
    private static final int HEALTHY = 8;
    private static final int SENDERS = 4;
    private static final int KEPT = 8 * RATE;
    private static final int KILO = 1024;

    /** {@code parley.limits.outgoing}: with so much waiting a socket is full. */
    private static final int FULL = 256 * KILO;

    /** What may be written to a socket that is not quite full: a batch and the entry that filled it. */
    private static final int BATCH = 64 * KILO + KILO;

    /** Buffers grow by doubling, so that at worst half of one is empty; batches are shared, but those of a catch-up are not. */
    private static final long DIRECT_MAX = 2L * (FULL + BATCH);

    /** What waits is counted with 96 bytes for each write, and the objects that stand for a write take less than that and its bytes. */
    private static final long HEAP_MAX = FULL;

    /** More messages than the two kernels and the socket hold of some 290 bytes each: what is read after them came from the log. */
    private static final int ON_THE_WAY = 4000;

    /** What they have in common: batches kept for those who fall behind, reads of the log, what the collector and the pools leave lying. */
    private static final long SHARED_MAX = 16L * KILO * KILO;

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String GROUP = "fast";

    @RegisterExtension
    final Hub hub = new Hub(1)
            .with("parley.limits.sends-per-second", "1000000")
            .with("parley.limits.in-flight", Integer.toString(Flow.UNANSWERED_MAX))
            .with("parley.heartbeat.interval", "PT5M")
            .with("parley.namespaces.\"default\".history.size", Integer.toString(KEPT));

    private final NioLoop loop = new NioLoop();
    private final List<FlowReader> healthy = new ArrayList<>();
    private final List<FlowReader> slow = new ArrayList<>();
    private ServerProcess server;
    private Flow flow;

    @AfterEach
    void hangUp() {
        loop.close();
    }

    @Test
    void slowReadersCostABoundAndNobodyElseNotices() {
        begin();
        long heap = liveHeap();
        double direct = direct();
        List<Double> undisturbed = new ArrayList<>();
        List<Double> disturbed = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
            rate(RATE);
            loop.run(() -> slow.forEach(FlowReader::drop));
            slow.clear();
            pass(RATE / 4);
            measure(undisturbed);
            stopReading();
            measure(disturbed);
        }
        double behindDirect = direct() - direct;
        long behindHeap = liveHeap() - heap;

        rate(RATE / 10);
        List<FlowReader> early = slow.subList(0, SLOW / 2);
        List<FlowReader> late = slow.subList(SLOW / 2, SLOW);
        readOnForAMoment(late);
        double privateDirect = direct() - direct;
        long privateHeap = liveHeap() - heap;
        rate(RATE / 10);
        readOn(early);
        assertThat(early).allSatisfy(SlowReadersIT::hasHadEverything);
        // A hundred more who read at that rate are another test.
        loop.run(() -> early.forEach(FlowReader::drop));

        rate(RATE);
        pass(KEPT + RATE);
        rate(RATE / 10);
        readOn(late);
        assertThat(late)
                .allSatisfy(reader -> assertThat(reader.gaps())
                        .isNotEmpty()
                        .extracting(Gap::reason)
                        .containsOnly("expired"));

        assertThat(late).allSatisfy(SlowReadersIT::isWell);
        assertThat(healthy).allSatisfy(SlowReadersIT::hasHadEverything);
        System.out.printf(
                "%d slow readers at %d messages a second: heap %+.1f MB, direct %+.1f MB; after a while of reading heap %+.1f MB, direct %+.1f MB;"
                        + " p99 in ms undisturbed %.1f, disturbed %.1f (%s, %s)%n",
                SLOW,
                RATE,
                mega(behindHeap),
                mega(behindDirect),
                mega(privateHeap),
                mega(privateDirect),
                quantile(undisturbed, 0.5),
                quantile(disturbed, 0.5),
                undisturbed,
                disturbed);
        assertThat(Math.max(behindDirect, privateDirect))
                .as("direct memory")
                .isLessThan(SLOW * DIRECT_MAX + SHARED_MAX);
        assertThat(Math.max(behindHeap, privateHeap)).as("live heap").isLessThan(SLOW * HEAP_MAX + SHARED_MAX);
        // What else the machine does comes and goes; what slow readers do to the others would show in each window.
        // Two milliseconds are the turns of those who send and look.
        assertThat(quantile(disturbed, 0.25))
                .as("p99 with slow readers")
                .isLessThan(2 * quantile(undisturbed, 0.5) + 2);
    }

    private static void isWell(FlowReader reader) {
        assertThat(reader.faults()).isEmpty();
        assertThat(reader.closed()).isZero();
    }

    private static void hasHadEverything(FlowReader reader) {
        isWell(reader);
        assertThat(reader.gaps()).isEmpty();
    }

    private void begin() {
        server = hub.server(0);
        IntStream.range(0, HEALTHY).forEach(i -> healthy.add(FlowReader.reading(loop, server.uri(), GROUP)));
        await("all follow", () -> healthy.stream().allMatch(FlowReader::isFollowing));
        flow = new Flow(healthy.subList(0, SENDERS));
        loop.everyTurn(flow::turn);
        rate(RATE);
        pass(4 * RATE);
    }

    /** Many who follow and stop reading, and waits until each of them is behind. */
    private void stopReading() {
        double before = server.metric("parley_delivery_behind_total");
        rate(RATE / 10);
        IntStream.range(0, SLOW).forEach(i -> slow.add(FlowReader.stopping(loop, server.uri(), GROUP)));
        await("the slow ones follow", () -> slow.stream().allMatch(FlowReader::isFollowing));
        rate(RATE);
        pass(RATE);
        Awaitility.await("all slow ones are behind")
                .atMost(PATIENCE)
                .until(() -> server.metric("parley_delivery_behind_total") - before >= SLOW);
    }

    /** They take some of what they missed, each for itself, and stop again: what is on its way to them is no batch that others share. */
    private void readOnForAMoment(List<FlowReader> readers) {
        List<Long> stoodAt =
                loop.call(() -> readers.stream().map(FlowReader::seq).toList());
        loop.run(() -> readers.forEach(reader -> reader.read(true)));
        await(
                "they have read what lay on the way and more",
                () -> IntStream.range(0, readers.size())
                        .allMatch(i -> readers.get(i).seq() > stoodAt.get(i) + ON_THE_WAY));
        loop.run(() -> readers.forEach(reader -> reader.read(false)));
        pass(RATE / 10);
    }

    private void readOn(List<FlowReader> readers) {
        loop.run(() -> readers.forEach(reader -> reader.read(true)));
        long head = head();
        await("they have caught up", () -> readers.stream().allMatch(reader -> reader.seq() >= head));
    }

    /** The 99th percentiles of how long a message takes from its sender to those who read, in milliseconds, in some windows one after the other. */
    private void measure(List<Double> p99s) {
        for (int i = 0; i < 4; i++) {
            Latencies latencies = new Latencies();
            loop.run(() -> healthy.forEach(reader -> reader.measureInto(latencies)));
            pass(RATE / 2);
            loop.run(() -> healthy.forEach(reader -> reader.measureInto(null)));
            p99s.add(latencies.millis(0.99));
        }
    }

    private static double quantile(List<Double> of, double share) {
        return of.stream().sorted().toList().get((int) (share * of.size()));
    }

    /** Pauses the flow, so that nothing counts which is garbage in a moment. */
    private long liveHeap() {
        rate(0);
        return server.liveHeap();
    }

    private double direct() {
        return server.metric("netty_allocator_memory_used{")
                - server.metric(
                        "netty_allocator_memory_used{allocator_type=\"PooledByteBufAllocator\",memory_type=\"heap\"")
                - server.metric(
                        "netty_allocator_memory_used{allocator_type=\"UnpooledByteBufAllocator\",memory_type=\"heap\"");
    }

    private static double mega(double bytes) {
        return bytes / KILO / KILO;
    }

    private void rate(int messages) {
        loop.run(() -> flow.rate(messages));
    }

    private long head() {
        return loop.call(() -> healthy.get(0).seq());
    }

    /** Waits until those who read have got so many more. */
    private void pass(int messages) {
        long to = head() + messages;
        await(messages + " messages", () -> healthy.stream().allMatch(reader -> reader.seq() >= to));
    }

    private void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> loop.call(condition::getAsBoolean));
    }
}
