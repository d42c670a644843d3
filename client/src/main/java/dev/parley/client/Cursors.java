package dev.parley.client;

import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the client stands in each channel that it follows: the rules of the cursor, and nothing else. Belongs to the loop.
 *
 * <p>A cursor begins at a position that the server or the caller names, and from then on moves only by {@code message}, {@code skip} and {@code gap}, each
 * entry coming in exactly one of them, rising.
 */
final class Cursors {
    private final Map<String, Place> places = new LinkedHashMap<>();

    /** A channel's cursor. */
    private static final class Place {
        private Cursor cursor;
        /** The next entry is any after the cursor up to this one: where a backlog begins is not always known before it comes. 0 when it is known. */
        private long nextAtMost;
        /** Followed to the end of what is under way, and not to be resumed. */
        private boolean ending;

        private Place(Cursor cursor, long nextAtMost) {
            this.cursor = cursor;
            this.nextAtMost = nextAtMost;
        }

        private void move(Cursor to) {
            cursor = to;
            nextAtMost = 0;
        }
    }

    /** What is to be done with a frame that stands at a place. */
    enum Verdict {
        /** It is the next one. */
        NEXT,
        /** It has been seen. */
        SEEN,
        /** It is new, but not what had to come next. */
        OUT_OF_LINE
    }

    /** Where a channel stands, or null where it is not followed. */
    Cursor get(String channel) {
        Place place = places.get(channel);
        return place == null ? null : place.cursor;
    }

    /**
     * Begins to follow a channel; does nothing for one that is followed, because an ack never moves a cursor.
     *
     * @return whether it was not followed
     */
    boolean start(String channel, Cursor at) {
        return startWithin(channel, at, 0);
    }

    /**
     * Begins to follow a channel somewhere.
     *
     * @param floor where to resume if nothing has come until then
     * @param nextAtMost the first entry that comes is after {@code floor} and not after this
     * @return whether it was not followed
     */
    boolean startWithin(String channel, Cursor floor, long nextAtMost) {
        Place old = places.get(channel);
        if (old != null && !old.ending) {
            return false;
        }
        places.put(channel, new Place(floor, nextAtMost));
        return true;
    }

    /** Ends a channel: what still comes is taken, but the next connection does not resume it. */
    void end(String channel) {
        Place place = places.get(channel);
        if (place != null) {
            place.ending = true;
        }
    }

    /** Forgets a channel. */
    void remove(String channel) {
        places.remove(channel);
    }

    /** Forgets the channels that were ended. To be called when a connection is lost. */
    List<String> removeEnded() {
        List<String> ended = new ArrayList<>();
        places.forEach((channel, place) -> {
            if (place.ending) {
                ended.add(channel);
            }
        });
        ended.forEach(places::remove);
        return ended;
    }

    /** All cursors, as {@code hello} takes them. */
    List<ClientFrame.Resume> resume() {
        List<ClientFrame.Resume> resume = new ArrayList<>(places.size());
        places.forEach((channel, place) -> resume.add(new ClientFrame.Resume(channel, place.cursor)));
        return resume;
    }

    /** A message at a place; the cursor moves unless it has been seen. */
    Verdict message(String channel, Cursor at) {
        return range(channel, at.epoch(), at.seq(), at.seq());
    }

    /** Entries that are not for this connection; the cursor moves behind them. */
    Verdict skip(ServerFrame.Skip skip) {
        return range(skip.channel(), skip.epoch(), skip.from(), skip.to());
    }

    /** Entries that are lost; the cursor moves behind them, and into the new log where it was begun anew. */
    Verdict gap(ServerFrame.Gap gap) {
        if (gap.reason() == ServerFrame.GapReason.EXPIRED) {
            return range(gap.channel(), gap.epoch(), gap.from(), gap.to());
        }
        Cursor to = new Cursor(gap.epoch(), gap.to());
        Place place = places.get(gap.channel());
        if (place == null) {
            places.put(gap.channel(), new Place(to, 0));
            return Verdict.OUT_OF_LINE;
        }
        place.move(to);
        return Verdict.NEXT;
    }

    private Verdict range(String channel, String epoch, long from, long to) {
        Place place = places.get(channel);
        Cursor end = new Cursor(epoch, to);
        if (place == null) {
            places.put(channel, new Place(end, 0));
            return Verdict.OUT_OF_LINE;
        }
        Cursor stood = place.cursor;
        if (!stood.epoch().equals(epoch)) {
            place.move(end);
            return Verdict.OUT_OF_LINE;
        }
        if (to <= stood.seq()) {
            return Verdict.SEEN;
        }
        long latestStart = Math.max(stood.seq() + 1, place.nextAtMost);
        place.move(end);
        return from <= latestStart ? Verdict.NEXT : Verdict.OUT_OF_LINE;
    }
}
