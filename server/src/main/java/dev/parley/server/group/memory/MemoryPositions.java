package dev.parley.server.group.memory;

import dev.parley.protocol.Cursor;
import dev.parley.server.group.PositionStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Read positions in this process only. Any thread; all stages are complete when they are returned. */
public final class MemoryPositions implements PositionStore {

    /** How often channels are looked through in which nobody reads any more. */
    private static final Duration LOOK = Duration.ofHours(1);

    private final LongSupplier nanoTime;
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final AtomicLong looked;

    public MemoryPositions() {
        this(System::nanoTime);
    }

    MemoryPositions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.looked = new AtomicLong(nanoTime.getAsLong());
    }

    @Override
    public CompletionStage<Boolean> raise(String channel, String user, Cursor at) {
        long now = nanoTime.getAsLong();
        boolean[] rose = {false};
        channels.compute(channel, (name, before) -> {
            Channel its = before == null ? new Channel() : before;
            rose[0] = its.raise(user, at, now);
            return its.forgetOld(now) ? null : its;
        });
        long last = looked.get();
        if (now - last >= LOOK.toNanos() && looked.compareAndSet(last, now)) {
            channels.keySet()
                    .forEach(name -> channels.computeIfPresent(name, (same, its) -> its.forgetOld(now) ? null : its));
        }
        return CompletableFuture.completedStage(rose[0]);
    }

    @Override
    public CompletionStage<Map<String, Cursor>> all(String channel) {
        Channel its = channels.get(channel);
        return CompletableFuture.completedStage(its == null ? Map.of() : its.all());
    }

    @Override
    public CompletionStage<Map<String, Cursor>> of(String user, List<String> of) {
        Map<String, Cursor> positions = new HashMap<>();
        for (String channel : of) {
            Channel its = channels.get(channel);
            Cursor at = its == null ? null : its.of(user);
            if (at != null) {
                positions.put(channel, at);
            }
        }
        return CompletableFuture.completedStage(positions);
    }

    /** In how many channels there is a position. */
    int channels() {
        return channels.size();
    }

    /** Guarded by its own lock. */
    private static final class Channel {
        /** The longest not raised first, so that what is to be forgotten is found without a search: guests come and never come back. */
        private final Map<String, Position> positions = new LinkedHashMap<>();

        private record Position(Cursor at, long raised) {}

        synchronized boolean raise(String user, Cursor at, long now) {
            Position before = positions.get(user);
            long from = before != null && before.at.epoch().equals(at.epoch()) ? before.at.seq() : 0;
            if (at.seq() <= from) {
                return false;
            }
            positions.remove(user);
            positions.put(user, new Position(at, now));
            return true;
        }

        /** @return whether nothing is left */
        synchronized boolean forgetOld(long now) {
            Iterator<Position> oldest = positions.values().iterator();
            while (oldest.hasNext() && now - oldest.next().raised >= KEPT.toNanos()) {
                oldest.remove();
            }
            return positions.isEmpty();
        }

        synchronized Cursor of(String user) {
            Position position = positions.get(user);
            return position == null ? null : position.at;
        }

        synchronized Map<String, Cursor> all() {
            Map<String, Cursor> all = new HashMap<>();
            positions.forEach((user, position) -> all.put(user, position.at));
            return all;
        }
    }
}
