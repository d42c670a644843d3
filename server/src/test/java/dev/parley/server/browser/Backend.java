package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.RequestOptions;
import java.util.Map;

/**
 * A service that pushes over the HTTP API with the key of dev mode. It borrows a page's HTTP client, not its cookies. Used
 * by the test's thread.
 */
record Backend(Page page, String root) {

    /** Pushes to a group, and waits for the answer. */
    void push(String group, String event, Map<String, ?> data) {
        var message = Map.of("to", Map.of("group", group), "event", event, "data", data);
        var request =
                RequestOptions.create().setHeader("Authorization", "Bearer dev").setData(message);
        assertThat(page.request().post(root + "v1/messages", request)).isOK();
    }
}
