package dev.parley.server.browser;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The line between a page and its hub, for a test to cut. Used by the test's thread. */
final class Line {
    private static final Pattern SOCKET = Pattern.compile("/v1/connect$");

    private final List<WebSocketRoute> ends = new ArrayList<>();
    private boolean cut;
    private final List<WebSocketRoute> stalled = new ArrayList<>();
    private boolean answersLost;
    private boolean refused;
    private boolean forbidden;

    /** Before the page is navigated anywhere. */
    Line(Page page) {
        page.routeWebSocket(SOCKET, this::connect);
    }

    /** Ends what is connected; no new connection comes about until {@link #mend}. */
    void cut() {
        cut = true;
        ends.forEach(WebSocketRoute::close);
        ends.clear();
    }

    /** From here on, what the hub says does not arrive, though it hears what the page says. */
    void loseAnswers() {
        answersLost = true;
    }

    /** What is connected hears nothing any more, either way, and is not told; new connections are as they should be. */
    void stall() {
        stalled.addAll(ends);
    }

    /** Ends what is connected as the hub does when a token has ended, and refuses new connections likewise until {@link #mend}. */
    void refuse() {
        refused = true;
        ends.forEach(Line::close4100);
        ends.clear();
    }

    /** From here on, no message is taken, until {@link #mend}. */
    void forbid() {
        forbidden = true;
    }

    void mend() {
        cut = false;
        forbidden = false;
        refused = false;
        answersLost = false;
    }

    private void connect(WebSocketRoute page) {
        if (cut) {
            page.close();
            return;
        }
        if (refused) {
            close4100(page);
            return;
        }
        var hub = page.connectToServer();
        ends.addAll(List.of(page, hub));
        hub.onMessage(frame -> {
            if (!answersLost && !stalled.contains(page)) {
                page.send(frame.text());
            }
        });
        page.onMessage(frame -> {
            var sent = forbidden ? new JsonObject(frame.text()) : null;
            if (sent != null && "send".equals(sent.getString("type"))) {
                page.send(JsonObject.of(
                                "type", "error",
                                "id", sent.getValue("id"),
                                "code", "forbidden",
                                "detail", "not now",
                                "retryable", false)
                        .encode());
            } else if (!stalled.contains(page)) {
                hub.send(frame.text());
            }
        });
    }

    private static void close4100(WebSocketRoute end) {
        end.close(new WebSocketRoute.CloseOptions().setCode(4100));
    }
}
