package dev.parley.server.presence;

import java.util.Arrays;

/** One user in one group: which of this instance's connections follow it, and what the followers here have been told. Guarded by the {@link Room} it belongs to. */
final class Person {
    private static final String[] NONE = {};

    final String user;

    /** Replaced, never changed. */
    private String[] connections = NONE;

    /** With what the user is on here, or null. */
    Here here;

    /** With what the followers here take the user for on, or null. */
    Here told;

    Person(String user) {
        this.user = user;
    }

    /** @return whether that changed anything */
    boolean add(String name, String connection) {
        boolean isNew = !Arrays.asList(connections).contains(connection);
        if (isNew) {
            connections = Arrays.copyOf(connections, connections.length + 1);
            connections[connections.length - 1] = connection;
        }
        long since = here == null ? System.currentTimeMillis() : here.since();
        Here now = new Here(name, connections.length, since);
        boolean changed = !now.equals(here);
        here = changed ? now : here;
        return changed;
    }

    /** @return whether that changed anything */
    boolean remove(String connection) {
        String[] rest = Arrays.stream(connections)
                .filter(one -> !one.equals(connection))
                .toArray(String[]::new);
        if (rest.length == connections.length) {
            return false;
        }
        connections = rest;
        here = rest.length == 0 ? null : new Here(here.name(), rest.length, here.since());
        return true;
    }
}
