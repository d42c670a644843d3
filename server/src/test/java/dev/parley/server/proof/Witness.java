package dev.parley.server.proof;

import io.vertx.core.json.JsonObject;

/**
 * Is told what a client was told, as it comes, so that the client itself need not keep it: a run of minutes would not fit into memory. Called under the client's
 * lock, on the thread that its frames come on.
 */
public interface Witness {

    /** Something about a channel that keeps messages. */
    void saw(RawClient client, Seen seen);

    /** What it was told about a message of its own. */
    void acked(RawClient client, Acked ack);

    /** A message that has no place in a log. */
    default void sawVolatile(RawClient client, JsonObject message) {}

    /** Whether a channel that the client resumes may be refused: it was asked to leave it, or the log was lost. */
    default boolean mayBeRefused(RawClient client, String channel) {
        return false;
    }

    /** Whether the client sends more than it may on purpose: if it is sent away for that, it comes back after a pause. */
    default boolean mayFlood(RawClient client) {
        return false;
    }
}
