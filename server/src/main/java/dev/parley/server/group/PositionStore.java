package dev.parley.server.group;

import dev.parley.protocol.Cursor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Where read positions are kept, one for each channel and user. Any thread; stages fail with {@code unavailable} when the store is out of reach. */
public interface PositionStore {

    /** How long a position is kept that is not raised, at least; in Redis together with the others of its channel. */
    Duration KEPT = UserStore.KEPT;

    /**
     * Raises a position in one atomic step.
     *
     * @param at what has been read; one of another epoch than the present position's replaces it
     * @return whether the position changed: false when it was there already, or further
     */
    CompletionStage<Boolean> raise(String channel, String user, Cursor at);

    /** All positions in a channel, by user. */
    CompletionStage<Map<String, Cursor>> all(String channel);

    /**
     * A user's positions.
     *
     * @return by channel, where there is one
     */
    CompletionStage<Map<String, Cursor>> of(String user, List<String> channels);
}
