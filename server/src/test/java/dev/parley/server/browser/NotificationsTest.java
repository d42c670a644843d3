package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What somebody is told while they look at something else. */
@QuarkusTest
@ExtendWith(Chromium.class)
class NotificationsTest {

    /** What the desktop would show; a browser without a screen shows nothing, and may not even say that it may. */
    private static final String RECORDED = """
            window.shown = [];
            window.Notification = class {
              static permission = "default";
              static async requestPermission() {
                return (this.permission = "granted");
              }
              constructor(title, { body, tag }) {
                Object.assign(this, { title, body, tag });
                window.shown.push(this);
              }
              close() {
                this.closed = true;
              }
            };""";

    /** The page keeps running, while its person looks at another window. */
    private static final String LOOK_AWAY = """
            () => {
              document.hasFocus = () => false;
              Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
              dispatchEvent(new Event("blur"));
              document.dispatchEvent(new Event("visibilitychange"));
            }""";

    private static final String LOOK_BACK = """
            () => {
              delete document.hasFocus;
              delete document.visibilityState;
              dispatchEvent(new Event("focus"));
              document.dispatchEvent(new Event("visibilitychange"));
            }""";

    private static final String TITLES = "() => window.shown.map(({ title, body }) => `${title}: ${body}`)";

    @TestHTTPResource("/")
    String root;

    @Test
    void whoAskedForThemIsNotifiedOfWhatConcernsThemWhileTheyLookAway(Page one, Page other) {
        one.addInitScript(RECORDED);
        var ada = ChatPage.signIn(one, root, "Ada elsewhere").joinGroup("bells");
        var grace = ChatPage.signIn(other, root, "Grace rings").joinGroup("bells");
        ada.button("Settings").click();
        one.getByLabel("Desktop notifications").check();
        assertThat(one.getByLabel("Desktop notifications")).isChecked();
        one.keyboard().press("Escape");

        grace.say("while you look");
        assertThat(ada.messages("while you look")).hasCount(1);
        one.evaluate(LOOK_AWAY);
        awaitShown(one, List.of());
        grace.say("while you do **not**");
        awaitShown(one, List.of("Grace rings · bells: while you do not"));
        assertThat(one).hasTitle(Pattern.compile("\\(1\\) bells · Parley"));

        one.evaluate(LOOK_BACK);
        assertThat(one).hasTitle("bells · Parley");
        ada.choose("Mute");
        one.evaluate(LOOK_AWAY);
        grace.say("not this, for it is muted");
        assertThat(ada.messages("not this")).hasCount(1);
        grace.togglePeople();
        grace.openDirect(ada).say("but this");
        awaitShown(one, List.of("Grace rings · bells: while you do not", "Grace rings: but this"));
        one.evaluate("() => window.shown[1].onclick()");
        ada.isIn("Grace rings");
    }

    private static void awaitShown(Page page, List<String> expected) {
        page.waitForFunction("(expected) => JSON.stringify((" + TITLES + ")()) === JSON.stringify(expected)", expected);
    }
}
