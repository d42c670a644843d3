package dev.parley.server.hook;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where the events of one webhook wait until it has taken them, shared by all instances. Any thread; stages fail with {@code unavailable} when the store is out of
 * reach.
 */
public interface EventStore {
    /** Before the first event. */
    String BEGIN = "0-0";

    /**
     * An event that waits.
     *
     * @param place where; later events have later places
     */
    record Waiting(String place, CloudEvent event) {}

    /** Keeps an event behind all others; false where so many wait already that it is not. */
    CompletionStage<Boolean> keep(CloudEvent event);

    /**
     * Takes, or renews, the right to tell, which one instance has at a time.
     *
     * @param node who wants it
     * @param lease for how long
     * @return how many events wait; -1 where another instance has the right
     */
    CompletionStage<Long> hold(String node, Duration lease);

    /** Gives the right away, where {@code node} has it. */
    CompletionStage<Void> release(String node);

    /** The next events behind a place. */
    CompletionStage<List<Waiting>> after(String place, int most);

    /** Strikes events that were told, or given up. */
    CompletionStage<Void> strike(List<String> places);
}
