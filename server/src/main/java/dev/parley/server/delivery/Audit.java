package dev.parley.server.delivery;

import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Mark;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Compares what live channels have seen with the heads of their logs, since a doorbell may be silent without anybody noticing.
 *
 * <p>Channels whose doorbell was interrupted come first, the most recently active of them before the others; apart from that it goes round all of them in about
 * a minute. Both are bounded to {@value #PER_SECOND} heads a second and {@value #IN_FLIGHT} at once. Runs on one event loop of Vert.x.
 */
final class Audit {
    static final int PER_SECOND = 20_000;
    static final int IN_FLIGHT = 1024;
    private static final int TICK_MILLIS = 100;
    private static final int RETRY_TICKS = 1_000 / TICK_MILLIS;
    private static final int ROUND_TICKS = 60_000 / TICK_MILLIS;

    private final ChannelLog log;
    private final Vertx vertx;
    private final Supplier<Collection<LiveChannel>> all;
    private final long timer;
    private final Queue<LiveChannel> interrupted = new ConcurrentLinkedQueue<>();
    private final Queue<LiveChannel> failed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private Deque<LiveChannel> urgent = new ArrayDeque<>();
    private Deque<LiveChannel> round = new ArrayDeque<>();
    private int roundShare;
    private int tick;

    Audit(ChannelLog log, Vertx vertx, Supplier<Collection<LiveChannel>> all) {
        this.log = log;
        this.vertx = vertx;
        this.all = all;
        this.timer = vertx.setPeriodic(TICK_MILLIS, id -> tick());
    }

    /** Looks at a channel as soon as the bounds allow. Any thread. */
    void soon(LiveChannel channel) {
        interrupted.add(channel);
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private void tick() {
        takeInterrupted();
        if (tick % RETRY_TICKS == 0) {
            for (LiveChannel channel = failed.poll(); channel != null; channel = failed.poll()) {
                soon(channel);
            }
        }
        if (tick++ % ROUND_TICKS == 0) {
            round = new ArrayDeque<>(all.get());
            roundShare = round.size() / ROUND_TICKS + 1;
        }
        int budget = PER_SECOND * TICK_MILLIS / 1000;
        budget -= look(urgent, budget);
        look(round, Math.min(budget, roundShare));
    }

    private void takeInterrupted() {
        if (interrupted.isEmpty()) {
            return;
        }
        for (LiveChannel channel = interrupted.poll(); channel != null; channel = interrupted.poll()) {
            urgent.add(channel);
        }
        urgent = LiveChannels.newestFirst(urgent.stream().distinct()).collect(Collectors.toCollection(ArrayDeque::new));
    }

    private int look(Deque<LiveChannel> channels, int budget) {
        int looked = 0;
        while (looked < budget && inFlight.get() < IN_FLIGHT && !channels.isEmpty()) {
            look(channels.poll());
            looked++;
        }
        return looked;
    }

    private void look(LiveChannel channel) {
        inFlight.incrementAndGet();
        Mark known = channel.mark();
        CompletionStage<Mark> found =
                known == null ? log.head(channel.name, null, 0) : log.head(channel.name, known.at(), known.tag());
        found.whenComplete((head, failure) -> {
            inFlight.decrementAndGet();
            if (failure == null) {
                channel.audited(head.at());
            } else {
                failed.add(channel);
            }
        });
    }
}
