package dev.parley.server.group.memory;

import dev.parley.protocol.Role;
import dev.parley.server.group.About;
import dev.parley.server.group.Description;
import dev.parley.server.group.MembershipStore;
import dev.parley.server.group.Pending;
import dev.parley.server.group.Roll;
import dev.parley.server.group.Seat;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Memberships in this process only, for an instance without Redis. Any thread; all stages are complete when they are returned. */
public final class MemoryMemberships implements MembershipStore {
    private final Map<String, Members> groups = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> lists = new ConcurrentHashMap<>();
    private final Map<Pending, Long> pending = new ConcurrentHashMap<>();

    /** One group, changed under its own lock. It is there as soon as the group exists. */
    private static final class Members {
        final Map<String, Seat> seats = new HashMap<>();
        long count;
        Description description = Description.NONE;

        Outcome change(String user, Roll now, Seat next, Terms terms) {
            int more = (next.taken() ? 1 : 0) - (now.member() ? 1 : 0);
            if (more > 0 && count >= terms.most()) {
                return Outcome.FULL;
            }
            boolean owned = now.member() && now.seat().role() == Role.OWNER;
            boolean alone = !next.taken() && count <= 1;
            if (terms.owned() && owned && next.role() != Role.OWNER && !alone && !hasOwnerBesides(user)) {
                return Outcome.LAST_OWNER;
            }
            count += more;
            seats.put(user, next);
            return Outcome.CHANGED;
        }

        private boolean hasOwnerBesides(String user) {
            return seats.entrySet().stream()
                    .anyMatch(seat ->
                            !seat.getKey().equals(user) && seat.getValue().role() == Role.OWNER);
        }
    }

    @Override
    public CompletionStage<Void> note(Pending change) {
        pending.put(change, System.nanoTime());
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> strike(Pending change) {
        pending.remove(change);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<List<Pending>> noted(Duration age, int most) {
        long now = System.nanoTime();
        return CompletableFuture.completedStage(pending.entrySet().stream()
                .filter(noted -> now - noted.getValue() >= age.toNanos())
                .sorted(Map.Entry.comparingByValue())
                .limit(most)
                .map(Map.Entry::getKey)
                .toList());
    }

    @Override
    public CompletionStage<Roll> look(String group, String user) {
        Members members = groups.get(group);
        return CompletableFuture.completedStage(members == null ? new Roll(false, 0, null) : roll(members, user));
    }

    @Override
    public CompletionStage<Map<String, Seat>> members(String group) {
        Members members = groups.get(group);
        if (members == null) {
            return CompletableFuture.completedStage(Map.of());
        }
        synchronized (members) {
            Map<String, Seat> taken = new HashMap<>(members.seats);
            taken.values().removeIf(seat -> !seat.taken());
            return CompletableFuture.completedStage(taken);
        }
    }

    private static Roll roll(Members members, String user) {
        synchronized (members) {
            return new Roll(true, members.count, members.seats.get(user));
        }
    }

    @Override
    public CompletionStage<About> about(String group) {
        Members members = groups.get(group);
        if (members == null) {
            return CompletableFuture.completedStage(new About(false, 0, Description.NONE));
        }
        synchronized (members) {
            return CompletableFuture.completedStage(new About(true, members.count, members.description));
        }
    }

    @Override
    public CompletionStage<Boolean> describe(String group, String seen, Description next) {
        Members members = groups.get(group);
        if (members == null) {
            return CompletableFuture.completedStage(false);
        }
        synchronized (members) {
            boolean asSeen = members.description.version().equals(seen);
            members.description = asSeen ? next : members.description;
            return CompletableFuture.completedStage(asSeen);
        }
    }

    @Override
    public CompletionStage<Outcome> change(String group, String user, Roll seen, Seat next, Terms terms) {
        Outcome[] outcome = {Outcome.STALE};
        groups.compute(group, (name, present) -> {
            if (seen.exists() != (present != null)) {
                return present;
            }
            Members members = present == null ? new Members() : present;
            synchronized (members) {
                Roll now = new Roll(true, members.count, members.seats.get(user));
                if (now.version().equals(seen.version())) {
                    outcome[0] = members.change(user, now, next, terms);
                }
            }
            return outcome[0] == Outcome.CHANGED ? members : present;
        });
        return CompletableFuture.completedStage(outcome[0]);
    }

    @Override
    public CompletionStage<Void> settle(String group, String user, Seat told) {
        Members members = groups.get(group);
        if (members != null) {
            synchronized (members) {
                members.seats.computeIfPresent(user, (id, seat) -> {
                    if (!seat.version().equals(told.version())) {
                        return seat;
                    }
                    return told.taken() ? told : null;
                });
            }
        }
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Map<String, String>> listed(String user) {
        return CompletableFuture.completedStage(Map.copyOf(lists.getOrDefault(user, Map.of())));
    }

    @Override
    public CompletionStage<Long> count(String user) {
        return CompletableFuture.completedStage(
                (long) lists.getOrDefault(user, Map.of()).size());
    }

    @Override
    public CompletionStage<String> listed(String user, String group) {
        return CompletableFuture.completedStage(
                lists.getOrDefault(user, Map.of()).get(group));
    }

    @Override
    public CompletionStage<Void> mark(String user, String group, String mark) {
        lists.compute(user, (id, list) -> {
            Map<String, String> marked = list == null ? new ConcurrentHashMap<>() : list;
            marked.put(group, mark);
            return marked;
        });
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Boolean> unmark(String user, String group, String mark, String listing) {
        boolean[] replaced = {false};
        lists.computeIfPresent(user, (id, list) -> {
            replaced[0] = listing == null ? list.remove(group, mark) : list.replace(group, mark, listing);
            return list.isEmpty() ? null : list;
        });
        return CompletableFuture.completedStage(replaced[0]);
    }
}
