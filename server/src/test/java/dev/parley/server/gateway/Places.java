package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The cursors of one connection, kept as the protocol says, and the promise held against every frame: from its start on, each {@code seq} of a channel comes
 * exactly once, as {@code message}, {@code skip} or {@code gap}, rising.
 */
final class Places {
    /** Somewhere before the first entry that comes: after a join with {@code last}. */
    private static final long UNKNOWN = -1;

    private final Map<String, Place> places = new HashMap<>();
    private final Set<String> followed = new HashSet<>();

    /** Where a connection stands in one channel. */
    record Place(String epoch, long seq) {}

    /** Where it stands, or stood when it was left; null where it was never followed. */
    Place of(String channel) {
        return places.get(channel);
    }

    /** All of them as a {@code resume}. */
    JsonObject resume() {
        JsonObject resume = new JsonObject();
        followed.forEach(channel -> resume.put(channel, Say.cursor(of(channel).epoch, of(channel).seq)));
        return resume;
    }

    /** The channels of a welcome are followed: from the resume position, or from where they stand. */
    void welcomed(JsonObject welcome, JsonObject resume) {
        for (Object each : welcome.getJsonArray("channels")) {
            JsonObject followed = (JsonObject) each;
            if (followed.containsKey("seq")) {
                boolean resumed = followed.containsKey("recovered");
                start(
                        followed.getString("channel"),
                        resumed ? resume.getJsonObject(followed.getString("channel")) : followed);
            }
        }
    }

    /** A join was acknowledged. */
    void joined(JsonObject ack, JsonObject since) {
        String channel = "group/" + ack.getString("group");
        if (followed.contains(channel)) {
            return;
        }
        if (since == null || since.containsKey("last") && since.getLong("last") == 0) {
            start(channel, ack);
        } else if (since.containsKey("last")) {
            followed.add(channel);
            places.put(channel, new Place(ack.getString("epoch"), UNKNOWN));
        } else {
            start(channel, since);
        }
    }

    /** The channel is not followed any more. */
    void left(String channel) {
        followed.remove(channel);
    }

    /** Takes a frame that moves a cursor, if it is one, and holds it against the promise. */
    void take(JsonObject frame) {
        switch (frame.getString("type")) {
            case "message" -> message(frame);
            case "skip" -> range(frame);
            case "gap" -> gap(frame);
            case "membership" -> membership(frame);
            default -> {}
        }
    }

    private void start(String channel, JsonObject cursor) {
        followed.add(channel);
        places.put(channel, new Place(cursor.getString("epoch"), cursor.getLong("seq")));
    }

    private void message(JsonObject message) {
        if (message.containsKey("seq")) {
            move(message, message.getLong("seq"), message.getLong("seq"));
        } else {
            assertThat(message.containsKey("epoch"))
                    .as("an epoch without a seq: %s", message)
                    .isFalse();
        }
    }

    /** A membership begun elsewhere: the group is followed from its entry on. With one that ended nothing of it comes any more. */
    private void membership(JsonObject change) {
        String channel = "group/" + change.getString("group");
        if (change.getString("state").equals("added") && !followed.contains(channel)) {
            start(channel, change);
        } else if (change.getString("state").equals("removed")) {
            left(channel);
        }
    }

    private void range(JsonObject range) {
        assertThat(range.getLong("to")).as("%s", range).isGreaterThanOrEqualTo(range.getLong("from"));
        move(range, range.getLong("from"), range.getLong("to"));
    }

    private void gap(JsonObject gap) {
        if (gap.getString("reason").equals("epoch")) {
            assertThat(gap.getLong("from")).as("%s", gap).isEqualTo(1);
            places.put(gap.getString("channel"), new Place(gap.getString("epoch"), gap.getLong("to")));
        } else {
            assertThat(gap.getString("reason")).isEqualTo("expired");
            range(gap);
        }
    }

    private void move(JsonObject frame, long from, long to) {
        String channel = frame.getString("channel");
        assertThat(followed).as("followed when this came: %s", frame).contains(channel);
        Place place = places.get(channel);
        assertThat(frame.getString("epoch")).as("%s", frame).isEqualTo(place.epoch);
        if (place.seq != UNKNOWN) {
            assertThat(from).as("the next after %s: %s", place, frame).isEqualTo(place.seq + 1);
        }
        places.put(channel, new Place(place.epoch, to));
    }
}
