package dev.parley.server.browser;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The line between a page and its hub, for a test to cut. Used by the test's thread. */
final class Line {
    private static final Pattern SOCKET = Pattern.compile("/v1/connect$");

    private final List<WebSocketRoute> ends = new ArrayList<>();
    private boolean cut;
    private boolean answersLost;

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

    void mend() {
        cut = false;
        answersLost = false;
    }

    private void connect(WebSocketRoute page) {
        if (cut) {
            page.close();
            return;
        }
        var hub = page.connectToServer();
        ends.addAll(List.of(page, hub));
        hub.onMessage(frame -> {
            if (!answersLost) {
                page.send(frame.text());
            }
        });
    }
}
