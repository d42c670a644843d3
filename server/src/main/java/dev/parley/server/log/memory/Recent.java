package dev.parley.server.log.memory;

import java.util.HashMap;
import java.util.Map;

/**
 * The message ids of one channel that are remembered for one window: two maps in turn, so that forgetting costs nothing for each id. An id is remembered for one
 * to two windows. Guarded by its channel's lock.
 */
final class Recent {

    /** What an id costs in memory, about: two map nodes' worth of headers, the key, its strings and the place. */
    static final int BYTES = 200;

    private final long window;
    private Map<Id, Sent> present = new HashMap<>();
    private Map<Id, Sent> former = new HashMap<>();
    private long began;

    /** Who sent under which name. */
    record Id(String sender, String messageId) {}

    /** Where it stands, and its time. */
    record Sent(long seq, long time) {}

    /** @param window in milliseconds */
    Recent(long window, long now) {
        this.window = window;
        this.began = now;
    }

    long window() {
        return window;
    }

    /** What is remembered of an id, or null. */
    Sent find(Id id) {
        Sent sent = present.get(id);
        return sent != null ? sent : former.get(id);
    }

    void remember(Id id, Sent sent) {
        present.put(id, sent);
    }

    /**
     * Begins a new map when the window is over.
     *
     * @return how many ids were forgotten
     */
    int turn(long now) {
        if (now - began < window) {
            return 0;
        }
        int forgotten = former.size();
        boolean both = now - began >= 2 * window;
        forgotten += both ? present.size() : 0;
        former = both ? new HashMap<>() : present;
        present = new HashMap<>();
        began = now;
        return forgotten;
    }

    /**
     * Forgets the older of the two maps before its time, to make room.
     *
     * @return how many ids were forgotten
     */
    int forgetOlder() {
        int forgotten = former.size();
        former = present;
        present = new HashMap<>();
        return forgotten;
    }

    int size() {
        return present.size() + former.size();
    }
}
