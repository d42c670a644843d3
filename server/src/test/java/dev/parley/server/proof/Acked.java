package dev.parley.server.proof;

import java.util.Set;

/**
 * What a sender was told about one of its messages.
 *
 * @param mayMiss receivers, by their names or users, that need not get it
 * @param mustMiss users that must not get it
 */
public record Acked(
        String channel,
        String epoch,
        long seq,
        String messageId,
        boolean duplicate,
        Set<String> mayMiss,
        Set<String> mustMiss) {

    public Acked(String channel, String epoch, long seq, String messageId, boolean duplicate, Set<String> mayMiss) {
        this(channel, epoch, seq, messageId, duplicate, mayMiss, Set.of());
    }
}
