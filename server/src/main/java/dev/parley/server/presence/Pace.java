package dev.parley.server.presence;

import java.time.Duration;

/**
 * How fast presence goes. Tests have their own.
 *
 * @param grace how long somebody who lost the last connection counts as still on
 * @param round the least time between two rounds of frames to one group's followers
 * @param toldARound about how many people are told something in one round, a frame to each follower; the rest waits for the next
 * @param named most users present up to which followers are told who came and went, and not only how many there are
 * @param countRound the least time between two counts
 * @param write the least time between two writes of this instance's part of one group
 * @param retry how long to wait when the store cannot be reached
 * @param late for how long after a write that failed it may still take effect
 * @param look how often it is looked which nodes live, and for groups to be compared with the store
 * @param compare in what time each group is compared with the store once
 * @param gone for how long a node must have been dead before what it left behind is taken away
 */
record Pace(
        Duration grace,
        Duration round,
        int toldARound,
        int named,
        Duration countRound,
        Duration write,
        Duration retry,
        Duration late,
        Duration look,
        Duration compare,
        Duration gone) {

    /**
     * A thousand people who come to one group within a second would make a million frames, each telling each of each. With these figures it is at most
     * 80,000 a second, until there are so many that all are told of by one count a second.
     */
    static final Pace USUAL = new Pace(
            Duration.ofSeconds(5),
            Duration.ofMillis(250),
            20_000,
            500,
            Duration.ofSeconds(1),
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            PresenceStore.LATEST,
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1));
}
