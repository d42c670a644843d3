package dev.parley.server.proof;

import java.util.Set;

/**
 * What a sender was told about one of its messages.
 *
 * @param mayMiss receivers that need not get it
 */
public record Acked(String channel, String epoch, long seq, String messageId, boolean duplicate, Set<String> mayMiss) {}
