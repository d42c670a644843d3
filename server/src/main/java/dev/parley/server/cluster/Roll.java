package dev.parley.server.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who lives, by what looks at the leases found. A node is gone only when its lease was absent in two looks a lease apart, with every look between them
 * answered and none of them late: a blip or a restart of Redis, or a pause of this process, makes nobody look dead. Written by {@link Leases}; read on any
 * thread.
 */
final class Roll {
    private final long lease;
    private final long late;
    private final Map<String, Long> absentSince = new HashMap<>();
    private final Map<String, NodeInfo> known = new HashMap<>();

    /** Those that are gone and still listed, so that they do not come back by that alone. */
    private final Set<String> gone = new HashSet<>();

    private long lastLook;
    private volatile Map<String, NodeInfo> alive = Map.of();

    /**
     * An empty roll.
     *
     * @param lease how long a lease holds
     * @param late looks further apart than this say nothing about the time between them
     */
    Roll(Duration lease, Duration late) {
        this.lease = lease.toNanos();
        this.late = late.toNanos();
    }

    /** Those that live, by id. */
    Map<String, NodeInfo> alive() {
        return alive;
    }

    /**
     * Takes what a look found.
     *
     * @param now {@link System#nanoTime()} when it was answered
     * @param found all listed nodes, each with its lease where it has one
     * @return those that turned out to be gone
     */
    synchronized Set<String> looked(long now, Map<String, Optional<NodeInfo>> found) {
        if (now - lastLook > late) {
            absentSince.clear();
        }
        lastLook = now;
        gone.retainAll(found.keySet());
        found.forEach((node, lease) -> {
            if (lease.isPresent()) {
                known.put(node, lease.get());
                absentSince.remove(node);
                gone.remove(node);
            } else if (!gone.contains(node)) {
                known.putIfAbsent(node, NodeInfo.unheard(node));
            }
        });
        Set<String> newlyGone = new HashSet<>();
        for (Iterator<String> nodes = known.keySet().iterator(); nodes.hasNext(); ) {
            String node = nodes.next();
            boolean absent = found.getOrDefault(node, Optional.empty()).isEmpty();
            if (absent && now - absentSince.computeIfAbsent(node, first -> now) >= lease) {
                nodes.remove();
                absentSince.remove(node);
                newlyGone.add(node);
            }
        }
        gone.addAll(newlyGone);
        alive = Map.copyOf(known);
        return newlyGone;
    }

    /** A look was not answered. */
    synchronized void interrupted() {
        absentSince.clear();
    }
}
