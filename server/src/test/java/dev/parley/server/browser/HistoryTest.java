package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reading what was said before one came. */
@QuarkusTest
@ExtendWith(Chromium.class)
class HistoryTest {
    private static final List<String> LINES =
            IntStream.rangeClosed(1, 180).mapToObj("Line %03d"::formatted).toList();
    private static final String LAST = LINES.get(LINES.size() - 1);

    /** Scrolls near the top, and tells which message is now the first on the screen. */
    private static final String SCROLL_UP = """
            (scroller) => {
              scroller.scrollTop = 150;
              const { top } = scroller.getBoundingClientRect();
              const rows = [...scroller.querySelectorAll(".row.message")];
              return rows.find((row) => row.getBoundingClientRect().top >= top).dataset.key;
            }""";

    /** Scrolls up as far as it goes, again after each page that comes in. */
    private static final String TO_THE_BEGINNING = """
            () => {
              document.querySelector(".scroller").scrollTop = 0;
              return document.querySelector(".beginning");
            }""";

    @TestHTTPResource("/")
    String root;

    @Test
    void olderMessagesComeInAboveWithoutMovingWhatIsRead(Page page) {
        var reader = reader(page, "archive");
        var oldest = reader.messages().first().getAttribute("data-key");

        var key = (String) scroller(page).evaluate(SCROLL_UP);
        var row = page.locator(".row.message[data-key='" + key + "']");
        var before = row.boundingBox().y;
        assertThat(reader.messages().first()).not().hasAttribute("data-key", oldest);

        assertThat(row.boundingBox().y).isCloseTo(before, within(1.0));
        page.waitForFunction(TO_THE_BEGINNING);
        assertThat(page.locator(".beginning")).containsText("This is the beginning of archive");
        reader.shows("Line ", LINES);
    }

    @Test
    void newMessagesAreCountedAndDoNotPullTheReaderDown(Page page) {
        var reader = reader(page, "annals");
        var row = page.locator(".row.message[data-key='" + scroller(page).evaluate(SCROLL_UP) + "']");
        var before = row.boundingBox().y;

        new Backend(page, root).push("chat:annals", "message", Map.of("text", "Something new"));

        var toLatest = reader.button("1 new, go to the latest");
        assertThat(toLatest).isVisible();
        assertThat(row.boundingBox().y).isCloseTo(before, within(1.0));
        toLatest.click();
        assertThat(reader.messages("Something new")).isInViewport();
        assertThat(toLatest).hasCount(0);
    }

    /** Somebody who has just opened a group in which a lot was said. */
    private ChatPage reader(Page page, String group) {
        var reader = ChatPage.signIn(page, root, "Reader of " + group).joinGroup(group);
        var backend = new Backend(page, root);
        LINES.forEach(line -> backend.push("chat:" + group, "message", Map.of("text", line)));
        assertThat(reader.messages(LAST)).isInViewport();
        page.reload();
        reader.isIn(group);
        assertThat(reader.messages(LAST)).isInViewport();
        assertThat(reader.messages()).hasCount(50);
        return reader;
    }

    private static Locator scroller(Page page) {
        return page.locator(".scroller");
    }
}
