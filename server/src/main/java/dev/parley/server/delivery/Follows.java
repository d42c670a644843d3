package dev.parley.server.delivery;

import java.util.ArrayList;
import java.util.List;

/**
 * The follows of one connection, by their channels' names: an open table, since a node of a map and a name of its own for each take more than the follow itself.
 * Belongs to the connection's event loop.
 */
final class Follows {
    private static final int SMALLEST = 4;

    /** Its length is a power of two, and a quarter of it stays free. */
    private Follow[] table = new Follow[SMALLEST];

    private int size;

    /** The follow of a channel, or null. */
    Follow get(String channel) {
        return table[placeOf(channel)];
    }

    /** Adds one whose channel is not followed yet. */
    void add(Follow follow) {
        if (4 * (size + 1) > 3 * table.length) {
            resize(2 * table.length);
        }
        table[placeOf(follow.channel())] = follow;
        size++;
    }

    /** Takes one out; does nothing where it is not in here. */
    void remove(Follow follow) {
        int free = placeOf(follow.channel());
        if (table[free] != follow) {
            return;
        }
        table[free] = null;
        size--;
        // Those behind it up to the next free place may have come to stand there because it was taken.
        for (int at = next(free); table[at] != null; at = next(at)) {
            Follow moved = table[at];
            table[at] = null;
            table[placeOf(moved.channel())] = moved;
        }
        if (table.length > SMALLEST && 8 * size < table.length) {
            resize(table.length / 2);
        }
    }

    /** All of them, as they are now. */
    List<Follow> all() {
        List<Follow> all = new ArrayList<>(size);
        for (Follow follow : table) {
            if (follow != null) {
                all.add(follow);
            }
        }
        return all;
    }

    /** Where a channel's follow stands, or would stand. */
    private int placeOf(String channel) {
        int hash = channel.hashCode();
        int at = (hash ^ hash >>> 16) & table.length - 1;
        while (table[at] != null && !table[at].channel().equals(channel)) {
            at = next(at);
        }
        return at;
    }

    private int next(int at) {
        return at + 1 & table.length - 1;
    }

    private void resize(int length) {
        List<Follow> all = all();
        table = new Follow[length];
        for (Follow follow : all) {
            table[placeOf(follow.channel())] = follow;
        }
    }
}
