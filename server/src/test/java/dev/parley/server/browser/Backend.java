package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.RequestOptions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A service that pushes over the HTTP API with the key of dev mode. It borrows a page's HTTP client, not its cookies. Used
 * by the test's thread.
 */
record Backend(Page page, String root) {
    /** What one call takes. */
    private static final int BATCH = 100;

    /** Pushes to a group, and waits for the answer. */
    void push(String group, String event, Map<String, ?> data) {
        push(Map.of("to", Map.of("group", group), "event", event, "data", data));
    }

    /** Pushes to all of a group but one user. */
    void pushExcept(String group, String user, Map<String, ?> data) {
        push(Map.of("to", Map.of("group", group), "data", data, "except", List.of(user)));
    }

    /** Pushes so many messages to a group, and waits for the answers. */
    void pushMany(String group, int count) {
        for (int sent = 0; sent < count; sent += BATCH) {
            var messages = IntStream.range(sent, Math.min(count, sent + BATCH))
                    .mapToObj(n -> Map.of("to", Map.of("group", group), "data", Map.of("text", "message " + n)))
                    .toList();
            assertThat(page.request().post(root + "v1/messages:batch", request().setData(Map.of("messages", messages))))
                    .isOK();
        }
    }

    /** Makes a user a member of a group. */
    void add(String group, String user) {
        assertThat(page.request().put(root + "v1/groups/" + group + "/members/" + user, request()))
                .isOK();
    }

    private static RequestOptions request() {
        return RequestOptions.create().setHeader("Authorization", "Bearer dev");
    }

    private void push(Map<String, ?> message) {
        assertThat(page.request().post(root + "v1/messages", request().setData(message)))
                .isOK();
    }
}
