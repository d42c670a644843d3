package dev.parley.server.gateway;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** Lets what concerns the same thing be done one after the other, though each takes its time. Belongs to one event loop. */
final class Turns<T> {
    /** What waits, by what it concerns; that is in it while a turn is under way. */
    private Map<T, Queue<Runnable>> waiting = Map.of();

    /**
     * Runs something when all before it is done, perhaps at once.
     *
     * @param work is over with a call of {@link #done}, now or later
     */
    void take(T about, Runnable work) {
        Queue<Runnable> others = waiting.get(about);
        if (others != null) {
            others.add(work);
            return;
        }
        if (waiting.isEmpty()) {
            waiting = new HashMap<>(2);
        }
        waiting.put(about, new ArrayDeque<>(2));
        work.run();
    }

    /** The turn under way is over: the next begins. */
    void done(T about) {
        Runnable next = waiting.get(about).poll();
        if (next == null) {
            waiting.remove(about);
            waiting = waiting.isEmpty() ? Map.of() : waiting;
        } else {
            next.run();
        }
    }
}
