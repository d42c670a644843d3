package dev.parley.server.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.server.testing.Proxy;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A browser's own EventSource, with nothing of ours around it. */
@QuarkusTest
@ExtendWith(Chromium.class)
class EventSourceTest {
    private static final String OPEN = """
            (group) => new Promise((resolve) => {
              window.heard = [];
              const source = new EventSource("/v1/stream?channel=group/" + group);
              source.onmessage = ({ data }) => window.heard.push(JSON.parse(data).data.n);
              source.addEventListener("welcome", resolve);
            })""";

    @TestHTTPResource("/")
    URI root;

    @Test
    @Chromium.MayLogErrors // That the connection broke.
    void comesBackByItselfAndHasEveryMessageOnceAndInOrder(Page page) {
        String group = "es-" + UUID.randomUUID();
        try (Proxy line = Proxy.to(root.getPort())) {
            var backend = new Backend(page, root.toString());
            page.navigate("http://localhost:" + line.port() + "/");
            page.evaluate(OPEN, group);

            for (int n = 1; n <= 30; n++) {
                backend.push(group, "message", Map.of("n", n));
                if (n % 10 == 0) {
                    line.cut();
                }
            }

            page.waitForFunction("() => window.heard.length >= 30");
            assertThat(page.evaluate("() => window.heard"))
                    .isEqualTo(IntStream.rangeClosed(1, 30).boxed().toList());
            assertThat(line.tally().faults().getOrDefault("cut", 0)).isPositive();
        }
    }
}
