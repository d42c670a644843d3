package dev.parley.server.proof;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Everything that came to a client, as it came. Any thread. */
public final class Heard {
    private final String client;
    private final Deque<String> lines = new ArrayDeque<>();
    private int most = Integer.MAX_VALUE;

    Heard(String client) {
        this.client = client;
    }

    synchronized void add(String line) {
        lines.add(line);
        if (lines.size() > most) {
            lines.remove();
        }
    }

    /** Forgets all but the latest from now on. */
    synchronized void keepLatest(int frames) {
        most = frames;
    }

    /** The latest, as they came. */
    public synchronized List<String> latest() {
        return List.copyOf(lines);
    }

    /** Everything of a type that came so far. */
    public List<JsonObject> frames(String type) {
        return frames(type, "");
    }

    /** Waits for the first frame of a type that fits. */
    public JsonObject awaitFrame(String type, Predicate<JsonObject> fits) {
        return Awaitility.await(client + " gets a " + type)
                .atMost(RawClient.PATIENCE)
                .until(() -> frames(type).stream().filter(fits).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    /** Waits for the message with this id. */
    public JsonObject awaitMessage(String messageId) {
        return Awaitility.await(client + " gets the message " + messageId)
                .atMost(RawClient.PATIENCE)
                .until(() -> frames("message", messageId), found -> !found.isEmpty())
                .get(0);
    }

    /** How often a message came. */
    public long timesSeen(String messageId) {
        return frames("message", messageId).size();
    }

    /** Those of a type in which a text occurs; frames without it are not even parsed. */
    private synchronized List<JsonObject> frames(String type, String text) {
        return lines.stream()
                .filter(line -> line.contains(text))
                .map(JsonObject::new)
                .filter(frame -> type.equals(frame.getString("type")))
                .toList();
    }
}
