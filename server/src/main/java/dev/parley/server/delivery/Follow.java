package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame.Skip;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.log.Slice;
import io.netty.buffer.ByteBuf;

/**
 * One connection's place in one channel. Everything here runs on the connection's event loop.
 *
 * <pre>
 *            start                     not writable, or a batch missed
 * attached ─────────▶ behind ◀──────────────────────────────────────── live
 *                        │                                              ▲
 *                        └── CatchUp: reads the log up to handed ───────┘
 * </pre>
 *
 * <p>It is live exactly when its place is where its loop stands ({@link Followers#handed}); there is no other flag that could disagree.
 */
public final class Follow {
    /** Equal to no log's epoch. */
    private static final String NO_EPOCH = "";

    final Followers followers;
    final Outlet outlet;
    /** Where it stands in the array of its followers. */
    int index;

    /** Made when it first falls behind: most never do. */
    private CatchUp catchUp;

    private Slice recalled;
    private boolean started;
    private boolean ended;
    private String epoch;
    private long seq;
    private String term;
    private Cursor until;
    private boolean byLastEntry;
    private boolean seesPresence;
    private Runnable onEnd = () -> {};
    private Passing passing;

    /** Null for nearly all. */
    private Runnable onMove;

    /** What is to be done once a place has been passed. */
    private record Passing(Cursor place, Runnable then) {}

    Follow(Followers followers, Outlet outlet) {
        this.followers = followers;
        this.outlet = outlet;
    }

    /** The channel's name. */
    public String channel() {
        return followers.channel;
    }

    /** Whether the connection is told who else comes and goes; not before this says so. */
    public void seesPresence(boolean sees) {
        seesPresence = sees;
    }

    boolean seesPresence() {
        return seesPresence;
    }

    /** Where the channel stands on this loop: a backlog ends here. */
    public Cursor head() {
        return followers.handed();
    }

    /**
     * Begins to write: everything after {@code from} is delivered once and in order from now on.
     *
     * @param from where the connection stands; a place of another epoch, or one beyond the head, starts over from the log's first entry behind a gap
     * @param membership the term of the membership by which it follows and with whose last entry it ends by itself, or null where there is none
     */
    public void start(Cursor from, String membership) {
        started = true;
        term = membership;
        Cursor head = head();
        boolean beyond = from.epoch().equals(head.epoch()) && from.seq() > head.seq();
        moveTo(beyond ? NO_EPOCH : from.epoch(), beyond ? 0 : from.seq());
        catchUp();
    }

    /** Whether {@link #start} was called. */
    public boolean isStarted() {
        return started;
    }

    /** The term of the membership by which it follows, or null. */
    public String term() {
        return term;
    }

    /** Goes on by another membership of the same user, though the end of the last one may be passed already. */
    public void goOnBy(String membership) {
        term = membership;
        until = null;
    }

    /** Delivers up to and including {@code last} and then ends by itself; at once where that is passed already, or belongs to another life of the log. */
    public void endAfter(Cursor last) {
        until = last;
        if (started) {
            catchUp();
        } else {
            end();
        }
    }

    /** Has something run once it has ended: for who has to go on after the last entry. */
    public void onEnd(Runnable then) {
        onEnd = then;
    }

    /**
     * Has something run once it has written the entry at a place, or whatever the client is told instead, or has ended; at once where that is so already.
     *
     * @param place in the present life of the log
     */
    public void onPassing(Cursor place, Runnable then) {
        passing = new Passing(place, then);
        passed();
    }

    /**
     * Has something run whenever it has written entries, or what the client is told instead, from now on.
     *
     * @param then short; is called amidst the writing
     */
    public void onMove(Runnable then) {
        onMove = then;
    }

    /** Where it stands: all up to there is written, and nothing behind it. */
    public Cursor place() {
        return new Cursor(epoch, seq);
    }

    /** Ends at once. May be called more than once. */
    public void end() {
        if (!ended) {
            ended = true;
            followers.remove(this);
            outlet.forget(this);
            if (byLastEntry && isDone()) {
                outlet.ended(this, until);
            }
            onEnd.run();
            passed();
        }
    }

    private void passed() {
        Passing due = passing;
        if (due != null && (ended || due.place.epoch().equals(epoch) && seq >= due.place.seq())) {
            passing = null;
            due.then.run();
        }
    }

    /** What was read to find out whether it may go on need not be read again. */
    void recalled(Slice slice) {
        recalled = slice;
    }

    /** Gives up what was {@link #recalled}, or null. */
    Slice takeRecalled() {
        Slice slice = recalled;
        recalled = null;
        return slice;
    }

    /** Whether it has ended. */
    public boolean hasEnded() {
        return ended;
    }

    Standing standing() {
        return new Standing(
                outlet.connection(), outlet.user(), started ? new Cursor(epoch, seq) : null, outlet.hasRoom());
    }

    String epoch() {
        return epoch;
    }

    long seq() {
        return seq;
    }

    /** Up to where it may be caught up: where the loop stands, or the last entry a leaver still gets. */
    long limit() {
        long head = followers.handed().seq();
        return until == null ? head : Math.min(head, until.seq());
    }

    void moveTo(String newEpoch, long newSeq) {
        // Comparing costs less than storing a reference in an object this old, of which the collector has to know each
        // time (deploy/load/RESULTS.md, "What a group retains").
        if (!newEpoch.equals(epoch)) {
            epoch = newEpoch;
        }
        seq = newSeq;
        if (onMove != null) {
            onMove.run();
        }
        passed();
    }

    boolean mayGet(Stored stored) {
        return stored.mayGet(outlet.connection(), outlet.user());
    }

    /** Whether it stands at the last entry that it is to have. */
    boolean isDone() {
        return until != null && (isOver() || epoch.equals(until.epoch()) && seq >= until.seq());
    }

    /** Whether the log has begun anew since the last entry that it is to have. */
    private boolean isOver() {
        return !until.epoch().equals(followers.handed().epoch());
    }

    /** An entry of this header was written: it may mean something to the connection. */
    void passed(Stored stored, long at) {
        if (stored.membership() != null) {
            outlet.passed(stored, new Cursor(epoch, at));
        }
        endWith(stored, epoch, at);
    }

    /** A gap was written up to where it stands. */
    void passedGap() {
        outlet.passedGap(channel(), new Cursor(epoch, seq));
    }

    /** With the entry that ends the membership by which it follows the following ends; entries of others before or after it mean nothing here. */
    private void endWith(Stored stored, String inEpoch, long at) {
        if (stored.lastFor() != null
                && stored.lastFor().equals(outlet.user())
                && stored.term() != null
                && stored.term().equals(term)) {
            until = new Cursor(inEpoch, at);
            byLastEntry = true;
        }
    }

    boolean standsAt(Cursor place) {
        return started && seq == place.seq() && epoch.equals(place.epoch());
    }

    /**
     * Brings what is missing, from what is kept here or from the log, unless nothing is, or that is under way, or there is no room for it; with nothing more to
     * come it ends.
     */
    void catchUp() {
        if (started && isDone()) {
            end();
        }
        if (!isBehind() || catchUp != null && catchUp.isRunning() || !outlet.hasRoom()) {
            return;
        }
        followers.replayKept(this);
        if (isBehind() && outlet.hasRoom()) {
            if (catchUp == null) {
                catchUp = new CatchUp(this);
            }
            catchUp.run();
        }
    }

    /** Whether it is to be written to and does not stand where its loop stands. */
    boolean isBehind() {
        return started && !ended && !standsAt(followers.handed());
    }

    /** Whether further batches can be written to it as they are. */
    boolean takesBatches() {
        return !ended && until == null && outlet.hasRoom();
    }

    /** Writes a batch that begins right after its place; with no room for it, it stays behind and the socket's draining has it caught up. */
    void deliver(Batch batch) {
        if (!outlet.hasRoom()) {
            followers.live.counters().behind.increment();
            return;
        }
        for (Batch.Special special : batch.specials()) {
            endWith(special.stored(), batch.to().epoch(), special.seq());
        }
        if (until != null && (isOver() || batch.to().seq() >= until.seq())) {
            catchUp();
            return;
        }
        if (batch.specials().isEmpty()) {
            outlet.share(batch.frames());
        } else {
            deliverSpecial(batch);
        }
        moveTo(batch.to().epoch(), batch.to().seq());
        if (batch.gap()) {
            passedGap();
        }
    }

    void deliverVolatile(ByteBuf frame, Stored who) {
        if (!started || !mayGet(who)) {
            return;
        }
        if (outlet.hasRoom()) {
            outlet.share(frame);
        } else {
            followers.live.counters().volatileDropped.increment();
        }
    }

    /** Writes the shared buffer in slices around the entries that this connection may not get. */
    private void deliverSpecial(Batch batch) {
        ByteBuf frames = batch.frames();
        int written = frames.readerIndex();
        for (Batch.Special special : batch.specials()) {
            if (!mayGet(special.stored())) {
                if (special.begin() > written) {
                    outlet.write(frames.retainedSlice(written, special.begin() - written));
                }
                outlet.write(FrameWriter.write(new Skip(channel(), batch.to().epoch(), special.seq(), special.seq())));
                written = special.end();
            }
        }
        if (frames.writerIndex() > written) {
            outlet.write(frames.retainedSlice(written, frames.writerIndex() - written));
        }
        for (Batch.Special special : batch.specials()) {
            passed(special.stored(), special.seq());
        }
    }
}
