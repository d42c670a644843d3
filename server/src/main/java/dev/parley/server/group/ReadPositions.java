package dev.parley.server.group;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.server.delivery.LiveChannels;
import dev.parley.server.log.ChannelLog;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How far each user has read in each channel. Called by the gateway on any thread.
 *
 * <p>A position counts within one epoch of the channel's log: when the log begins anew so does reading.
 */
@Singleton
public final class ReadPositions {
    private final PositionStore store;
    private final LiveChannels channels;
    private final ChannelLog log;

    ReadPositions(PositionStore store, LiveChannels channels, ChannelLog log) {
        this.store = store;
        this.channels = channels;
        this.log = log;
    }

    /**
     * Raises a position; it never falls.
     *
     * @param seq read up to here; beyond the channel's last entry it counts as that one
     * @return whether it rose
     */
    public CompletionStage<Boolean> raise(Address channel, String user, long seq) {
        String name = channel.channel();
        Cursor known = channels.known(name);
        CompletionStage<Cursor> head =
                known == null || known.seq() < seq ? log.head(name, known) : CompletableFuture.completedStage(known);
        return head.thenCompose(last -> store.raise(name, user, new Cursor(last.epoch(), Math.min(seq, last.seq()))));
    }

    /**
     * A user's positions.
     *
     * @return by channel name, where there is one; positions of an epoch that is known to be over are left out
     */
    public CompletionStage<Map<String, Long>> of(String user, List<Address> of) {
        List<String> names = of.stream().map(Address::channel).toList();
        return store.of(user, names).thenApply(positions -> {
            Map<String, Long> valid = new HashMap<>();
            positions.forEach((name, at) -> {
                Cursor known = channels.known(name);
                if (known == null || known.epoch().equals(at.epoch())) {
                    valid.put(name, at.seq());
                }
            });
            return valid;
        });
    }
}
