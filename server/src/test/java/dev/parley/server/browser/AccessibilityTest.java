package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The pages for those who use them without a mouse, with a screen reader, in the dark or on a small screen. */
@QuarkusTest
@ExtendWith(Chromium.class)
class AccessibilityTest {
    private static final int TAB_STOPS = 20;

    /** Whatever is wider than its box or the page; code and tables scroll in boxes of their own. */
    private static final String TOO_WIDE = """
            () => [...document.querySelectorAll("html, .page-head, .scroller, .people-scroll, .conversations, .conversation-head, .composer")]
              .filter((element) => element.scrollWidth > element.clientWidth && element.clientWidth)
              .map((element) => `${element.tagName}.${element.className}: ${element.scrollWidth} > ${element.clientWidth}`)""";

    /** What would move for longer than the eye sees, now or when it changes. */
    private static final String MOVING = """
            () => [...document.querySelectorAll("body *")].filter((element) => {
              const { transitionDuration, animationDuration, animationName } = getComputedStyle(element);
              const longest = (durations) => Math.max(...durations.split(",").map(parseFloat));
              return longest(transitionDuration) > 0.01 || (animationName !== "none" && longest(animationDuration) > 0.01);
            }).map(({ className }) => String(className))""";

    /** The Enter with which somebody chooses what an input method offers. */
    private static final String ENTER_WHILE_COMPOSING = """
            (field) => field.dispatchEvent(new KeyboardEvent("keydown",
              {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))""";

    /** Safari says of it only that some key was pressed, after the composition has ended. */
    private static final String ENTER_OF_SAFARI = """
            (field) => field.dispatchEvent(new KeyboardEvent("keydown",
              {key: "Enter", keyCode: 229, bubbles: true, cancelable: true}))""";

    @TestHTTPResource("/")
    String root;

    @Test
    void theKeyboardIsEnoughFromSigningInToAMessageInAGroup(Page page) {
        page.navigate(root);
        assertThat(page.getByLabel("Your name")).isFocused();
        page.keyboard().type("Keys");
        page.keyboard().press("Enter");
        assertThat(page.locator("#composer")).isFocused();
        page.keyboard().type("first line");
        page.keyboard().press("Shift+Enter");
        page.keyboard().type("second line");
        page.keyboard().press("Enter");
        assertThat(page.locator(".row.own .text"))
                .hasText("first line\nsecond line", new LocatorAssertions.HasTextOptions().setUseInnerText(true));
        assertThat(page.locator("#composer")).isFocused();

        tabTo(page, "Shift+Tab", "[aria-label='New group']");
        page.keyboard().press("Enter");
        assertThat(page.locator("#group-name")).isFocused();
        page.keyboard().type("keyboards");
        page.keyboard().press("Enter");
        assertThat(page.locator("#composer")).hasAttribute("aria-label", "Message keyboards");
        assertThat(page.locator("#composer")).isFocused();
        page.keyboard().type("typed, not clicked");
        page.keyboard().press("Enter");
        assertThat(page.locator(".row.own .text")).hasText("typed, not clicked");

        tabTo(page, "Shift+Tab", ".conversation-item");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Enter");
        assertThat(page.locator("#composer")).hasAttribute("aria-label", "Message lobby");
    }

    @Test
    @Chromium.MayLogErrors // Axe fetches style sheets of its own accord, and tries to set inline styles.
    void axeFindsNothingSeriousInEitherScheme(Page page, Page other) {
        page.navigate(root);
        assertThat(page.locator(".sign-in-card")).isVisible();
        isAccessible(page, "signing in");

        var ada = ChatPage.signIn(page, root, "Ada of axe").joinGroup("axe");
        var grace = ChatPage.signIn(other, root, "Grace of axe").joinGroup("axe");
        ada.say("Some `code`, a [link](https://example.com) and\n```\na block\n```");
        grace.say("> quoted\n\nand answered");
        grace.togglePeople();
        grace.openDirect(ada).say("Unread");
        ada.togglePeople();
        assertThat(ada.listed("Grace of axe").locator(".badge")).containsText("1");
        isAccessible(page, "the chat");
        ada.button("New group").click();
        isAccessible(page, "a dialog");
        page.keyboard().press("Escape");
        page.keyboard().press("Control+k");
        page.keyboard().type("gra");
        assertThat(page.getByRole(AriaRole.OPTION).first()).isVisible();
        isAccessible(page, "the switcher");
        page.keyboard().press("Escape");
        ada.messages("and answered").hover();
        ada.button("More").click();
        isAccessible(page, "a menu, and what can be done with a message");
        page.keyboard().press("Escape");
        page.keyboard().press("Control+f");
        assertThat(page.locator(".people.search")).isVisible();
        isAccessible(page, "the search");

        new Backend(page, root).push("live:board", "figure", Map.of("name", "Axe", "value", 1));
        page.navigate(root + "live/");
        assertThat(page.locator(".card").first()).isVisible();
        isAccessible(page, "the live board");
        page.navigate(root + "admin/");
        isAccessible(page, "the way in for operators");
        page.getByLabel("Key or token").fill("dev");
        page.keyboard().press("Enter");
        assertThat(page.locator("table").first()).isVisible();
        isAccessible(page, "the page for operators");
    }

    @Test
    void theDarkSchemeIsDark(Page page) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        var ada = ChatPage.signIn(page, root, "Ada by night");
        var dark = ground(page);

        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        assertThat(ada.button("Dark theme")).isVisible();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        ada.button("Light theme").click();
        var light = ground(page);
        page.reload();

        assertThat(dark).isLessThan(64);
        assertThat(light).isGreaterThan(192);
        assertThat(ground(page)).as("the choice outlives a reload").isEqualTo(light);
    }

    @Test
    void whoWantsNoMotionSeesNone(Page one, Page other) {
        one.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
        var ada = ChatPage.signIn(one, root, "Ada at rest").joinGroup("rest");
        var grace = ChatPage.signIn(other, root, "Grace at rest").joinGroup("rest");
        grace.composer().pressSequentially("I type");
        assertThat(ada.statusLine()).hasText("Grace at rest is typing");
        ada.button("New group").click();

        assertThat((List<?>) one.evaluate(MOVING)).isEmpty();
        assertThat((List<?>) other.evaluate(MOVING)).isNotEmpty();
    }

    @Test
    void aPhoneShowsOnePaneAndNeverScrollsSideways(Page page) {
        page.setViewportSize(360, 640);
        page.navigate(root);
        fits(page, "signing in");
        var ada = ChatPage.enter(page, root, "Ada of the phone");
        ada.open("lobby").say("An-endless-word-".repeat(12) + "\n```\n" + "a long line of code ".repeat(12) + "\n```");
        fits(page, "the conversation");
        assertThat(page.locator(".sidebar")).isHidden();
        ada.togglePeople();
        fits(page, "the people");
        page.keyboard().press("Escape");
        ada.togglePeople();
        page.goBack();
        assertThat(page.locator(".sidebar")).isVisible();
        ada.open("lobby");
        assertThat(ada.people()).hasCount(0);
        ada.button("Back to the list").click();
        assertThat(page.locator(".sidebar")).isVisible();
        assertThat(page.locator(".conversation")).isHidden();
        fits(page, "the list");
        new Backend(page, root).push("live:board", "figure", Map.of("name", "A-long-name-".repeat(9), "value", 1e12));
        page.navigate(root + "live/");
        assertThat(page.locator(".card").first()).isVisible();
        fits(page, "the live board");
    }

    @Test
    void theKeyboardIsEnoughToAnswerAMessage(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada by hand").joinGroup("by-hand");
        var grace = ChatPage.signIn(other, root, "Grace by key").joinGroup("by-hand");
        ada.say("first to answer");
        ada.say("second to answer");
        assertThat(grace.messages("second to answer")).hasCount(1);

        grace.composer().focus();
        tabTo(other, "Shift+Tab", ".row.message");
        other.keyboard().press("ArrowUp");
        assertThat(other.locator(".row.message:focus")).containsText("first to answer");
        other.keyboard().press("Enter");
        tabTo(other, "Tab", "[aria-label='Reply']");
        other.keyboard().press("Enter");
        assertThat(grace.composer()).isFocused();
        other.keyboard().type("answered");
        other.keyboard().press("Enter");

        assertThat(ada.messages("answered").locator(".quote")).containsText("first to answer");
    }

    @Test
    void theKeyboardIsEnoughToReact(Page page) {
        var ada = ChatPage.signIn(page, root, "Ada reacts").joinGroup("by-key");
        ada.say("to be liked");
        tabTo(page, "Shift+Tab", ".row.message");
        page.keyboard().press("Enter");
        assertThat(ada.button("React")).isFocused();
        page.keyboard().press("Enter");
        assertThat(ada.button("React with 👍")).isFocused();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");

        assertThat(ada.own().locator(".reaction")).hasAttribute("aria-pressed", "true");
        assertThat(ada.own()).isFocused();
        assertThat(ada.button("React")).isVisible();
        page.keyboard().press("Escape");
        assertThat(ada.composer()).isFocused();
    }

    @Test
    void theFocusComesBackFromWhatWasOpened(Page page) {
        var ada = ChatPage.signIn(page, root, "Ada in focus").joinGroup("focus");
        ada.say("to be deleted");
        for (var label : List.of("New group", "Settings", "Sign out")) {
            ada.button(label).click();
            assertThat(page.locator("dialog[open]")).hasCount(1);
            page.keyboard().press("Escape");
            assertThat(ada.button(label)).isFocused();
        }
        for (var label : List.of("People", "Search")) {
            ada.button(label).click();
            page.locator(".people").getByLabel("Close").click();
            assertThat(ada.button(label)).isFocused();
        }
        ada.act("to be deleted", "Delete");
        page.locator("#delete-message")
                .getByText("Delete", new Locator.GetByTextOptions().setExact(true))
                .click();
        assertThat(ada.messages("This message was deleted.")).hasCount(1);
        assertThat(ada.composer()).isFocused();
        page.keyboard().press("Control+k");
        page.keyboard().press("Escape");
        assertThat(ada.composer()).isFocused();
    }

    @Test
    void newMessagesOfOthersAreAnnouncedAndNothingElse(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada speaks").joinGroup("aloud");
        ada.say("said before");
        var grace = ChatPage.signIn(other, root, "Grace listens").joinGroup("aloud");
        assertThat(grace.messages("said before")).hasCount(1);
        var announced = other.locator("parley-announcer [aria-live=polite]");
        assertThat(announced).isEmpty();

        grace.say("my own");
        ada.say("for your ears");

        assertThat(announced).hasText("Ada speaks: for your ears");
    }

    @Test
    void whatAnInputMethodIsComposingIsNotSent(Page page) {
        var ada = ChatPage.signIn(page, root, "Ada composes").joinGroup("composed");
        ada.composer().focus();
        page.keyboard().insertText("にほ");
        ada.composer().evaluate(ENTER_WHILE_COMPOSING);
        ada.composer().evaluate(ENTER_OF_SAFARI);
        assertThat(ada.composer()).hasValue("にほ");
        assertThat(ada.own()).hasCount(0);
        ada.composer().fill("日本");
        page.keyboard().press("Enter");

        assertThat(ada.own().locator(".text")).hasText("日本");
    }

    @Test
    @Chromium.MayLogErrors // Axe's, as above.
    void inArabicEverythingRunsFromRightToLeft(Page one, Page other) {
        one.addInitScript("localStorage.setItem('parley.language', 'ar')");
        one.navigate(root);
        one.getByLabel("اسمك").fill("سارة");
        one.keyboard().press("Enter");
        var grace = ChatPage.signIn(other, root, "Grace of the left");
        grace.say("from the left");

        assertThat(one.locator("html")).hasAttribute("dir", "rtl");
        assertThat(one.locator("#composer")).hasCSS("direction", "rtl");
        assertThat(one.locator(".row.message").last()).containsText("from the left");
        var list = one.locator(".sidebar").boundingBox();
        var conversation = one.locator("main.conversation").boundingBox();
        assertThat(list.x).isGreaterThan(conversation.x);
        fits(one, "in Arabic");
        one.locator("#composer").fill("مرحبا");
        one.locator("#composer").press("Enter");
        assertThat(grace.messages("مرحبا").locator(".author")).hasText("سارة");
        one.locator("[aria-label='الإعدادات']").click();
        assertThat(one.locator("#settings")).isVisible();
        isAccessible(one, "in Arabic");
        one.keyboard().press("Escape");
        one.setViewportSize(360, 640);
        fits(one, "in Arabic on a phone");
    }

    @Test
    @Chromium.MayLogErrors // Axe's, as above.
    void theBoardAndThePageForOperatorsSpeakArabicToo(Page page) {
        page.addInitScript("localStorage.setItem('parley.language', 'ar')");
        page.navigate(root + "live/");
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("مباشر");
        new Backend(page, root).push("live:board", "figure", Map.of("name", "Orders", "value", 12));
        assertThat(page.locator(".card").first()).isVisible();
        assertThat(page).hasTitle("لوحة حيّة · Parley");
        assertThat(page.locator("html")).hasAttribute("dir", "rtl");
        isAccessible(page, "the live board in Arabic");
        page.navigate(root + "admin/");
        page.getByLabel("المفتاح أو الرمز").fill("dev");
        page.keyboard().press("Enter");
        assertThat(page.locator(".page-head")).containsText("محدَّث");
        assertThat(page.locator("table").first()).containsText("الذاكرة");
        isAccessible(page, "the page for operators in Arabic");
        page.setViewportSize(360, 640);
        fits(page, "the page for operators in Arabic on a phone");
    }

    private static void tabTo(Page page, String key, String target) {
        Locator focused = page.locator(target + ":focus");
        for (int i = 0; i < TAB_STOPS && focused.count() == 0; i++) {
            page.keyboard().press(key);
        }
        assertThat(focused).hasCount(1);
    }

    private static void isAccessible(Page page, String where) {
        hasNothingSerious(new AxeBuilder(page), where);
        // Colours change over a moment otherwise, and between two of them nothing contrasts.
        page.emulateMedia(
                new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK).setReducedMotion(ReducedMotion.REDUCE));
        page.waitForFunction("() => document.getAnimations().length === 0");
        hasNothingSerious(new AxeBuilder(page).withRules(List.of("color-contrast")), where + " in the dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.waitForFunction("() => document.getAnimations().length === 0");
    }

    private static void hasNothingSerious(AxeBuilder axe, String where) {
        assertThat(axe.analyze().getViolations())
                .as(where)
                .filteredOn(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                .extracting(rule -> rule.getId() + ": " + rule.getNodes())
                .isEmpty();
    }

    private static void fits(Page page, String where) {
        assertThat((List<?>) page.evaluate(TOO_WIDE)).as(where).isEmpty();
    }

    /** How light the page's ground is, from 0 to 255. */
    private static int ground(Page page) {
        return (int)
                page.evaluate(
                        "() => Math.max(...getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).slice(0, 3))");
    }
}
