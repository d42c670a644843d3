package dev.parley.server.delivery;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.journal.Journal;
import dev.parley.server.log.LogUnavailableException;
import dev.parley.server.log.Range;
import dev.parley.server.log.Slice;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What leaves through one signed-in connection: answers at once, the entries of the channels it follows as the socket has room for them.
 *
 * <p>Made by the gateway when a hello is accepted. All methods run on the connection's event loop, and stages complete there.
 */
public final class Outlet {
    private final Transport socket;
    private final String connection;
    private final String user;
    private final String inbox;
    private final MembershipListener memberships;
    private final Follows follows = new Follows();
    private boolean closed;

    /**
     * @param socket where everything goes
     * @param connection the connection's id, for {@code echo: false}
     * @param user the user's id, for {@code except}; empty for a service
     * @param memberships hears of changes of the user's memberships as their inbox entries pass, live or in a replay
     */
    public Outlet(Transport socket, String connection, String user, MembershipListener memberships) {
        this.socket = socket;
        this.connection = connection;
        this.user = user;
        this.inbox = user.isEmpty() ? null : new Address.User(user).channel();
        this.memberships = memberships;
        socket.onRoom(this::catchUp);
    }

    /** The name of the user's inbox, one string for all who keep it; null for a service. */
    public String inbox() {
        return inbox;
    }

    /** Writes a frame; it leaves at the end of this turn of the loop. */
    public void write(ServerFrame frame) {
        socket.write(FrameWriter.write(frame));
    }

    /**
     * Begins to follow a channel, without writing anything of it yet. Following what is followed already gives the same follow.
     *
     * @param channel the channel's name
     * @return completes once the channel is live here; fails with {@link LogUnavailableException} when it cannot be, and then nothing is left behind
     */
    public CompletionStage<Follow> follow(String channel) {
        if (closed) {
            return CompletableFuture.failedStage(new LogUnavailableException("the connection is gone"));
        }
        Follow known = follows.get(channel);
        Follow follow = known != null ? known : attach(channel);
        return follow.followers.reaches(null).handle((head, failure) -> {
            if (failure != null && !follow.isStarted()) {
                follow.end();
            }
            if (failure != null || follow.hasEnded()) {
                throw new LogUnavailableException(failure == null ? "no longer followed" : "cannot be followed now");
            }
            return follow;
        });
    }

    /**
     * Looks where a connection that was away may go on: reads on from its cursor, and waits until this instance has come as far as the log.
     *
     * @param follow of {@link #follow}
     * @param cursor where the client stands
     * @return whether everything after the cursor is still there; completes on the loop
     */
    public CompletionStage<Boolean> canResume(Follow follow, Cursor cursor) {
        Followers followers = follow.followers;
        if (cursor.equals(followers.handed())) {
            return CompletableFuture.completedFuture(true);
        }
        return onLoop(followers.live.recall(cursor.seq() + 1)).thenCompose(shared -> {
            if (goesOn(shared, cursor)) {
                return resumed(follow, cursor, shared);
            }
            Range own = Range.after(follow.channel(), cursor.seq(), LiveChannel.RECALLED);
            return onLoop(followers.live.log().read(own)).thenCompose(slice -> resumed(follow, cursor, slice));
        });
    }

    private CompletionStage<Boolean> resumed(Follow follow, Cursor cursor, Slice slice) {
        Followers followers = follow.followers;
        if (!slice.head().epoch().equals(cursor.epoch()) || slice.head().seq() < cursor.seq()) {
            return followers.reaches(null).thenApply(head -> false);
        }
        boolean complete = goesOn(slice, cursor);
        if (complete) {
            follow.recalled(slice);
        }
        followers.live.noticed(slice.head());
        return followers
                .reaches(cursor)
                .thenApply(head -> complete && head.epoch().equals(cursor.epoch()));
    }

    /** Whether what was read shows that the log still has what follows a place, or that nothing does. */
    private static boolean goesOn(Slice slice, Cursor cursor) {
        return slice.head().epoch().equals(cursor.epoch())
                && (slice.head().seq() == cursor.seq()
                        || slice.entries().stream().anyMatch(entry -> entry.seq() == cursor.seq() + 1));
    }

    /**
     * Waits until this instance has come as far as a place that is known to be in the log, such as that of an entry just written: before that it would be taken
     * for one beyond the log's end.
     *
     * @param follow of {@link #follow}
     * @param at the place; of another epoch it is not waited for
     * @return the place; completes on the loop
     */
    public CompletionStage<Cursor> reaches(Follow follow, Cursor at) {
        follow.followers.live.noticed(at);
        return follow.followers.reaches(at).thenApply(head -> at);
    }

    /**
     * Finds the place before the newest entries.
     *
     * @param follow of {@link #follow}
     * @param entries how many, 0 or more
     * @return the place after which at most that many entries stand that the log still has
     */
    public CompletionStage<Cursor> before(Follow follow, long entries) {
        Cursor head = follow.head();
        if (entries == 0 || head.seq() == 0) {
            return CompletableFuture.completedFuture(head);
        }
        long from = Math.max(1, head.seq() - entries + 1);
        Range oldest = new Range(follow.channel(), from, head.seq(), 1, false);
        return onLoop(follow.followers.live.log().read(oldest)).thenApply(slice -> {
            Cursor now = follow.head();
            if (slice.entries().isEmpty() || !slice.head().epoch().equals(now.epoch())) {
                return now;
            }
            return new Cursor(now.epoch(), slice.entries().get(0).seq() - 1);
        });
    }

    /** The follow of a channel, or null. */
    public Follow following(String channel) {
        return follows.get(channel);
    }

    /** Lets go of a channel whose follow was not started. */
    public void abandon(String channel) {
        Follow follow = follows.get(channel);
        if (follow != null && !follow.isStarted()) {
            follow.end();
        }
    }

    /** Ends every follow, and begins no other: the connection is gone. */
    public void close() {
        closed = true;
        follows.all().forEach(Follow::end);
    }

    String connection() {
        return connection;
    }

    String user() {
        return user;
    }

    /** Closes the connection over a fault of ours: the client comes back and goes on from what it has. */
    void fail(Throwable fault) {
        Journal.ofConnection(connection, user, () -> socket.fail(fault));
    }

    boolean hasRoom() {
        return socket.hasRoom();
    }

    void write(ByteBuf frames) {
        socket.write(frames);
    }

    void share(ByteBuf frames) {
        socket.share(frames);
    }

    void write(byte[] json) {
        socket.write(json);
    }

    void forget(Follow follow) {
        follows.remove(follow);
    }

    /** An entry was written that tells of a membership. */
    void passed(Stored stored, Cursor at) {
        memberships.changed(stored.membership(), stored.term(), at);
    }

    /** A following came to the last entry of its membership, and ended. */
    void ended(Follow follow, Cursor last) {
        memberships.ended(follow.channel(), last, follow.term());
    }

    /** A gap of a channel was written. */
    void passedGap(String channel, Cursor upTo) {
        memberships.missed(channel, upTo);
    }

    private Follow attach(String channel) {
        Followers followers = socket.fanout().followers(channel);
        Follow follow = new Follow(followers, this);
        followers.add(follow);
        follows.add(follow);
        return follow;
    }

    private void catchUp() {
        follows.all().forEach(Follow::catchUp);
    }

    private <T> CompletionStage<T> onLoop(CompletionStage<T> stage) {
        return stage.handleAsync(
                (value, failure) -> {
                    if (failure != null) {
                        throw new LogUnavailableException(String.valueOf(failure.getMessage()));
                    }
                    return value;
                },
                socket.fanout().loop);
    }
}
