package dev.parley.server.hook;

import java.util.concurrent.CompletionStage;

/**
 * Decides about each message, of people and services, that the policies of namespaces have let through, before it is kept or delivered. A CDI bean that
 * implements it, in a jar of the build, is found by itself; of several each is asked with what the one before made of it.
 *
 * <p>Called as {@link ConnectPolicy} is, and held to the same deadline. Messages of one connection are decided side by side and go on in the order in which they were sent. A message that
 * is sent again with the same id is asked about again.
 */
@FunctionalInterface
public interface SendPolicy {

    /**
     * Decides about one message.
     *
     * @param message as it was sent
     * @return the decision; never null
     */
    CompletionStage<SendDecision> sending(Sending message);
}
