package dev.parley.server.hook;

import java.util.concurrent.CompletionStage;

/**
 * Decides whether somebody whose token is good may connect, and as whom. A CDI bean that implements it, in a jar of the build, is found by itself; of several each
 * is asked with what the one before made of it.
 *
 * <p>Called on a thread of its own pool, never on an event loop, so it may block, though then no more than some dozens are decided at a time. The answer must come within
 * {@code parley.hooks.deadline}; what happens when it does not, or fails, says {@code parley.hooks.on-failure}.
 */
@FunctionalInterface
public interface ConnectPolicy {

    /**
     * Decides about one connection.
     *
     * @param who who connects, and from where
     * @return the decision; never null
     */
    CompletionStage<ConnectDecision> connecting(Connecting who);
}
