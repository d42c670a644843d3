package dev.parley.server.group.memory;

import dev.parley.server.group.Known;
import dev.parley.server.group.UserStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Who has connected to this process. Any thread; all stages are complete when they are returned. */
public final class MemoryUsers implements UserStore {
    private final Map<String, Visit> last = new ConcurrentHashMap<>();

    private record Visit(Known known, long nanos) {}

    @Override
    public CompletionStage<Void> seen(String user, String name) {
        last.put(user, new Visit(new Known(name, System.currentTimeMillis()), System.nanoTime()));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Known> about(String user) {
        Visit visit = last.get(user);
        boolean recent = visit != null && System.nanoTime() - visit.nanos < KEPT.toNanos();
        if (visit != null && !recent) {
            last.remove(user, visit);
        }
        return CompletableFuture.completedStage(recent ? visit.known : null);
    }

    @Override
    public CompletionStage<Boolean> wasSeen(String user) {
        return about(user).thenApply(known -> known != null);
    }
}
