package dev.parley.server.browser;

import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The time of a picture: what is said within a moment is shown as said over some minutes of a morning, the same in each
 * run. The hub's own times are changed on their way to the pages. Used by the test's thread.
 */
final class Staged {
    private static final Pattern SOCKET = Pattern.compile("/v1/connect$");
    private static final Duration BEFORE_ALL = Duration.ofMinutes(34);

    private final long now = LocalDateTime.of(2026, 3, 3, 10, 42)
            .atZone(ZoneId.systemDefault())
            .toInstant()
            .toEpochMilli();
    private final Map<String, Long> times = new HashMap<>();

    /** Puts a page into this time; before it is navigated anywhere. */
    void stage(Page page) {
        page.clock().install(new Clock.InstallOptions().setTime(now));
        page.routeWebSocket(SOCKET, this::connect);
    }

    /** When this is said, wherever it is said. */
    void at(int minutesAgo, String text) {
        times.put(text, now - Duration.ofMinutes(minutesAgo).toMillis());
    }

    /** The hour of the day of UTC that it was then. */
    int hourOfUtc(int minutesAgo) {
        return Instant.ofEpochMilli(now)
                .minus(Duration.ofMinutes(minutesAgo))
                .atZone(ZoneOffset.UTC)
                .getHour();
    }

    private void connect(WebSocketRoute client) {
        var texts = new HashMap<String, String>();
        var server = client.connectToServer();
        client.onMessage(frame -> {
            var sent = new JsonObject(frame.text());
            if (sent.containsKey("messageId")) {
                texts.put(sent.getString("messageId"), text(sent));
            }
            server.send(frame.text());
        });
        server.onMessage(frames -> client.send(frames.text()
                .lines()
                .map(line -> inTime(new JsonObject(line), texts).encode())
                .collect(Collectors.joining("\n"))));
    }

    /** @param texts of what this page sent, as an ack does not repeat them */
    private JsonObject inTime(JsonObject frame, Map<String, String> texts) {
        if (frame.containsKey("time")) {
            var text = frame.containsKey("data") ? text(frame) : texts.get(frame.getString("messageId"));
            frame.put("time", times.getOrDefault(text, now - BEFORE_ALL.toMillis()));
        }
        for (var several : List.of("messages", "conversations", "last")) {
            frame.getJsonArray(several, new JsonArray()).forEach(each -> inTime((JsonObject) each, texts));
        }
        return frame;
    }

    private static String text(JsonObject message) {
        return message.getValue("data") instanceof JsonObject data ? data.getString("text") : null;
    }
}
