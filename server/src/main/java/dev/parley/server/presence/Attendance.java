package dev.parley.server.presence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** Who is on in one group, on all instances, as far as this one knows. Guarded by the {@link Room} it belongs to. */
final class Attendance {
    /** By user, and then by node; the inner maps are replaced, never changed, for nearly all have one entry. */
    private final Map<String, Map<String, Here>> byUser = new HashMap<>();

    private final Predicate<String> counts;

    /** @param counts whether a node's users are to be counted: not those of one that died */
    Attendance(Predicate<String> counts) {
        this.counts = counts;
    }

    /**
     * Notes what one node has of a user.
     *
     * @param here with what, or null
     * @return whether that changed anything
     */
    boolean set(String node, String user, Here here) {
        if (here != null) {
            Map<String, Here> nodes = new HashMap<>(byUser.getOrDefault(user, Map.of()));
            Here before = nodes.put(node, here);
            byUser.put(user, Map.copyOf(nodes));
            return !Objects.equals(here, before);
        }
        Map<String, Here> nodes = new HashMap<>(byUser.getOrDefault(user, Map.of()));
        if (nodes.remove(node) == null) {
            return false;
        }
        if (nodes.isEmpty()) {
            byUser.remove(user);
        } else {
            byUser.put(user, Map.copyOf(nodes));
        }
        return true;
    }

    /** The user's presence over all nodes that count, or null. */
    Here of(String user) {
        Here sum = null;
        for (Map.Entry<String, Here> node : byUser.getOrDefault(user, Map.of()).entrySet()) {
            if (counts.test(node.getKey())) {
                sum = sum == null ? node.getValue() : sum.and(node.getValue());
            }
        }
        return sum;
    }

    /** How many users there are, those on nodes that do not count included. */
    int size() {
        return byUser.size();
    }

    /** The users that any of these nodes has. */
    List<String> usersOf(Set<String> nodes) {
        List<String> users = new ArrayList<>();
        byUser.forEach((user, on) -> {
            if (on.keySet().stream().anyMatch(nodes::contains)) {
                users.add(user);
            }
        });
        return users;
    }

    /** Everything but what one node has. */
    List<Seen> withoutNode(String node) {
        List<Seen> all = new ArrayList<>();
        byUser.forEach((user, nodes) -> nodes.forEach((on, here) -> {
            if (!on.equals(node)) {
                all.add(new Seen(on, user, here));
            }
        }));
        return all;
    }

    void clear() {
        byUser.clear();
    }
}
