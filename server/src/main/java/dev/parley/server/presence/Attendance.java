package dev.parley.server.presence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Who is on in one group, on all instances, as far as this one knows: the people here, and what the other instances told. Guarded by the {@link Room} it belongs
 * to.
 */
final class Attendance {
    private final People people;
    private final Nodes nodes;

    /**
     * What others have, by user, and then by node; the inner maps are replaced, never changed, for nearly all have one entry. In many a group nobody is on
     * elsewhere, and then it is the library's empty map.
     */
    private Map<String, Map<String, Here>> elsewhere = Collections.emptyMap();

    /**
     * Of one group.
     *
     * @param people the users of this instance
     * @param nodes says whether a node's users are to be counted: not those of one that died
     */
    Attendance(People people, Nodes nodes) {
        this.people = people;
        this.nodes = nodes;
    }

    /**
     * Notes what another node has of a user.
     *
     * @param here with what, or null
     * @return whether that changed anything
     */
    boolean set(String node, String user, Here here) {
        Map<String, Here> its = new HashMap<>(elsewhere.getOrDefault(user, Map.of()));
        Here before = here == null ? its.remove(node) : its.put(node, here);
        if (Objects.equals(here, before)) {
            return false;
        }
        if (elsewhere.isEmpty()) {
            elsewhere = new HashMap<>(2);
        }
        if (its.isEmpty()) {
            elsewhere.remove(user);
        } else {
            elsewhere.put(user, Map.copyOf(its));
        }
        return true;
    }

    /** The user's presence over all nodes that count, or null. */
    Here of(String user) {
        Here sum = people.here(user);
        for (Map.Entry<String, Here> node :
                elsewhere.getOrDefault(user, Map.of()).entrySet()) {
            if (nodes.counts(node.getKey())) {
                sum = sum == null ? node.getValue() : sum.and(node.getValue());
            }
        }
        return sum;
    }

    /** How many users there are, those on nodes that do not count included. Looks at all that are elsewhere. */
    int size() {
        int size = people.here();
        for (String user : elsewhere.keySet()) {
            size += people.here(user) == null ? 1 : 0;
        }
        return size;
    }

    /** The users that any of these other nodes has. */
    List<String> usersOf(Set<String> some) {
        List<String> users = new ArrayList<>();
        elsewhere.forEach((user, on) -> {
            if (on.keySet().stream().anyMatch(some::contains)) {
                users.add(user);
            }
        });
        return users;
    }

    /** What others have. */
    List<Seen> elsewhere() {
        List<Seen> all = new ArrayList<>();
        elsewhere.forEach((user, its) -> its.forEach((node, here) -> all.add(new Seen(node, user, here))));
        return all;
    }

    /** Forgets what others have. */
    void clear() {
        elsewhere = Collections.emptyMap();
    }
}
