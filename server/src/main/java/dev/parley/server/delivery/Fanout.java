package dev.parley.server.delivery;

import dev.parley.protocol.CloseReason;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one event loop knows of the channels that its connections follow, and which of its sockets are to be flushed at the end of this turn.
 *
 * <p>There is one for each event loop; everything in it runs on that loop and needs no lock.
 */
final class Fanout {
    private static final int SCRATCH = 16 * 1024;

    /** Bytes of batches kept for followers who are behind, of all channels. */
    private static final long KEPT_MAX = 16 << 20;

    final SingleThreadEventLoop loop;
    private final LiveChannels channels;
    private final Map<String, Followers> followers = new HashMap<>();
    private List<Transport> dirty = new ArrayList<>();
    private List<Transport> flushing = new ArrayList<>();
    private Stage stage = new Stage();
    private Stage leaving = new Stage();
    private byte[] scratch = new byte[SCRATCH];
    private long kept;
    private int batches;
    final Wheel wheel;

    Fanout(SingleThreadEventLoop loop, LiveChannels channels) {
        this.loop = loop;
        this.channels = channels;
        this.wheel = new Wheel(loop);
    }

    /** The followers of a channel on this loop, from the first of them on. */
    Followers followers(String channel) {
        Followers known = followers.get(channel);
        if (known == null) {
            known = channels.register(channel, this);
            followers.put(known.channel, known);
        }
        return known;
    }

    /** The followers of a channel on this loop, or null. */
    Followers known(String channel) {
        return followers.get(channel);
    }

    /** The last follower has gone. */
    void forget(Followers gone) {
        followers.remove(gone.channel);
        channels.unregister(gone);
    }

    /** A connection of this loop is being closed. */
    void closing(CloseReason reason) {
        channels.counters().closed(reason).increment();
    }

    /** Whether the next batch is one of those that are timed. */
    boolean times() {
        return ++batches % Counters.SAMPLE == 0;
    }

    /** So many bytes of batches are kept more, or fewer. */
    void keep(int bytes) {
        kept += bytes;
    }

    boolean keepsTooMuch() {
        return kept > KEPT_MAX;
    }

    /**
     * Has a socket flushed once, after everything else of this turn: Netty reads from the sockets, then runs the loop's tasks, then this. So what many requests
     * and channels wrote to one socket in a turn leaves with one system call, and on an idle loop at once. As a task among the others it ran before the batches
     * that the same requests had caused, and each message cost a second call.
     */
    void flushLater(Transport socket) {
        if (dirty.isEmpty()) {
            loop.executeAfterEventLoopIteration(this::flush);
        }
        dirty.add(socket);
    }

    private void flush() {
        List<Transport> now = dirty;
        dirty = flushing;
        flushing = now;
        // What a socket writes from here on belongs to the next turn, unless it is to be flushed yet in this one.
        Stage present = stage;
        stage = leaving;
        leaving = present;
        long time = System.nanoTime();
        for (int i = 0; i < now.size(); i++) {
            now.get(i).flush(time);
        }
        now.clear();
        present.clear();
    }

    /** Where small frames wait for the end of this turn. */
    Stage stage() {
        return stage;
    }

    /** Bytes to copy an incoming message into while it is handled, shared by all connections of the loop. */
    byte[] scratch(int size) {
        if (size > scratch.length) {
            if (size > 4 * SCRATCH) {
                return new byte[size];
            }
            scratch = Arrays.copyOf(scratch, Math.max(size, 2 * scratch.length));
        }
        return scratch;
    }
}
