package dev.parley.server.proof;

import dev.parley.server.proof.Seen.Begun;
import dev.parley.server.proof.Seen.Ended;
import dev.parley.server.proof.Seen.Gap;
import dev.parley.server.proof.Seen.Message;
import dev.parley.server.proof.Seen.Skip;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a client was told of its channels, and the cursors that follow from it by the contract's rule: they move by {@code message}, {@code skip} and {@code gap}
 * only. Whether all of it came is the {@link Checker}'s part; here only frames that contradict each other are noticed. Guarded by its own lock.
 */
public final class Record {
    private final List<Seen> seen = new ArrayList<>();
    private final Map<String, Place> cursors = new HashMap<>();
    private final Map<String, Recovery> recovering = new HashMap<>();
    private final Map<String, Long> leaving = new HashMap<>();
    private final Set<String> departed = new HashSet<>();
    private final Consumer<String> violations;
    private Consumer<Seen> told = seen::add;
    private Predicate<String> mayBeRefused = channel -> false;

    /** What a welcome said of a channel, until something comes that shows whether it is so. */
    private record Recovery(boolean complete, String epoch) {}

    /** @param violations is told what contradicts the contract */
    Record(Consumer<String> violations) {
        this.violations = violations;
    }

    /**
     * Keeps nothing but the cursors from now on.
     *
     * @param instead is told instead
     * @param refusable whether a channel may be refused that is resumed
     */
    synchronized void tell(Consumer<Seen> instead, Predicate<String> refusable) {
        told = instead;
        mayBeRefused = refusable;
    }

    /** The channels of a {@code welcome}: all that were resumed must be there, and say whether they were recovered. */
    synchronized void welcome(JsonArray channels) {
        recovering.clear();
        Set<String> missing = new HashSet<>(cursors.keySet());
        for (int i = 0; i < channels.size(); i++) {
            JsonObject listed = channels.getJsonObject(i);
            String channel = listed.getString("channel");
            missing.remove(channel);
            if (listed.containsKey("error") && mayBeRefused.test(channel)) {
                leaving.remove(channel);
                left(channel);
            } else if (listed.containsKey("error")) {
                violations.accept("not resumed: " + listed);
            } else if (!cursors.containsKey(channel)) {
                begin(channel, place(listed));
            } else if (listed.getBoolean("recovered") == null) {
                violations.accept("resumed without a word about recovery: " + listed);
            } else {
                recovering.put(channel, new Recovery(listed.getBoolean("recovered"), listed.getString("epoch")));
            }
        }
        missing.forEach(channel -> violations.accept("not in welcome: " + channel));
    }

    /** The ack of a {@code join}. */
    synchronized void joined(JsonObject since, JsonObject ack) {
        Place at = place(ack);
        if (since != null) {
            at = since.containsKey("last")
                    ? new Place(at.epoch(), Math.max(0, at.seq() - since.getLong("last")))
                    : place(since);
        }
        begin("group/" + ack.getString("group"), at, since != null);
    }

    /**
     * The ack of a {@code leave} of a durable group: the entry that says so comes still, and {@code removed} behind it. Where Redis lost the inbox that would have
     * said it, the next {@code join} begins anew all the same.
     */
    synchronized void leaves(String channel) {
        departed.add(channel);
    }

    /** The ack of a {@code leave} of a session group. */
    synchronized void left(String channel) {
        if (cursors.remove(channel) != null) {
            told.accept(new Ended(channel));
        }
    }

    /** A {@code membership} frame: following begins, or ends after the entry that says so. */
    synchronized void membership(JsonObject frame) {
        String channel = "group/" + frame.getString("group");
        if (frame.getString("state").equals("added")) {
            begin(channel, place(frame));
        } else if (frame.getString("state").equals("removed")) {
            departed.remove(channel);
            leaving.put(channel, frame.getLong("seq"));
            endIfLeft(channel);
        }
    }

    /** A {@code message} that takes a {@code seq}. */
    synchronized void message(JsonObject frame, String line) {
        String channel = frame.getString("channel");
        recovered(channel, line);
        Place to = place(frame);
        told.accept(new Message(channel, to.epoch(), to.seq(), frame.getString("messageId"), line));
        cursors.put(channel, to);
        endIfLeft(channel);
    }

    synchronized void skip(JsonObject frame) {
        Skip skip = new Skip(
                frame.getString("channel"), frame.getString("epoch"), frame.getLong("from"), frame.getLong("to"));
        recovered(skip.channel(), frame);
        told.accept(skip);
        cursors.put(skip.channel(), new Place(skip.epoch(), skip.to()));
    }

    synchronized void gap(JsonObject frame) {
        Gap gap = new Gap(
                frame.getString("channel"),
                frame.getString("epoch"),
                frame.getLong("from"),
                frame.getLong("to"),
                frame.getString("reason"));
        Recovery recovery = recovering.remove(gap.channel());
        // A gap that leads into another epoch than the welcome named tells of a later loss.
        if (recovery != null && recovery.complete() && recovery.epoch().equals(gap.epoch())) {
            violations.accept("recovered, but then: " + frame);
        }
        told.accept(gap);
        cursors.put(gap.channel(), new Place(gap.epoch(), gap.to()));
    }

    public synchronized Map<String, Place> cursors() {
        return Map.copyOf(cursors);
    }

    /** Whether the channel is followed, and nobody said that this is going to end. */
    public synchronized boolean isFollowing(String channel) {
        return cursors.containsKey(channel) && !leaving.containsKey(channel);
    }

    public synchronized List<Seen> seen() {
        return List.copyOf(seen);
    }

    public synchronized int size() {
        return seen.size();
    }

    private void begin(String channel, Place from) {
        begin(channel, from, false);
    }

    private void begin(String channel, Place from, boolean wished) {
        // What was to come before the end was lost with the log.
        boolean over = departed.remove(channel) | leaving.remove(channel) != null;
        if (over) {
            left(channel);
        }
        if (cursors.putIfAbsent(channel, from) == null) {
            told.accept(new Begun(channel, from.epoch(), from.seq(), wished));
        }
    }

    private void recovered(String channel, Object first) {
        Recovery recovery = recovering.remove(channel);
        if (recovery != null && !recovery.complete()) {
            violations.accept("not recovered, but no gap before: " + first);
        }
    }

    private void endIfLeft(String channel) {
        Long last = leaving.get(channel);
        Place at = cursors.get(channel);
        if (last != null && (at == null || at.seq() >= last)) {
            leaving.remove(channel);
            left(channel);
        }
    }

    private static Place place(JsonObject frame) {
        return new Place(frame.getString("epoch"), frame.getLong("seq"));
    }
}
