package dev.parley.protocol.json;

import dev.parley.protocol.Cursor;

/**
 * What stands before the envelope in a {@code message}.
 *
 * @param channel where the message was sent
 * @param at its place, or null for a message kept nowhere
 */
public record MessageHead(String channel, Cursor at) {}
