package dev.parley.server.group.memory;

import dev.parley.server.group.SettingsStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Users' settings in this process only. Any thread; all stages are complete when they are returned. */
public final class MemorySettings implements SettingsStore {
    private final Map<String, Map<String, String>> settings = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<Void> put(String user, String group, String json) {
        settings.compute(user, (id, before) -> {
            Map<String, String> its = before == null ? new ConcurrentHashMap<>() : before;
            if (json == null) {
                its.remove(group);
            } else {
                its.put(group, json);
            }
            return its.isEmpty() ? null : its;
        });
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Map<String, String>> of(String user) {
        return CompletableFuture.completedStage(Map.copyOf(settings.getOrDefault(user, Map.of())));
    }
}
