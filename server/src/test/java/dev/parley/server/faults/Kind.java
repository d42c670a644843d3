package dev.parley.server.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** What can be made to happen, with how often and for how long it does in a random plan. */
enum Kind {
    /** {@code kill -9}; when its time is over another process takes the instance's place. */
    KILL(On.INSTANCE, 6, 1, 8),
    /** SIGTERM; another process takes the place, started before the end or after it. */
    TERMINATE(On.INSTANCE, 6, 0, 3),
    /** SIGSTOP, and SIGCONT when its time is over. */
    FREEZE(On.INSTANCE, 6, 1, 14),
    /** The instance's clock jumps, back or forth, and back again when its time is over. */
    CLOCK(On.CLOCK, 3, 3, 15),
    /** Redis is killed and comes back with all it had. */
    REDIS_RESTART(On.REDIS, 4, 0, 6),
    /** SIGSTOP of Redis, and SIGCONT when its time is over. */
    REDIS_STALL(On.REDIS, 5, 1, 9),
    /** Redis drops its subscriptions. */
    KILL_SUBSCRIPTIONS(On.REDIS, 4, 0, 0),
    /** Redis drops all links but subscriptions. */
    KILL_COMMANDS(On.REDIS, 4, 0, 0),
    /** Redis loses all it had. */
    FLUSH(On.REDIS, 1, 0, 0),
    /** A replica takes over, as it is at that moment, and what was the primary follows it. */
    FAILOVER(On.REDIS, 1, 0, 0),
    /** Connections are reset. */
    CUT(On.LINK, 9, 0, 0),
    /** Nothing passes, and nobody is told. */
    HALF_OPEN(On.LINK, 9, 1, 14),
    /** Everything takes longer, some more than other. */
    DELAY(On.LINK, 6, 2, 15),
    /** A few kilobytes a second pass. */
    THROTTLE(On.LINK, 6, 2, 12),
    /** What the target says does not arrive. */
    MUTE(On.LINK, 9, 1, 14),
    /** New connections are reset, and open ones, too. */
    REFUSE(On.LINK, 4, 1, 8),
    /** Many clients lose their connections at once. */
    DROP(On.CLIENTS, 5, 0, 0),
    /** A client reads nothing. */
    SLOW(On.CLIENTS, 7, 2, 20),
    /** A client sends as much as it can. */
    FLOOD(On.CLIENTS, 4, 0, 0);

    final On on;
    final int weight;
    private final int least;
    private final int most;

    /** What it can happen to. */
    enum On {
        INSTANCE,
        /** The one instance whose clock can be set. */
        CLOCK,
        REDIS,
        LINK,
        CLIENTS
    }

    Kind(On on, int weight, int leastSeconds, int mostSeconds) {
        this.on = on;
        this.weight = weight;
        this.least = leastSeconds;
        this.most = mostSeconds;
    }

    /** The shortest and the longest time for which it lasts. */
    Duration least() {
        return Duration.ofSeconds(least);
    }

    Duration most() {
        return Duration.ofSeconds(most);
    }

    /** Whether acknowledged messages may be lost over it: then receivers are told so by a new epoch. */
    boolean losesData() {
        return this == FLUSH || this == FAILOVER;
    }

    /** As it is written in a plan. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Kind of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kind of fault: " + label));
    }
}
