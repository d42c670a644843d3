package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** People who talk with each other, each in a browser of their own. */
@QuarkusTest
@ExtendWith(Chromium.class)
class ConversationsTest {

    @TestHTTPResource("/")
    String root;

    @Test
    void twoPeopleInTheLobbyReadEachOther(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada");
        var grace = ChatPage.signIn(other, root, "Grace");

        ada.say("Does anybody hear me?");
        assertThat(grace.messages("Does anybody hear me?")).hasCount(1);
        grace.say("Loud and clear");

        assertThat(ada.messages("Loud and clear")).hasCount(1);
        assertThat(ada.messages("Loud and clear").locator(".author")).hasText("Grace");
        assertThat(ada.messages("Does anybody hear me?")).hasCount(1);
        assertThat(ada.own()).hasCount(1);
        assertThat(grace.own()).hasText(Pattern.compile("Loud and clear"));
    }

    @Test
    void whoTypesIsTold(Page one, Page other) {
        var kurt = ChatPage.signIn(one, root, "Kurt");
        var emmy = ChatPage.signIn(other, root, "Emmy");

        emmy.composer().pressSequentially("I was just");

        assertThat(kurt.statusLine()).hasText("Emmy is typing");
        emmy.composer().press("Enter");
        assertThat(kurt.messages("I was just")).hasCount(1);
        assertThat(kurt.statusLine()).not().containsText("typing");
        emmy.composer().pressSequentially("On second thoughts");
        assertThat(kurt.statusLine()).hasText("Emmy is typing");
        assertThat(kurt.statusLine()).isEmpty(); // Emmy thinks, and after a while nobody waits any more.
    }

    @Test
    void whoComesAndGoesIsSeen(Page one, Page other) {
        var alan = ChatPage.signIn(one, root, "Alan");
        alan.togglePeople();
        alan.say("Whoever comes now is not told of together with those who came before");

        var barbara = ChatPage.signIn(other, root, "Barbara");

        assertThat(alan.notices().last()).containsText("Barbara");
        assertThat(alan.notices().last()).containsText("joined");
        assertThat(alan.person("Barbara").locator(".dot.on")).hasCount(1);
        assertThat(one.locator(".people h3").first()).hasText("Here now 2");
        barbara.page().close();
        assertThat(alan.person("Barbara").locator(".dot:not(.on)")).hasCount(1);
        assertThat(alan.statusLine()).hasText("Barbara went away");
        assertThat(one.locator(".people h3").last()).containsText("Away");
    }

    @Test
    void aClickOnSomebodyOpensADirectConversationThatNobodyElseSees(Page one, Page other, Page another) {
        var donald = ChatPage.signIn(one, root, "Donald");
        var edsger = ChatPage.signIn(other, root, "Edsger");
        var eve = ChatPage.signIn(another, root, "Eve");

        donald.togglePeople();
        donald.openDirect(edsger).say("Between you and me");

        assertThat(edsger.listed("Donald").locator(".badge")).containsText("1");
        assertThat(donald.own().locator(".tick")).hasAttribute("aria-label", Pattern.compile("Sent|Delivered"));
        edsger.open("Donald");
        assertThat(edsger.messages("Between you and me")).hasCount(1);
        assertThat(edsger.listed("Donald").locator(".badge")).hasCount(0);
        assertThat(donald.own().locator(".tick")).hasAttribute("aria-label", "Read");
        edsger.say("And me alone");
        assertThat(donald.messages("And me alone")).hasCount(1);
        donald.open("lobby").say("Hello, everybody");
        assertThat(eve.messages("Hello, everybody")).hasCount(1);
        assertThat(eve.page().locator(".conversation-item")).hasCount(1);
    }

    @Test
    void whoSignsOutIsAskedAsAGuestCanNotComeBack(Page page) {
        var gone = ChatPage.signIn(page, root, "Gone");
        gone.button("Sign out").click();
        gone.button("Stay").click();
        gone.say("Still here");
        gone.button("Sign out").click();
        gone.button("Sign out").last().click();

        assertThat(page.getByLabel("Your name")).isFocused();
        page.reload();
        assertThat(page.getByLabel("Your name")).isVisible();
    }

    @Test
    void theListTellsWhatWasSaidLastAndByWhom(Page one, Page other) {
        var joan = ChatPage.signIn(one, root, "Joan").joinGroup("early").joinGroup("late");
        var karen = ChatPage.signIn(other, root, "Karen").joinGroup("early").joinGroup("late");
        assertThat(one.locator(".conversation-item").first()).containsText("late");
        karen.open("early").say("The **first** word");
        karen.say("and the last");

        assertThat(one.locator(".conversation-item").first()).containsText("early");
        assertThat(joan.listed("early").locator(".preview")).hasText("Karen: and the last");
        assertThat(joan.listed("early").locator(".badge")).containsText("2");
        assertThat(joan.listed("early").locator("time")).hasText(Pattern.compile("\\d+:\\d\\d.*"));
        assertThat(one).hasTitle(Pattern.compile("\\(2\\) late · Parley"));
        joan.say("Me too");
        assertThat(one.locator(".conversation-item").first()).containsText("late");
        assertThat(joan.listed("late").locator(".preview")).hasText("You: Me too");
    }

    @Test
    void anOwnerMakesSomebodyAModeratorWhoTakesSomebodyOut(Page one, Page other, Page another) {
        var olga = ChatPage.signIn(one, root, "Olga").joinGroup("committee");
        var piet = ChatPage.signIn(other, root, "Piet").joinGroup("committee");
        var quirin = ChatPage.signIn(another, root, "Quirin").joinGroup("committee");
        piet.togglePeople();
        assertThat(piet.person("Quirin")).hasCount(1);
        assertThat(piet.manage("Quirin")).hasCount(0);

        olga.togglePeople();
        olga.manage("Piet").click();
        one.getByLabel("Role", new Page.GetByLabelOptions().setExact(true)).selectOption("moderator");
        olga.button("Save").click();
        assertThat(olga.person("Piet")).containsText("moderator");
        assertThat(olga.notices().last()).containsText("Piet is now moderator");
        assertThat(piet.manage("Olga")).hasCount(0);
        piet.manage("Quirin").click();
        piet.button("Remove from the group").click();

        assertThat(another.locator(".toast")).containsText("You are no longer in committee.");
        assertThat(quirin.listed("committee")).hasCount(0);
        assertThat(piet.person("Quirin")).hasCount(0);
        assertThat(olga.notices().last()).containsText("Quirin was removed by Piet");
    }

    @Test
    void aGroupIsMadeJoinedAndLeft(Page one, Page other) {
        var dora = ChatPage.signIn(one, root, "Dora").joinGroup("harbour");
        dora.togglePeople();
        assertThat(dora.person("Dora")).containsText("owner");
        dora.togglePeople();
        dora.say("The boat leaves at six");
        var emil = ChatPage.signIn(other, root, "Emil").joinGroup("harbour");

        assertThat(emil.messages("The boat leaves at six")).hasCount(1);
        assertThat(dora.notices().last()).hasText("Emil joined");
        emil.say("Aye");
        assertThat(dora.messages("Aye")).hasCount(1);
        dora.open("lobby");
        emil.say("On board");
        assertThat(dora.listed("harbour").locator(".badge")).containsText("1");
        emil.leaveGroup();

        emil.isIn("lobby");
        assertThat(emil.listed("harbour")).hasCount(0);
        dora.open("harbour");
        assertThat(dora.notices().last()).hasText("Emil left");
        dora.say("Casting off");
        dora.open("lobby").say("We are at sea");
        assertThat(emil.messages("We are at sea")).hasCount(1);
        assertThat(emil.page().locator(".conversation-item")).hasCount(1);
    }
}
