package dev.parley.server.log;

import dev.parley.protocol.Cursor;
import java.time.Duration;
import java.util.Objects;

/**
 * One entry to be appended.
 *
 * @param channel the channel's name
 * @param known the highest place the caller knows of in this channel, or null
 * @param dedup how a repeat is recognised, or null when every append is a new entry
 * @param time the entry's time, milliseconds since 1970, given back when a repeat is answered
 * @param deadline milliseconds from now after which the append must not take effect any more
 * @param retention what the channel keeps
 * @param entry the encoded entry, opaque to the log, not changed any more by the caller
 */
public record Append(
        String channel, Cursor known, Dedup dedup, long time, long deadline, Retention retention, byte[] entry) {
    public Append {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(retention, "retention");
        Objects.requireNonNull(entry, "entry");
    }

    /**
     * A repeat is an append to the same channel by the same sender with the same message id.
     *
     * @param sender who sent it, unique among users and services
     * @param messageId the sender's name for it
     * @param window for how long at least a repeat is recognised
     */
    public record Dedup(String sender, String messageId, Duration window) {}
}
