package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people see when the connection fails them: everything, once and in order, after a while. */
@QuarkusTest
@ExtendWith(Chromium.class)
class ReconnectingTest {

    @TestHTTPResource("/")
    String root;

    @Test
    void whatIsWrittenWhileTheLineIsCutArrivesOnceAndInOrder(Page one, Page other) {
        var line = new Line(one);
        var ada = ChatPage.signIn(one, root, "Ada of the cut line");
        var grace = ChatPage.signIn(other, root, "Grace of the cut line");
        ada.say("cut 1");

        line.cut();
        ada.write("cut 3");
        ada.write("cut 4");
        assertThat(ada.pending()).hasCount(2);
        assertThat(ada.pending().first().locator(".tick")).hasAttribute("aria-label", "Sending");
        assertThat(ada.banner()).containsText("Connection lost");
        assertThat(ada.banner()).containsText(Pattern.compile("Next try in \\d+ s"));
        grace.say("cut 2");
        line.mend();
        one.evaluate(
                "() => document.querySelector('.banner button')?.click()"); // Try now, unless it just did by itself.

        assertThat(ada.banner()).hasCount(0);
        assertThat(ada.pending()).hasCount(0);
        grace.say("cut 5");
        var all = List.of("cut 1", "cut 2", "cut 3", "cut 4", "cut 5");
        grace.shows("cut ", all);
        ada.shows("cut ", all);
    }

    @Test
    void aMessageThatIsRefusedIsSentAgainOrThrownAway(Page one, Page other) {
        var line = new Line(one);
        var ada = ChatPage.signIn(one, root, "Ada refused");
        var grace = ChatPage.signIn(other, root, "Grace not told");

        line.forbid();
        ada.write("refused 1");
        ada.write("refused 2");
        assertThat(one.locator(".row.failed .failure")).hasCount(2);
        assertThat(one.locator(".failure").first()).containsText("Not sent. You may not do that here.");
        line.mend();
        one.locator(".row.failed")
                .first()
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Delete"))
                .click();
        assertThat(one.locator(".row.failed")).hasCount(1);
        one.locator(".row.failed")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Try again"))
                .click();

        assertThat(one.locator(".row.failed")).hasCount(0);
        assertThat(ada.pending()).hasCount(0);
        ada.say("refused 3");
        grace.shows("refused ", List.of("refused 2", "refused 3"));
        ada.shows("refused ", List.of("refused 2", "refused 3"));
    }

    @Test
    void aMessageWhoseAnswerWasLostIsNotDoubled(Page one, Page other) {
        var line = new Line(one);
        var ada = ChatPage.signIn(one, root, "Ada of the lost answer");
        var grace = ChatPage.signIn(other, root, "Grace of the lost answer");
        ada.say("answer 1");

        line.loseAnswers();
        ada.write("answer 2");
        assertThat(grace.messages("answer 2")).hasCount(1);
        assertThat(ada.pending()).hasCount(1);
        line.cut();
        line.mend();

        assertThat(ada.pending()).hasCount(0);
        ada.say("answer 3");
        var all = List.of("answer 1", "answer 2", "answer 3");
        ada.shows("answer ", all);
        grace.shows("answer ", all);
    }

    @Test
    void aNetworkThatGoesAwayForAMomentLosesNothing(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada of the tunnel");
        var grace = ChatPage.signIn(other, root, "Grace of the tunnel");
        ada.say("tunnel 1");

        one.context().setOffline(true);
        ada.write("tunnel 3");
        grace.say("tunnel 2");
        assertThat(ada.pending()).hasCount(1);
        one.context().setOffline(false);

        assertThat(ada.pending()).hasCount(0);
        var all = List.of("tunnel 1", "tunnel 2", "tunnel 3");
        ada.shows("tunnel ", all);
        grace.shows("tunnel ", all);
    }

    @Test
    void whatTheOtherReadMeanwhileIsKnownAfterwards(Page one, Page other) {
        var line = new Line(one);
        var ada = ChatPage.signIn(one, root, "Ada comes back");
        var grace = ChatPage.signIn(other, root, "Grace reads on");
        ada.togglePeople();
        ada.openDirect(grace).say("when will you read this?");
        assertThat(ada.own().locator(".tick")).hasAttribute("aria-label", "Delivered");

        line.cut();
        grace.open("Ada comes back");
        assertThat(grace.listed("Ada comes back").locator(".badge")).hasCount(0);
        line.mend();

        assertThat(ada.own().locator(".tick")).hasAttribute("aria-label", "Read");
    }

    @Test
    void aReloadKeepsWhoOneIsAndWhatWasSaid(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada again").joinGroup("again");
        var grace = ChatPage.signIn(other, root, "Grace again").joinGroup("again");
        ada.say("again 1");
        grace.say("again 2");
        assertThat(ada.messages("again 2")).hasCount(1);
        ada.composer().fill("a draft");

        one.reload();

        ada.isIn("again");
        assertThat(one.locator(".sidebar-foot")).containsText("Ada again");
        assertThat(ada.composer()).hasValue("a draft");
        ada.shows("again ", List.of("again 1", "again 2"));
        assertThat(ada.own()).hasCount(1);
        grace.say("again 3");
        ada.say("again 4");
        ada.shows("again ", List.of("again 1", "again 2", "again 3", "again 4"));
    }
}
