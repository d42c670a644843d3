package dev.parley.server.presence;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Whose users count: those of this node, of nodes with a lease, and of nodes that were just heard, as a new one rings before its lease is looked at. Any thread.
 */
final class Nodes {

    /** Longer than a new node's lease stays unseen. */
    private static final Duration HEARSAY = Duration.ofSeconds(15);

    private final String self;
    private final Supplier<Set<String>> leases;
    private final Duration gone;
    private final Map<String, Long> heard = new ConcurrentHashMap<>();
    private final Map<String, Long> missed = new ConcurrentHashMap<>();
    private volatile Set<String> alive = Set.of();
    private Set<String> counted = Set.of();

    /**
     * @param leases the nodes that have a lease
     * @param gone for how long a node must not have counted to be gone for good
     */
    Nodes(String self, Supplier<Set<String>> leases, Duration gone) {
        this.self = self;
        this.leases = leases;
        this.gone = gone;
        look();
    }

    boolean counts(String node) {
        return node.equals(self) || alive.contains(node) || heard.containsKey(node);
    }

    /** A node rang. */
    void heard(String node) {
        if (!alive.contains(node)) {
            heard.put(node, System.nanoTime());
        }
    }

    /** Whether a node has not counted for so long that what it left behind may be taken away. */
    boolean isGone(String node) {
        if (counts(node)) {
            missed.remove(node);
            return false;
        }
        Long first = missed.putIfAbsent(node, System.nanoTime());
        return first != null && System.nanoTime() - first > gone.toNanos();
    }

    /**
     * Looks at the leases again.
     *
     * @return the nodes that count now and did not at the last look, or the other way round
     */
    synchronized Set<String> look() {
        long now = System.nanoTime();
        alive = Set.copyOf(leases.get());
        heard.entrySet().removeIf(node -> alive.contains(node.getKey()) || now - node.getValue() > HEARSAY.toNanos());
        missed.values().removeIf(first -> now - first > 10 * gone.toNanos());
        Set<String> present = new HashSet<>(alive);
        present.addAll(heard.keySet());
        Set<String> changed = new HashSet<>(present);
        changed.removeAll(counted);
        for (String node : counted) {
            if (!present.contains(node)) {
                changed.add(node);
            }
        }
        counted = present;
        return changed;
    }
}
