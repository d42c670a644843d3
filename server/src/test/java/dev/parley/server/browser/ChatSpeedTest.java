package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * How the chat feels, in figures, on a machine that does nothing else: {@code ./mvnw test -pl server -am -Dtest=ChatSpeedTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dchat.speed=true}, with {@code -Dchat.minutes=10} for a long flow, and {@code -Dchat.url=…} of a packaged server
 * with the service key {@code dev}: the server in the test's own process has only just begun to compile itself, and serves the pages' modules one by one.
 */
@QuarkusTest
@ExtendWith(Chromium.class)
@EnabledIfSystemProperty(named = "chat.speed", matches = "true", disabledReason = "a measurement, run when asked for")
class ChatSpeedTest {
    private static final int CONVERSATIONS = 50;
    private static final int BIGGEST = 10_000;
    private static final int SAMPLES = 100;
    /** Before these, so many are not counted: a server and pages that have just begun are slow at everything that they do for the first time. */
    private static final int UNCOUNTED = 50;

    /** Between two messages, when what follows from one, a receipt and a reading, is over; and until then nothing is asked of the pages, which would take their time. */
    private static final int PAUSE_MILLIS = 200;

    private static final int FLOW_PER_SECOND = 20;
    private static final double FLOW_MINUTES = Double.parseDouble(System.getProperty("chat.minutes", "1"));

    /** Writes, and presses Enter: when, in milliseconds since 1970, and whether it stands in the list when the next frame is drawn. */
    private static final String IN_THE_SAME_FRAME = """
            (text) => new Promise((resolve) => {
              const field = document.querySelector("#composer");
              field.value = text;
              field.dispatchEvent(new Event("input", { bubbles: true }));
              const pressed = performance.timeOrigin + performance.now();
              field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
              requestAnimationFrame(() => {
                const shown = document.querySelector(".messages").lastElementChild.textContent.includes(text);
                resolve({ pressed, shown });
              });
            })""";

    /** Keeps of each newest text in which frame it was drawn first. */
    private static final String WATCH = """
            () => {
              window.seen = new Map();
              new MutationObserver(() => {
                const said = document.querySelector(".messages").lastElementChild?.querySelector(".text")?.textContent.trim();
                if (said && !window.seen.has(said)) {
                  window.seen.set(said, null);
                  requestAnimationFrame(() => window.seen.set(said, performance.timeOrigin + performance.now()));
                }
              }).observe(document.querySelector("parley-message-list"), { childList: true, subtree: true, characterData: true });
            }""";

    /** Opens a conversation, and tells after how many milliseconds its messages are drawn. */
    private static final String SWITCH = """
            (group) => new Promise((resolve) => {
              const begin = performance.now();
              location.hash = group;
              const look = () => {
                const drawn = location.hash === "#" + group && document.querySelector(".conversation-item.open") && document.querySelectorAll(".row.message").length > 0
                  && !document.querySelector("parley-message-list .skeleton") && document.querySelector("parley-message-list").conversation?.group === group;
                drawn ? requestAnimationFrame(() => resolve(performance.now() - begin)) : requestAnimationFrame(look);
              };
              look();
            })""";

    /** Comments too: they are what a list that leaks leaves behind. */
    private static final String ALL_NODES = """
            () => {
              const walker = document.createTreeWalker(document);
              let count = 0;
              while (walker.nextNode()) count++;
              return count;
            }""";

    private static final String TRANSFERRED = """
            () => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
              .reduce((sum, { transferSize }) => sum + transferSize, 0)""";

    @TestHTTPResource("/")
    String own;

    private String root;

    @BeforeEach
    void choose() {
        root = System.getProperty("chat.url", own);
    }

    @Test
    void whatIsWrittenStandsThereAtOnceAndSoonElsewhere(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada at speed").joinGroup("speed");
        var grace = ChatPage.signIn(other, root, "Grace at speed").joinGroup("speed");
        ada.say("warm");
        assertThat(grace.messages("warm")).hasCount(1);
        other.evaluate(WATCH);
        List<Double> latencies = new ArrayList<>();
        for (int i = -UNCOUNTED; i < SAMPLES; i++) {
            String text = "sample " + i;
            var sent = (Map<?, ?>) one.evaluate(IN_THE_SAME_FRAME, text);
            assertThat((boolean) sent.get("shown")).as(text).isTrue();
            one.waitForTimeout(PAUSE_MILLIS);
            other.waitForFunction("(text) => window.seen.get(text)", text);
            double drawn = ((Number) other.evaluate("(text) => window.seen.get(text)", text)).doubleValue();
            if (i >= 0) {
                latencies.add(drawn - ((Number) sent.get("pressed")).doubleValue());
            }
        }
        print("another browser shows it", latencies);
        assertThat(percentile(latencies, 95)).isLessThan(50);
    }

    @Test
    void conversationsAreSwitchedWithoutAWait(Page page) {
        ChatPage.signIn(page, root, "Ada of many");
        var user = (String) page.evaluate("() => JSON.parse(sessionStorage.getItem('parley.identity')).user.id");
        var backend = new Backend(page, root);
        for (int i = 0; i < CONVERSATIONS; i++) {
            backend.add("chat:many-" + i, user);
            backend.push("chat:many-" + i, "message", Map.of("text", "hello from " + i));
        }
        backend.pushMany("chat:many-0", BIGGEST);
        page.reload();
        assertThat(page.locator(".conversation-item")).hasCount(CONVERSATIONS + 1);
        List<Double> first = new ArrayList<>();
        List<Double> again = new ArrayList<>();
        for (int i = 0; i < CONVERSATIONS; i++) {
            first.add(((Number) page.evaluate(SWITCH, "chat:many-" + i)).doubleValue());
        }
        for (int i = CONVERSATIONS - 1; i >= 0; i--) {
            again.add(((Number) page.evaluate(SWITCH, "chat:many-" + i)).doubleValue());
        }
        print("switching, first time", first);
        print("switching, again", again);
        assertThat(percentile(first, 95)).isLessThan(100);
        assertThat(percentile(again, 95)).isLessThan(100);
    }

    @Test
    void theFirstLoadIsSmallAndSoonUsable(Page before, Page page) {
        before.navigate(root); // A server that has just begun is slow at everything it does for the first time.
        before.locator("#name").waitFor();
        long begin = System.nanoTime();
        page.navigate(root);
        page.locator("#name").waitFor();
        double millis = (System.nanoTime() - begin) / 1e6;
        int bytes = (int) page.evaluate(TRANSFERRED);
        System.out.printf("first load: %,d bytes, usable after %.0f ms%n", bytes, millis);
        assertThat(bytes).isLessThan(150_000);
        assertThat(millis).isLessThan(1_000);
    }

    @Test
    void aLongFlowNeitherGrowsThePageNorMovesWhoReadsFurtherUp(Page page, Page reading) throws InterruptedException {
        ChatPage.signIn(page, root, "Ada in the flow").joinGroup("flow");
        var backend = new Backend(page, root);
        backend.pushMany("chat:flow", 400);
        var reader = ChatPage.signIn(reading, root, "Reader of the flow").joinGroup("flow");
        assertThat(reader.messages().last()).isInViewport();
        reading.locator(".scroller").evaluate("(scroller) => { scroller.scrollTop -= 1500; }");
        reading.waitForTimeout(1_000);
        var anchor = reading.locator(".row.message").nth(20);
        var key = anchor.getAttribute("data-key");
        var place = reading.locator(".row[data-key='" + key + "']");
        double top = place.boundingBox().y;
        long ends = System.nanoTime() + (long) (FLOW_MINUTES * 60e9);
        long next = System.nanoTime();
        List<Integer> nodes = new ArrayList<>();
        List<Double> heap = new ArrayList<>();
        int i = 0;
        for (; System.nanoTime() < ends; i++) {
            backend.push("chat:flow", "message", Map.of("text", "flow " + i));
            if (i % (FLOW_PER_SECOND * 15) == FLOW_PER_SECOND * 10) {
                nodes.add((int) page.evaluate(ALL_NODES));
                heap.add(heapAfterGc(page));
                assertThat(Math.abs(place.boundingBox().y - top))
                        .as("the message that is read")
                        .isLessThan(1);
            }
            next += 1_000_000_000L / FLOW_PER_SECOND;
            Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
        }
        System.out.printf("flow of %d in %.1f min: nodes %s, heap in MB %s%n", i, FLOW_MINUTES, nodes, heap);
        assertThat(page.getByText("flow " + (i - 1), new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        var toLatest = new Page.GetByRoleOptions().setName(Pattern.compile("new, go to the latest"));
        assertThat(reading.getByRole(AriaRole.BUTTON, toLatest)).isVisible();
        assertThat(nodes.get(nodes.size() - 1)).isLessThan(nodes.get(0) + 300);
        assertThat(heap.get(heap.size() - 1)).isLessThan(heap.get(0) + 12);
    }

    private static double heapAfterGc(Page page) {
        page.requestGC();
        return ((Number) page.evaluate("() => Math.round(performance.memory.usedJSHeapSize / 1e5) / 10")).doubleValue();
    }

    private static double percentile(List<Double> values, int percent) {
        var sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static void print(String what, List<Double> millis) {
        System.out.printf(
                "%s: median %.1f ms, p95 %.1f ms, max %.1f ms%n",
                what, percentile(millis, 50), percentile(millis, 95), Collections.max(millis));
    }
}
