package dev.parley.client;

import dev.parley.protocol.Envelope;
import dev.parley.protocol.Ref;
import java.util.List;

/**
 * How a message is sent. Start from {@link #DEFAULT} and change what differs.
 *
 * @param event what kind of message, 1 to 64 characters; {@code message} by default
 * @param messageId the name under which a repeat is known, at most 64 characters; null to have the client make one
 * @param echo whether it comes back to the connection it was sent on
 * @param isVolatile whether it is delivered at most once and kept nowhere; such a message is never sent again
 * @param except users who do not get it
 * @param ref what it says about an earlier message, or null
 * @param mentions users whom it is meant to catch the eye of
 */
public record SendOptions(
        String event,
        String messageId,
        boolean echo,
        boolean isVolatile,
        List<String> except,
        Ref ref,
        List<String> mentions) {

    /** An ordinary message under an id of the client's making. */
    public static final SendOptions DEFAULT =
            new SendOptions(Envelope.DEFAULT_EVENT, null, true, false, List.of(), null, List.of());

    public SendOptions {
        except = List.copyOf(except);
        mentions = List.copyOf(mentions);
    }

    public SendOptions withEvent(String newEvent) {
        return new SendOptions(newEvent, messageId, echo, isVolatile, except, ref, mentions);
    }

    public SendOptions withMessageId(String newMessageId) {
        return new SendOptions(event, newMessageId, echo, isVolatile, except, ref, mentions);
    }

    public SendOptions withoutEcho() {
        return new SendOptions(event, messageId, false, isVolatile, except, ref, mentions);
    }

    public SendOptions asVolatile() {
        return new SendOptions(event, messageId, echo, true, except, ref, mentions);
    }

    public SendOptions withExcept(List<String> users) {
        return new SendOptions(event, messageId, echo, isVolatile, users, ref, mentions);
    }

    public SendOptions withRef(Ref newRef) {
        return new SendOptions(event, messageId, echo, isVolatile, except, newRef, mentions);
    }

    public SendOptions withMentions(List<String> users) {
        return new SendOptions(event, messageId, echo, isVolatile, except, ref, users);
    }
}
