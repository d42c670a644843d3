package dev.parley.server.log;

import dev.parley.protocol.Cursor;
import java.util.concurrent.CompletionStage;

/**
 * An ordered log for each channel, with a doorbell: whatever is appended is kept at the next {@code seq} and rung to everyone who follows.
 *
 * <p>All methods may be called from any thread and never block. Stages complete on an arbitrary thread, perhaps before the method returns; those that need a
 * certain thread go there themselves. They fail with {@link LogUnavailableException} when the log is out of reach or did not answer in time; whether an
 * append took effect is then unknown, and is settled by repeating it with the same message id.
 *
 * <p>An epoch is one life of a channel's log. Within it {@code seq} counts from 1 without holes. Where a caller knows of a place that the log has no more
 * (it lost data), the log begins a new epoch by itself.
 */
public interface ChannelLog {

    /** With so many bytes of entries a read ends. */
    int READ_BYTES = 128 * 1024;

    /**
     * Appends an entry, unless its sender already appended one with the same message id within the window. Appends to one channel from one caller thread
     * take effect in the order of the calls.
     *
     * @return where the entry stands: its own place, or that of the first with this message id
     */
    CompletionStage<Appended> append(Append append);

    /**
     * The last place of a channel, which begins its first epoch when it has none.
     *
     * @param channel the channel's name
     * @param known the highest place the caller knows of, or null; when the log lost it, a new epoch is begun
     * @return the epoch and the {@code seq} of the last entry, 0 for none
     */
    default CompletionStage<Cursor> head(String channel, Cursor known) {
        return head(channel, known, 0).thenApply(Mark::at);
    }

    /**
     * As {@link #head(String, Cursor)}, for a caller who knows what stands at {@code known}: when another entry stands there now, that is a loss as well.
     *
     * @param channel the channel's name
     * @param known the highest place the caller knows of, or null
     * @param tag the tag of the entry at {@code known}, 0 if it is not known
     * @return the last place and the tag of the entry there
     */
    CompletionStage<Mark> head(String channel, Cursor known, long tag);

    /**
     * Reads entries in rising {@code seq}: those of the range that the log still has, of its present epoch, up to the range's limit and to some
     * {@value #READ_BYTES} bytes, at least one where there is one. So whoever reads on after a {@link Slice} that has {@code more} holds a bounded piece of the
     * log at a time, however large its entries are.
     *
     * @param range which
     */
    CompletionStage<Slice> read(Range range);

    /**
     * Declares that a channel's log is not what it was: begins a new epoch if {@code broken} is still the present one.
     *
     * @param channel the channel's name
     * @param broken the epoch found to be inconsistent
     * @return the head after that
     */
    CompletionStage<Cursor> restart(String channel, String broken);

    /**
     * Rings a channel's doorbell with something that is not kept: delivered at most once, to those who follow now.
     *
     * @param channel the channel's name
     * @param event opaque to the log
     */
    CompletionStage<Void> ring(String channel, byte[] event);

    /**
     * Follows a channel's doorbell. A channel has at most one doorbell per instance at a time (its live channel).
     *
     * @param channel the channel's name
     * @param doorbell called for every ring from then on, see there for the thread
     * @return the way to stop
     */
    Following follow(String channel, Doorbell doorbell);
}
