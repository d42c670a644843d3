package dev.parley.server.delivery;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One loop's timers of a second's precision: a connection costs one place in a list instead of a scheduled task of its own. Runs on that loop.
 */
final class Wheel {
    private static final Logger LOG = Logger.getLogger(Wheel.class);
    private static final int SLOTS = 64;

    private final EventLoop loop;
    private final List<List<Check>> slots = new ArrayList<>(SLOTS);
    private int now;
    private int size;

    /** A check of somebody who may be gone before it is its turn, and is not to be kept for that long. */
    static final class Watch implements Check {
        private Check check;

        Watch(Check check) {
            this.check = check;
        }

        /** Looks no more. */
        void end() {
            check = null;
        }

        @Override
        public int check() {
            return check == null ? 0 : check.check();
        }
    }

    /** Something to look at from time to time. */
    @FunctionalInterface
    interface Check {
        /** Looks, and says in how many seconds to look again; 0 for never. */
        int check();
    }

    Wheel(EventLoop loop) {
        this.loop = loop;
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>());
        }
    }

    /** Has {@code check} looked at in {@code seconds} (at least 1; more than a round of the wheel is cut to a round, after which it is asked again). */
    void add(Check check, int seconds) {
        slots.get((now + Math.min(Math.max(seconds, 1), SLOTS - 1)) % SLOTS).add(check);
        if (size++ == 0) {
            loop.schedule(this::tick, 1, TimeUnit.SECONDS);
        }
    }

    private void tick() {
        now = (now + 1) % SLOTS;
        List<Check> due = slots.set(now, new ArrayList<>());
        for (Check check : due) {
            int again = look(check);
            if (again > 0) {
                slots.get((now + Math.min(again, SLOTS - 1)) % SLOTS).add(check);
            } else {
                size--;
            }
        }
        if (size > 0) {
            loop.schedule(this::tick, 1, TimeUnit.SECONDS);
        }
    }

    /** One that fails is not asked again, and one that lacked memory soon is: thrown on from here, either would stop the timers of all the others. */
    private static int look(Check check) {
        try {
            return check.check();
        } catch (RuntimeException fault) {
            LOG.error("a connection could not be looked after", fault);
            return 0;
        } catch (OutOfMemoryError noRoom) {
            LOG.error("looking after a connection waits for memory", noRoom);
            return 1;
        }
    }
}
