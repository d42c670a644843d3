package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reading what was said before one came. */
@QuarkusTest
@ExtendWith(Chromium.class)
class HistoryTest {
    private static final List<String> LINES =
            IntStream.rangeClosed(1, 180).mapToObj("Line %03d"::formatted).toList();
    private static final String LONG = "A text that takes another line where there is less room for it. ".repeat(3);
    private static final String LAST = LINES.get(LINES.size() - 1);

    /** Scrolls near the top, and tells which message is now the first on the screen, and where. */
    private static final String SCROLL_UP = """
            (scroller) => {
              scroller.scrollTop = 150;
              const { top } = scroller.getBoundingClientRect();
              const rows = [...scroller.querySelectorAll(".row.message")];
              const first = rows.find((row) => row.getBoundingClientRect().top >= top);
              return { key: first.dataset.key, top: first.getBoundingClientRect().top };
            }""";

    /** Whether a message is where it was, once the page is as wide as it should be. */
    private static final String STANDS = """
            ([row, top]) => Math.abs(row.getBoundingClientRect().top - top) < 2""";

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

        var read = scrollUp(page);
        assertThat(reader.messages().first()).not().hasAttribute("data-key", oldest);

        assertThat(read.row().boundingBox().y).isCloseTo(read.top(), within(1.0));
        page.waitForFunction(TO_THE_BEGINNING);
        assertThat(page.locator(".beginning")).containsText("This is the beginning of archive");
        reader.shows("Line ", LINES);
    }

    @Test
    void whatWasReadInTheLastMomentIsNotNewAfterAReload(Page page) {
        var reader = ChatPage.signIn(page, root, "Reader of moments").joinGroup("moments");
        new Backend(page, root).push("chat:moments", "message", Map.of("text", "Just in time"));
        assertThat(reader.messages("Just in time")).isInViewport();
        assertThat(reader.listed("moments").locator(".badge")).hasCount(0);

        page.reload();

        reader.isIn("moments");
        assertThat(reader.messages("Just in time")).isInViewport();
        assertThat(page.locator(".row.new")).hasCount(0);
    }

    @Test
    void newMessagesAreCountedAndDoNotPullTheReaderDown(Page page) {
        var reader = reader(page, "annals");
        var read = scrollUp(page);

        new Backend(page, root).push("chat:annals", "message", Map.of("text", "Something new"));

        var toLatest = reader.button("1 new, go to the latest");
        assertThat(toLatest).isVisible();
        assertThat(read.row().boundingBox().y).isCloseTo(read.top(), within(1.0));
        toLatest.click();
        assertThat(reader.messages("Something new")).isInViewport();
        assertThat(toLatest).hasCount(0);
    }

    @Test
    void whatIsReadStaysWhereItIsWhenTheListGetsNarrower(Page page) {
        var backend = new Backend(page, root);
        var reader = ChatPage.signIn(page, root, "Reader of narrow columns").joinGroup("columns");
        IntStream.rangeClosed(1, 40)
                .forEach(n -> backend.push("chat:columns", "message", Map.of("text", "%d %s".formatted(n, LONG))));
        assertThat(reader.messages("40 ")).isInViewport();
        var read = scrollUp(page);

        reader.togglePeople();
        assertThat(reader.people()).isVisible();
        page.waitForFunction(STANDS, List.of(read.row().elementHandle(), read.top()));
        page.setViewportSize(800, 600);
        page.waitForFunction(STANDS, List.of(read.row().elementHandle(), read.top()));
    }

    @Test
    void messagesStandUnderTheirDayAndThoseOfOnePersonTogether(Page page) {
        var staged = new Staged();
        staged.stage(page);
        staged.at(26 * 60, "Day one");
        staged.at(20, "Day two");
        staged.at(17, "Still day two");
        staged.at(3, "Later that day");
        var ada = ChatPage.signIn(page, root, "Ada of two days").joinGroup("days");
        List.of("Day one", "Day two", "Still day two", "Later that day").forEach(ada::say);
        page.reload();
        ada.isIn("days");

        var yesterday = "Yesterday";
        assertThat(page.locator(".row.day").filter(new Locator.FilterOptions().setHasText(yesterday)))
                .hasCount(1);
        assertThat(page.locator(".row.day").last()).hasText("Today");
        assertThat(page.locator(".row.day:has(+ .row.message.first)").last()).hasText("Today");
        assertThat(ada.messages("Day two").first().locator(".author")).hasCount(1);
        assertThat(ada.messages("Still day two").locator(".author")).hasCount(0);
        assertThat(ada.messages("Later that day").locator(".author")).hasCount(1);
    }

    @Test
    void daysBeginAtTheReadersOwnMidnight(Page page) {
        var staged = new Staged();
        staged.stage(page);
        staged.at(120, "Two hours ago");
        staged.at(60, "One hour ago");
        var writer = ChatPage.signIn(page, root, "Ada far away").joinGroup("zones");
        writer.say("Two hours ago");
        writer.say("One hour ago");

        var midnight = staged.hourOfUtc(60);
        assertThat(daysBetween(staged, page, midnight)).hasCount(1);
        assertThat(daysBetween(staged, page, midnight + 6)).hasCount(0);
    }

    /** Separators below the first of the two messages, for who reads where it is midnight at this hour of UTC. */
    private Locator daysBetween(Staged staged, Page writer, int midnight) {
        var east = Math.floorMod(12 - midnight, 24) - 12;
        // The sign of these names is the other way round: POSIX.
        var zone = "Etc/GMT%+d".formatted(-east);
        var there = writer.context().browser().newContext(new Browser.NewContextOptions().setTimezoneId(zone));
        var page = there.newPage();
        staged.stage(page);
        var reader = ChatPage.signIn(page, root, "Reader in " + zone).joinGroup("zones");
        assertThat(reader.messages("One hour ago")).hasCount(1);
        return page.locator(".row.message:has-text('Two hours ago') ~ .row.day");
    }

    @Test
    void aConversationOpensAtTheFirstThatIsNew(Page page) {
        var ada = ChatPage.signIn(page, root, "Ada was away").joinGroup("meanwhile");
        ada.say("the last that was read");
        ada.open("lobby");
        var backend = new Backend(page, root);
        LINES.subList(0, 60).forEach(line -> backend.push("chat:meanwhile", "message", Map.of("text", line)));
        assertThat(ada.listed("meanwhile").locator(".badge")).containsText("60");

        ada.open("meanwhile");

        assertThat(page.locator(".row.new")).isInViewport();
        assertThat(ada.messages("Line 001")).isInViewport();
        assertThat(ada.messages("Line 060")).not().isInViewport();
        ada.button("60 new, go to the latest").click();
        assertThat(ada.messages("Line 060")).isInViewport();
        assertThat(ada.listed("meanwhile").locator(".badge")).hasCount(0);
    }

    @Test
    void aConversationOpensAtTheFirstThatIsNewHoweverMuchWasSaidSince(Page page) {
        var ada = ChatPage.signIn(page, root, "Ada was away for long").joinGroup("long-since");
        ada.say("the last that was read");
        ada.open("lobby");
        new Backend(page, root).pushMany("chat:long-since", 180);
        assertThat(ada.listed("long-since").locator(".badge")).containsText("99+");

        ada.open("long-since");

        beginsAtTheFirst(ada, page);
    }

    @Test
    void soDoesOneOfWhichOnlyTheNewestAreKnown(Page page) {
        var ada = ChatPage.signIn(page, root, "Ada comes back").joinGroup("long-ago");
        ada.say("the last that was read");
        ada.open("lobby");
        page.reload();
        new Backend(page, root).pushMany("chat:long-ago", 180);
        assertThat(ada.listed("long-ago").locator(".badge")).containsText("99+");
        page.reload();

        ada.open("long-ago");

        beginsAtTheFirst(ada, page);
    }

    private void beginsAtTheFirst(ChatPage ada, Page page) {
        assertThat(page.locator(".row.new")).isInViewport();
        assertThat(ada.messages("the last that was read")).isInViewport();
        assertThat(ada.messages("message 0")).isInViewport();
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(Pattern.compile("\\d+ new, go to the latest")))
                .click();
        assertThat(ada.messages("message 179")).isInViewport();
        assertThat(page.locator(".conversation-item.open .badge")).hasCount(0);
    }

    /** Somebody who has just opened a group in which a lot was said. */
    private ChatPage reader(Page page, String group) {
        var read = placeRead(page);
        var reader = ChatPage.signIn(page, root, "Reader of " + group).joinGroup(group);
        var backend = new Backend(page, root);
        LINES.forEach(line -> backend.push("chat:" + group, "message", Map.of("text", line)));
        assertThat(reader.messages(LAST)).isInViewport();
        var last = reader.messages(LAST).getAttribute("data-key").replaceFirst(".*:", "");
        page.waitForCondition(() -> read.get() == Long.parseLong(last)); // Else it opens at the first unread one.
        page.reload();
        reader.isIn(group);
        assertThat(reader.messages(LAST)).isInViewport();
        assertThat(reader.messages()).hasCount(50);
        return reader;
    }

    /** The latest place of which the hub has acknowledged that the page has read it. */
    private static AtomicLong placeRead(Page page) {
        var read = new AtomicLong();
        var asked = new HashMap<Object, Long>();
        page.onWebSocket(socket -> {
            socket.onFrameSent(frame -> {
                var request = new JsonObject(frame.text());
                if ("read".equals(request.getString("type"))) {
                    asked.put(request.getValue("id"), request.getLong("seq"));
                }
            });
            socket.onFrameReceived(frames -> frames.text()
                    .lines()
                    .map(JsonObject::new)
                    .forEach(frame -> {
                        if ("ack".equals(frame.getString("type")) && asked.containsKey(frame.getValue("id"))) {
                            read.set(asked.get(frame.getValue("id")));
                        }
                    }));
        });
        return read;
    }

    /** @param top where it stood, in pixels below the top of the page */
    private record Read(Locator row, double top) {}

    private static Read scrollUp(Page page) {
        var first = (Map<?, ?>) page.locator(".scroller").evaluate(SCROLL_UP);
        return new Read(
                page.locator(".row.message[data-key='" + first.get("key") + "']"),
                ((Number) first.get("top")).doubleValue());
    }
}
