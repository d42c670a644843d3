package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.BiConsumer;

/** The live channels of this instance. */
@ApplicationScoped
public class LiveChannels {
    private volatile BiConsumer<String, byte[]> presence = (channel, change) -> {};

    /** Who hears changes of presence: the channel's name and the bytes given to {@link Event#presence}. Set once at the start; called on event loops. */
    public void onPresence(BiConsumer<String, byte[]> listener) {
        presence = listener;
    }

    /** The highest place this instance knows of in a channel, or null. Any thread. */
    public Cursor known(String channel) {
        return null;
    }

    /**
     * Writes a frame to those of this instance's connections that follow the channel now.
     *
     * @param channel the channel's name
     * @param frame a server frame's JSON
     * @param who who does not get it
     */
    public void emit(String channel, byte[] frame, Stored who) {}
}
