package dev.parley.server.presence;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The connections of this instance that follow one group, by user. Guarded by the {@link Room} it belongs to. */
final class Devices {
    private final Map<String, Holder> byUser = new HashMap<>(2);

    private static final class Holder {
        /** Replaced, never changed: nearly always one, for which a set that can change is five times as large. */
        Set<String> connections = Set.of();

        final long since = System.currentTimeMillis();
        String name;
    }

    /** @return whether that changed anything */
    boolean add(String user, String name, String connection) {
        Holder holder = byUser.computeIfAbsent(user, id -> new Holder());
        boolean renamed = !name.equals(holder.name);
        holder.name = name;
        boolean isNew = !holder.connections.contains(connection);
        if (isNew) {
            Set<String> more = new HashSet<>(holder.connections);
            more.add(connection);
            holder.connections = Set.copyOf(more);
        }
        return isNew || renamed;
    }

    /** @return whether that changed anything */
    boolean remove(String user, String connection) {
        Holder holder = byUser.get(user);
        if (holder == null || !holder.connections.contains(connection)) {
            return false;
        }
        Set<String> rest = new HashSet<>(holder.connections);
        rest.remove(connection);
        holder.connections = Set.copyOf(rest);
        if (holder.connections.isEmpty()) {
            byUser.remove(user);
        }
        return true;
    }

    /** What this instance has of a user, or null. */
    Here of(String user) {
        Holder holder = byUser.get(user);
        return holder == null ? null : new Here(holder.name, holder.connections.size(), holder.since);
    }

    Set<String> users() {
        return byUser.keySet();
    }

    boolean isEmpty() {
        return byUser.isEmpty();
    }
}
