package dev.parley.server.group.memory;

import dev.parley.protocol.Cursor;
import dev.parley.server.group.PositionStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Read positions in this process only. Any thread; all stages are complete when they are returned. */
public final class MemoryPositions implements PositionStore {
    private final Map<String, Map<String, Cursor>> channels = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<Boolean> raise(String channel, String user, Cursor at) {
        boolean[] rose = {false};
        channels.computeIfAbsent(channel, name -> new ConcurrentHashMap<>()).compute(user, (id, before) -> {
            long from = before != null && before.epoch().equals(at.epoch()) ? before.seq() : 0;
            rose[0] = at.seq() > from;
            return rose[0] ? at : before;
        });
        return CompletableFuture.completedStage(rose[0]);
    }

    @Override
    public CompletionStage<Map<String, Cursor>> all(String channel) {
        return CompletableFuture.completedStage(Map.copyOf(channels.getOrDefault(channel, Map.of())));
    }

    @Override
    public CompletionStage<Map<String, Cursor>> of(String user, List<String> of) {
        Map<String, Cursor> positions = new HashMap<>();
        for (String channel : of) {
            Cursor at = channels.getOrDefault(channel, Map.of()).get(user);
            if (at != null) {
                positions.put(channel, at);
            }
        }
        return CompletableFuture.completedStage(positions);
    }
}
