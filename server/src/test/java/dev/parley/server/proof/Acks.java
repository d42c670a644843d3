package dev.parley.server.proof;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/** What senders were told about their messages to one channel in one epoch. Guarded by the {@link Checker}. */
final class Acks {
    private final Map<Long, Long> places = new HashMap<>();
    private final BitSet told = new BitSet();
    private final BitSet fresh = new BitSet();
    private final Map<Long, Set<String>> mayMiss = new HashMap<>();
    private final Map<Long, Set<String>> mustMiss = new HashMap<>();
    private long highest;

    /**
     * Notes an ack.
     *
     * @return null, or the place that was told for the same message before and that does not go with this
     */
    Long note(Acked ack) {
        Long before = places.putIfAbsent(Entries.hash(ack.messageId()), ack.seq());
        boolean twiceNew = !ack.duplicate() && fresh.get((int) ack.seq());
        if (before != null && (before != ack.seq() || twiceNew)) {
            return before;
        }
        told.set((int) ack.seq());
        if (!ack.duplicate()) {
            fresh.set((int) ack.seq());
        }
        highest = Math.max(highest, ack.seq());
        if (!ack.mayMiss().isEmpty()) {
            mayMiss.putIfAbsent(ack.seq(), ack.mayMiss());
        }
        if (!ack.mustMiss().isEmpty()) {
            mustMiss.putIfAbsent(ack.seq(), ack.mustMiss());
        }
        return null;
    }

    /** The highest place that was acknowledged, 0 for none. */
    long highest() {
        return highest;
    }

    /** How many messages were acknowledged. */
    int count() {
        return places.size();
    }

    /** Calls with the hash of each message id and its place. */
    void forEach(BiConsumer<Long, Long> ack) {
        places.forEach(ack);
    }

    /** Whether what stands at this place was acknowledged. */
    boolean isFor(long seq) {
        return told.get((int) seq);
    }

    /** Whether one of these names is among those that need not get what stands there. */
    boolean mayMiss(long seq, String name, String user) {
        Set<String> who = mayMiss.getOrDefault(seq, Set.of());
        Set<String> must = mustMiss.getOrDefault(seq, Set.of());
        return who.contains(name) || who.contains(user) || must.contains(user);
    }

    /** Calls for each place that this user must not get. */
    void forEachKeptFrom(String user, LongConsumer place) {
        mustMiss.forEach((seq, who) -> {
            if (who.contains(user)) {
                place.accept(seq);
            }
        });
    }
}
