package dev.parley.server.group.memory;

import dev.parley.server.group.UserStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Who has connected to this process. Any thread; all stages are complete when they are returned. */
public final class MemoryUsers implements UserStore {
    private final Map<String, Long> lastSeen = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<Void> seen(String user, String name) {
        lastSeen.put(user, System.nanoTime());
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Boolean> wasSeen(String user) {
        Long seen = lastSeen.get(user);
        boolean recent = seen != null && System.nanoTime() - seen < KEPT.toNanos();
        if (seen != null && !recent) {
            lastSeen.remove(user, seen);
        }
        return CompletableFuture.completedStage(recent);
    }
}
