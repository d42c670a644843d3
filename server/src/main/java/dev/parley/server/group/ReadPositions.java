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
    /** Behind a user's id: how far it was delivered. No id has such a character. */
    private static final String RECEIVED = "~";

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
     * Where everybody stands in a channel who has read in it, or whose devices have something of it.
     *
     * @return by user, in the present life of the log
     */
    public CompletionStage<Map<String, Standing>> in(Address channel) {
        String name = channel.channel();
        return log.head(name, channels.known(name)).thenCombine(store.all(name), (head, all) -> {
            Map<String, Standing> standings = new HashMap<>();
            all.forEach((who, at) -> {
                if (at.epoch().equals(head.epoch())) {
                    boolean received = who.endsWith(RECEIVED);
                    String user = received ? who.substring(0, who.length() - RECEIVED.length()) : who;
                    standings.merge(
                            user, received ? new Standing(0, at.seq()) : new Standing(at.seq(), null), Standing::and);
                }
            });
            return standings;
        });
    }

    /**
     * A device of the user has everything up to here.
     *
     * @return whether that was not known yet
     */
    public CompletionStage<Boolean> received(Address channel, String user, Cursor at) {
        return store.raise(channel.channel(), user + RECEIVED, at);
    }

    /**
     * How far a user has come in a channel.
     *
     * @param read the seq up to which they have read; 0 for nothing
     * @param delivered the seq up to which a device of theirs has it, or null where that is not known
     */
    public record Standing(long read, Long delivered) {
        Standing and(Standing other) {
            return new Standing(Math.max(read, other.read), delivered == null ? other.delivered : delivered);
        }
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
