package dev.parley.server.group.memory;

import dev.parley.server.group.Known;
import dev.parley.server.group.UserStore;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Who has connected to this process. Any thread, one lock held for a few instructions; all stages are complete when they are returned. */
public final class MemoryUsers implements UserStore {
    private final LongSupplier nanoTime;

    /** The longest unseen first, so that who is to be forgotten is found without a search: guests come and never come back. */
    private final Map<String, Visit> last = new LinkedHashMap<>();

    private record Visit(Known known, long nanos) {}

    public MemoryUsers() {
        this(System::nanoTime);
    }

    MemoryUsers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public CompletionStage<Void> seen(String user, String name) {
        Visit visit = new Visit(new Known(name, System.currentTimeMillis()), nanoTime.getAsLong());
        synchronized (this) {
            last.remove(user);
            last.put(user, visit);
            forgetOld();
        }
        return CompletableFuture.completedStage(null);
    }

    @Override
    public synchronized CompletionStage<Known> about(String user) {
        forgetOld();
        Visit visit = last.get(user);
        return CompletableFuture.completedStage(visit == null ? null : visit.known);
    }

    @Override
    public CompletionStage<Boolean> wasSeen(String user) {
        return about(user).thenApply(known -> known != null);
    }

    /** How many are known. */
    synchronized int size() {
        return last.size();
    }

    private void forgetOld() {
        long now = nanoTime.getAsLong();
        Iterator<Visit> visits = last.values().iterator();
        while (visits.hasNext() && now - visits.next().nanos >= KEPT.toNanos()) {
            visits.remove();
        }
    }
}
