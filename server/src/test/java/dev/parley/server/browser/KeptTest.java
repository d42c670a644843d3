package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What somebody wrote is not lost with the tab, the token or the line that it was written on. */
@QuarkusTest
@ExtendWith(Chromium.class)
class KeptTest {

    @TestHTTPResource("/")
    String root;

    @Test
    void whatWasNotSentOutlivesAReloadAndArrivesOnce(Page one, Page other) {
        var line = new Line(one);
        var ada = ChatPage.signIn(one, root, "Ada reloads");
        var grace = ChatPage.signIn(other, root, "Grace waits");
        line.cut();
        ada.write("kept 1");
        ada.write("kept 2");

        one.reload();
        assertThat(ada.pending()).hasCount(2);
        line.mend();

        assertThat(ada.pending()).hasCount(0);
        ada.say("kept 3");
        var all = List.of("kept 1", "kept 2", "kept 3");
        grace.shows("kept ", all);
        ada.shows("kept ", all);
    }

    @Test
    void eachConversationKeepsADraftOfItsOwn(Page page) {
        var ada =
                ChatPage.signIn(page, root, "Ada drafts").joinGroup("one-draft").joinGroup("another-draft");
        ada.composer().fill("for another");
        ada.open("one-draft");
        assertThat(ada.composer()).hasValue("");
        ada.composer().fill("for one");
        page.reload();

        ada.isIn("one-draft");
        assertThat(ada.composer()).hasValue("for one");
        assertThat(ada.listed("another-draft").locator(".preview")).hasText("Draft: for another");
        ada.open("another-draft");
        assertThat(ada.composer()).hasValue("for another");
        ada.composer().press("Enter");
        assertThat(ada.own()).hasCount(1);
        ada.open("one-draft").open("another-draft");
        assertThat(ada.composer()).hasValue("");
    }

    @Test
    void twoTabsOfOnePersonAgree(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada twice");
        var grace = ChatPage.signIn(other, root, "Grace once");
        var second = one.context().newPage();
        second.navigate(root);
        var again = ChatPage.of(second, "Ada twice").isIn("lobby");

        ada.say("tabs 1");
        again.say("tabs 2");
        grace.say("tabs 3");

        var all = List.of("tabs 1", "tabs 2", "tabs 3");
        ada.shows("tabs ", all);
        again.shows("tabs ", all);
        grace.shows("tabs ", all);
        assertThat(ada.own().locator(".text")).hasText(new String[] {"tabs 1", "tabs 2"});
        one.close();
        again.say("tabs 4");
        assertThat(grace.messages("tabs 4")).hasCount(1);
    }

    @Test
    @Chromium.MayLogErrors // That Cross-Origin-Opener-Policy is for HTTPS.
    void twoTabsOverPlainHttpFromAnotherMachineAgreeToo(Page one, Page other) {
        var insecure = root.replace(URI.create(root).getHost(), Chromium.ELSEWHERE);
        var line = new Line(one);
        var ada = ChatPage.signIn(one, insecure, "Ada of the plain");
        var grace = ChatPage.signIn(other, insecure, "Grace of the plain");
        assertThat((Boolean) one.evaluate("() => isSecureContext")).isFalse();
        var second = one.context().newPage();
        second.navigate(insecure);
        var again = ChatPage.of(second, "Ada of the plain").isIn("lobby");
        ada.say("plain 1");
        again.say("plain 2");
        line.cut();
        ada.write("plain 3");
        assertThat(again.pending()).hasCount(1);
        one.close();

        var all = List.of("plain 1", "plain 2", "plain 3");
        grace.shows("plain ", all);
        again.shows("plain ", all);
        again.act("plain 1", "Copy link");
        assertThat(second).hasURL(Pattern.compile("#chat:lobby/\\d+$"));
    }

    @Test
    void aLineThatFallsSilentIsNoticedAndLosesNothing(Page one, Page other) {
        var line = new Line(one);
        var ada = ChatPage.signIn(one, root, "Ada of the laptop");
        var grace = ChatPage.signIn(other, root, "Grace of the desk");
        ada.say("silent 1");

        line.stall();
        ada.write("silent 3");
        grace.say("silent 2");
        one.evaluate("() => dispatchEvent(new Event('online'))"); // The lid is opened.

        assertThat(ada.pending()).hasCount(0);
        var all = List.of("silent 1", "silent 2", "silent 3");
        ada.shows("silent ", all);
        grace.shows("silent ", all);
    }

    @Test
    void whoseTokenHasEndedSignsInAgainAndGoesOnWriting(Page page) {
        var line = new Line(page);
        var ada = ChatPage.signIn(page, root, "Ada expires");
        ada.composer().fill("half a thought");

        line.refuse();
        assertThat(page.getByText("Your session has ended.")).isVisible();
        assertThat(page.getByLabel("Your name")).hasValue("Ada expires");
        line.mend();
        page.getByLabel("Your name").press("Enter");

        ada.isIn("lobby");
        assertThat(ada.composer()).hasValue("half a thought");
        ada.composer().press("Enter");
        assertThat(ada.own()).hasCount(1);
        assertThat(ada.pending()).hasCount(0);
    }
}
