package dev.parley.server.log.memory;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.Limits;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Doorbell;
import dev.parley.server.log.Following;
import dev.parley.server.log.LogCounters;
import dev.parley.server.log.LogUnavailableException;
import dev.parley.server.log.Mark;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The log in this process' memory. Everything happens on the calling thread and is complete when the method returns; doorbells are called by the appending
 * thread too, one at a time for each channel, before the append completes.
 *
 * <p>An epoch is one life of a channel in this process, so a cursor of an earlier process, or of a channel forgotten meanwhile, fits none.
 */
public final class MemoryChannelLog implements ChannelLog {

    /** How long a channel lives that was only looked at. */
    private static final Duration UNUSED = Duration.ofDays(1);

    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private final ConcurrentMap<String, Channel> channels = new ConcurrentHashMap<>();
    private final MemoryBytes bytes;
    private final LongSupplier clock;
    private final LogCounters counters;
    private final String process = Long.toString(new SecureRandom().nextLong() >>> 1, Character.MAX_RADIX);
    private final AtomicLong lives = new AtomicLong();

    /** @param cap the bytes of all entries together, over which the oldest go first */
    public MemoryChannelLog(long cap) {
        this(cap, new LogCounters());
    }

    /**
     * @param cap the bytes of all entries together, over which the oldest go first
     * @param counters of what becomes of appends
     */
    public MemoryChannelLog(long cap, LogCounters counters) {
        this(cap, () -> System.nanoTime() / 1_000_000, counters);
    }

    /** @param clock milliseconds that only rise */
    MemoryChannelLog(long cap, LongSupplier clock) {
        this(cap, clock, new LogCounters());
    }

    private MemoryChannelLog(long cap, LongSupplier clock, LogCounters counters) {
        this.counters = counters;
        this.bytes = new MemoryBytes(cap);
        this.clock = clock;
    }

    @Override
    public CompletionStage<Appended> append(Append append) {
        if (append.deadline() < 0) {
            counters.refused.increment();
            return CompletableFuture.failedStage(new LogUnavailableException("the deadline has passed"));
        }
        long now = clock.getAsLong();
        Appended appended = in(append.channel(), channel -> channel.append(append, now, this::newEpoch));
        (appended.duplicate() ? counters.repeated : counters.stored).increment();
        if (bytes.overCap()) {
            bytes.makeRoom(channels.values());
        }
        return CompletableFuture.completedFuture(appended);
    }

    @Override
    public CompletionStage<Mark> head(String channel, Cursor known, long tag) {
        long now = clock.getAsLong();
        return CompletableFuture.completedStage(in(channel, one -> one.head(known, now, this::newEpoch)));
    }

    @Override
    public CompletionStage<Slice> read(Range range) {
        long now = clock.getAsLong();
        return CompletableFuture.completedStage(in(range.channel(), channel -> channel.read(range, now)));
    }

    @Override
    public CompletionStage<Cursor> restart(String channel, String broken) {
        // A place that no log ever reaches: whoever knows of it knows that the present epoch lost it.
        return head(channel, new Cursor(broken, Limits.COUNT_MAX));
    }

    @Override
    public CompletionStage<Void> ring(String channel, byte[] event) {
        Channel rung = channels.get(channel);
        if (rung != null) {
            rung.ring(event);
        }
        return DONE;
    }

    @Override
    public Following follow(String channel, Doorbell doorbell) {
        Channel followed = in(channel, one -> one.follow(doorbell) ? one : null);
        return new Following() {
            @Override
            public CompletionStage<Void> ready() {
                return DONE;
            }

            @Override
            public void close() {
                followed.leave(doorbell, clock.getAsLong());
            }
        };
    }

    /** Drops what is over age, and the channels that nobody used for long. Takes each channel's lock in turn: for a worker thread, every minute or so. */
    public void sweep() {
        long now = clock.getAsLong();
        channels.values().removeIf(channel -> channel.sweep(now, UNUSED.toMillis()));
    }

    /** Bytes held, about. */
    public long bytes() {
        return bytes.total();
    }

    /** How many channels there are. */
    public int channels() {
        return channels.size();
    }

    /** Does something in a channel; again when the channel was forgotten between finding it and locking it. */
    private <T> T in(String name, Function<Channel, T> work) {
        while (true) {
            Channel channel = channels.get(name);
            if (channel == null) {
                channel = channels.computeIfAbsent(name, n -> new Channel(bytes, newEpoch(), clock.getAsLong()));
            }
            T result = work.apply(channel);
            if (result != null) {
                return result;
            }
            channels.remove(name, channel);
        }
    }

    private String newEpoch() {
        return process + Long.toString(lives.incrementAndGet(), Character.MAX_RADIX);
    }
}
