package dev.parley.server.presence.memory;

import dev.parley.server.presence.Announcement.Change;
import dev.parley.server.presence.Here;
import dev.parley.server.presence.PresenceStore;
import dev.parley.server.presence.Seen;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Presence on the only instance there is, so nobody needs to be rung. Any thread; all stages are complete when they are returned. */
public final class MemoryPresences implements PresenceStore {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private final String node;
    private final Map<String, Map<String, Here>> groups = new ConcurrentHashMap<>();

    public MemoryPresences(String node) {
        this.node = node;
    }

    @Override
    public CompletionStage<Void> write(String group, List<Change> changes) {
        groups.compute(group, (name, present) -> {
            Map<String, Here> users = present == null ? new HashMap<>() : new HashMap<>(present);
            for (Change change : changes) {
                if (change.here() == null) {
                    users.remove(change.user());
                } else {
                    users.put(change.user(), change.here());
                }
            }
            return users.isEmpty() ? null : users;
        });
        return DONE;
    }

    @Override
    public CompletionStage<List<Seen>> read(String group) {
        return CompletableFuture.completedStage(groups.getOrDefault(group, Map.of()).entrySet().stream()
                .map(user -> new Seen(node, user.getKey(), user.getValue()))
                .toList());
    }

    @Override
    public CompletionStage<Void> forget(String group, Collection<Seen> leftBehind) {
        return DONE;
    }

    @Override
    public CompletionStage<Void> keep(String group) {
        return DONE;
    }

    @Override
    public void onInterruption(Runnable listener) {
        // Nothing stands between this process and itself.
    }
}
