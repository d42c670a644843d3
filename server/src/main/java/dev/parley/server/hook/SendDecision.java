package dev.parley.server.hook;

import dev.parley.protocol.RawJson;

/** What becomes of a message. */
public sealed interface SendDecision {

    /** It goes on as it is. */
    SendDecision ACCEPT = new Accept(null, null);

    /**
     * It goes on, perhaps changed.
     *
     * @param data the payload from now on, one JSON value, or null for the sender's
     * @param event the event from now on, 1 to 64 characters, or null for the sender's
     */
    record Accept(RawJson data, String event) implements SendDecision {}

    /**
     * Its sender is told {@code forbidden}.
     *
     * @param detail one sentence for the sender
     */
    record Refuse(String detail) implements SendDecision {}
}
