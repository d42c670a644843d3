package dev.parley.server.group;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Where it is kept who has connected. Any thread; stages fail with {@code unavailable} when the store is out of reach. */
public interface UserStore {

    /** For how long after the last connection a user who is a member nowhere is known. */
    Duration KEPT = Duration.ofDays(90);

    /** Notes that a user comes or goes now, under this name. */
    CompletionStage<Void> seen(String user, String name);

    /** What is known of a user, or null for who has not connected within {@link #KEPT}. */
    CompletionStage<Known> about(String user);

    /** Whether a user has connected within {@link #KEPT}. */
    CompletionStage<Boolean> wasSeen(String user);
}
