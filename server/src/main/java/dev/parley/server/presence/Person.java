package dev.parley.server.presence;

import java.util.Arrays;

/** One user in one group: which of this instance's connections follow it, and what the followers here have been told. Guarded by the {@link Room} it belongs to. */
final class Person {
    private static final String[] NONE = {};

    final String user;

    /** Null, a string, or an array of several, never changed: nearly always one, for which an array would be half of what all else takes. */
    private Object connections;

    /** With what the user is on here, or null. */
    Here here;

    /** With what the followers here take the user for on, or null. */
    Here told;

    Person(String user) {
        this.user = user;
    }

    /** @return whether that changed anything */
    boolean add(String name, String connection) {
        String[] its = connections();
        if (!Arrays.asList(its).contains(connection)) {
            its = Arrays.copyOf(its, its.length + 1);
            its[its.length - 1] = connection;
            hold(its);
        }
        long since = here == null ? System.currentTimeMillis() : here.since();
        Here now = new Here(name, its.length, since);
        boolean changed = !now.equals(here);
        here = changed ? now : here;
        return changed;
    }

    /** @return whether that changed anything */
    boolean remove(String connection) {
        String[] its = connections();
        String[] rest =
                Arrays.stream(its).filter(one -> !one.equals(connection)).toArray(String[]::new);
        if (rest.length == its.length) {
            return false;
        }
        hold(rest);
        here = rest.length == 0 ? null : new Here(here.name(), rest.length, here.since());
        return true;
    }

    private String[] connections() {
        if (connections == null) {
            return NONE;
        }
        return connections instanceof String one ? new String[] {one} : (String[]) connections;
    }

    private void hold(String[] its) {
        connections = its.length == 0 ? null : its.length == 1 ? its[0] : its;
    }
}
