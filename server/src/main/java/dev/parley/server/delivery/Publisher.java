package dev.parley.server.delivery;

import dev.parley.protocol.Address;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Retention;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;

/** Encodes a message once and appends it to its channel; used by everything that publishes, on any thread. */
@Singleton
public final class Publisher {
    private final ChannelLog log;
    private final LiveChannels channels;
    private final long timeout;

    Publisher(ChannelLog log, LiveChannels channels, ParleyConfig config) {
        this.log = log;
        this.channels = channels;
        this.timeout = config.limits().sendTimeout().toMillis();
    }

    /**
     * Appends a message to a channel that keeps messages.
     *
     * @param to the channel
     * @param envelope the message
     * @param who who does not get it
     * @param dedup how a repeat is recognised, or null
     * @param retention what the channel keeps
     * @return as {@link ChannelLog#append}
     */
    public CompletionStage<Appended> publish(
            Address to, Envelope envelope, Stored who, Append.Dedup dedup, Retention retention) {
        String channel = to.channel();
        byte[] entry = FrameWriter.envelope(who.line(), envelope);
        return log.append(
                new Append(channel, channels.known(channel), dedup, envelope.time(), timeout, retention, entry));
    }

    /**
     * Sends a frame to whoever follows the channel now, on all instances, at most once.
     *
     * @param to the channel
     * @param frame a server frame's JSON
     * @param who who does not get it
     */
    public CompletionStage<Void> ring(Address to, byte[] frame, Stored who) {
        return log.ring(to.channel(), Event.frame(who, frame));
    }
}
