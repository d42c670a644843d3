package dev.parley.server.hook;

import dev.parley.protocol.Address;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Sender;

/**
 * A message that is about to be taken.
 *
 * @param from who sends it
 * @param to to whom
 * @param event what kind of message
 * @param messageId the sender's name for it, or null where there is none
 * @param isVolatile whether it is kept nowhere
 * @param data the payload; read only
 */
public record Sending(Sender from, Address to, String event, String messageId, boolean isVolatile, RawJson data) {}
