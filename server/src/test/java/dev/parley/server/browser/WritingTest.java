package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is done with messages that were said: changed, taken back, answered, found again. */
@QuarkusTest
@ExtendWith(Chromium.class)
class WritingTest {

    @TestHTTPResource("/")
    String root;

    @Test
    void aMessageIsChangedByAnArrowUpAndTakenBack(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada edits").joinGroup("drafts");
        var grace = ChatPage.signIn(other, root, "Grace reads").joinGroup("drafts");
        ada.say("Teh plan");

        ada.composer().press("ArrowUp");
        assertThat(ada.composer()).hasValue("Teh plan");
        ada.composer().fill("The plan");
        ada.composer().press("Enter");

        assertThat(grace.messages("The plan").locator(".edited")).hasCount(1);
        assertThat(grace.messages("Teh plan")).hasCount(0);
        assertThat(ada.composer()).hasValue("");
        ada.act("The plan", "Delete");
        ada.button("Keep").click();
        ada.act("The plan", "Delete");
        ada.button("Delete").last().click();
        assertThat(grace.messages("This message was deleted.")).hasCount(1);
        assertThat(grace.messages("The plan")).hasCount(0);
    }

    @Test
    void escapeEndsEditingAndBringsTheDraftBack(Page page) {
        var ada = ChatPage.signIn(page, root, "Ada escapes").joinGroup("escapes");
        ada.say("as it was");
        ada.composer().press("ArrowUp");
        ada.composer().fill("as it never will be");

        ada.composer().press("Escape");

        assertThat(ada.composer()).hasValue("");
        assertThat(ada.composer()).isFocused();
        assertThat(ada.messages("as it was")).hasCount(1);
    }

    @Test
    void whoEditsWhatSomebodyElseDeletesIsToldAndGoesOnWriting(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada moderates").joinGroup("moderated");
        var grace = ChatPage.signIn(other, root, "Grace regrets").joinGroup("moderated");
        grace.composer().fill("first thoughts");
        grace.composer().press("Enter");
        assertThat(ada.messages("first thoughts")).hasCount(1);
        grace.composer().press("ArrowUp");
        grace.composer().fill("second thoughts");

        ada.act("first thoughts", "Delete");
        ada.button("Delete").last().click();

        assertThat(other.locator(".toast")).containsText("That message has just been deleted.");
        assertThat(other.locator(".about")).hasCount(0);
        assertThat(grace.composer()).hasValue("");
        grace.say("third thoughts");
        assertThat(ada.messages("third thoughts")).hasCount(1);
        assertThat(ada.messages("second thoughts")).hasCount(0);
    }

    @Test
    void anAnswerShowsWhatItAnswersAndAReactionWhoMadeIt(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada asks").joinGroup("answers");
        var grace = ChatPage.signIn(other, root, "Grace answers").joinGroup("answers");
        ada.say("Tea or coffee?");

        grace.act("Tea or coffee?", "Reply");
        grace.say("Tea, please");
        grace.act("Tea or coffee?", "React");
        grace.button("React with 👍").click();

        assertThat(ada.messages("Tea, please").locator(".quote")).containsText("Tea or coffee?");
        var reaction = ada.messages("Tea or coffee?").first().locator(".reaction");
        assertThat(reaction).hasAttribute("title", "Grace answers");
        reaction.click();
        assertThat(grace.messages("Tea or coffee?").first().locator(".reaction-count"))
                .hasText("2");
        grace.messages("Tea or coffee?").first().locator(".reaction").click();
        assertThat(reaction.locator(".reaction-count")).hasText("1");
        assertThat(reaction).hasAttribute("aria-pressed", "true");
    }

    @Test
    void someoneIsMentionedByTheFirstLettersOfTheirName(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada mentions").joinGroup("mentions");
        var grace = ChatPage.signIn(other, root, "Grace Mentioned").joinGroup("mentions");
        grace.open("lobby");

        ada.composer().pressSequentially("Ask @gra");
        assertThat(one.getByRole(AriaRole.OPTION)).containsText("Grace Mentioned");
        ada.composer().press("Enter");
        assertThat(ada.composer()).hasValue("Ask @Grace Mentioned ");
        ada.composer().press("Enter");

        assertThat(grace.listed("mentions").locator(".mention-badge")).hasCount(1);
        grace.open("mentions");
        assertThat(grace.messages("Ask").locator(".mention.me")).hasText("@Grace Mentioned");
        assertThat(grace.listed("mentions").locator(".mention-badge")).hasCount(0);
    }

    @Test
    void whatWasSaidLongAgoIsFoundAndShownWhereItWasSaid(Page page) {
        var ada = ChatPage.signIn(page, root, "Ada seeks").joinGroup("attic");
        var backend = new Backend(page, root);
        backend.push("chat:attic", "message", Map.of("text", "The needle is here"));
        IntStream.rangeClosed(1, 150)
                .forEach(n -> backend.push("chat:attic", "message", Map.of("text", "Hay %03d".formatted(n))));
        assertThat(ada.messages("Hay 150")).isInViewport();
        page.reload();
        ada.isIn("attic");

        page.keyboard().press("Control+f");
        page.getByPlaceholder("Search messages").fill("NEEDLE");
        page.keyboard().press("Enter");
        page.locator(".hit").click();

        assertThat(ada.messages("The needle is here")).isInViewport();
        assertThat(page.locator(".row.target")).containsText("The needle is here");
        ada.button("Go to the latest").click();
        assertThat(ada.messages("Hay 150")).isInViewport();
    }

    @Test
    void aTableThatIsFoundReadsAsItsCells(Page page) {
        var ada = ChatPage.signIn(page, root, "Ada tabulates").joinGroup("tables");
        new Backend(page, root).push("chat:tables", "message", Map.of("text", """
                        | Who | What |
                        |-----|------|
                        | Bo  | **tea** |"""));
        assertThat(ada.messages("Bo").locator("td")).hasCount(2);
        assertThat(ada.listed("tables").locator(".preview")).hasText("default: Who · What Bo · tea");

        page.keyboard().press("Control+f");
        page.getByPlaceholder("Search messages").fill("bo");
        page.keyboard().press("Enter");

        assertThat(page.locator(".hit-text")).hasText("…Bo · tea");
        assertThat(page.locator(".hit-text mark")).hasText("Bo");
    }

    @Test
    void aLinkToAMessageOpensItsConversationThere(Page page) {
        var ada = ChatPage.signIn(page, root, "Ada links").joinGroup("links");
        ada.say("the one that is linked");
        ada.say("another");
        var link = "#chat:links/2";

        page.navigate(root + link);
        page.reload();

        assertThat(page.locator(".row.target")).hasCount(1);
        assertThat(ada.composer()).hasAttribute("aria-label", "Message links");
    }

    @Test
    void aGroupIsNamedGetsATopicAndSomebodyIsAdded(Page one, Page other, Page third) {
        var ada = ChatPage.signIn(one, root, "Ada founds");
        ada.say("Whoever comes now is not told of together with those who came before");
        var grace = ChatPage.signIn(other, root, "Grace is added");
        assertThat(ada.notices().last()).containsText("Grace is added");
        ChatPage.signIn(third, root, "Aaron went away");
        assertThat(ada.notices().last()).containsText("Aaron went away");
        third.close();
        ada.togglePeople();
        assertThat(ada.person("Aaron went away").locator(".dot:not(.on)")).hasCount(1);
        ada.togglePeople();
        ada.joinGroup("founded");

        ada.choose("Name and topic");
        one.locator("#rename-name").fill("The Founders");
        one.locator("#rename-topic").fill("What we found");
        ada.button("Save").click();
        ada.isIn("The Founders");
        ada.choose("Add people");
        var names = one.locator(".pick .name").allTextContents();
        assertThat(names.indexOf("Grace is added")).isLessThan(names.indexOf("Aaron went away"));
        ada.button("Add Grace is added").click();
        assertThat(ada.button("Added Grace is added")).isDisabled();

        grace.open("The Founders");
        assertThat(other.locator(".conversation-head")).containsText("What we found");
    }

    @Test
    void whatIsMutedOrMarkedUnreadIsSoAfterAReload(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada sets").joinGroup("settled");
        var grace = ChatPage.signIn(other, root, "Grace talks").joinGroup("settled");
        grace.say("something to come back to");
        assertThat(ada.messages("something to come back to")).hasCount(1);

        ada.act("something to come back to", "Mark unread from here");
        assertThat(one.locator(".row.new")).hasCount(1);
        ada.open("lobby");
        ada.choose("Mute");
        ada.page().reload();

        assertThat(ada.listed("settled").locator(".badge")).hasCount(1);
        assertThat(ada.listed("lobby").locator(".muted-mark")).hasCount(1);
        ada.open("settled");
        assertThat(ada.listed("settled").locator(".badge")).hasCount(0);
    }

    @Test
    void theSwitcherGoesToAConversationByItsName(Page page) {
        var ada = ChatPage.signIn(page, root, "Ada switches").joinGroup("harbour-master");
        ada.open("lobby");

        page.keyboard().press("Control+k");
        page.keyboard().type("master");
        assertThat(page.getByRole(AriaRole.OPTION)).hasCount(1);
        page.keyboard().press("Enter");

        ada.isIn("harbour-master");
        assertThat(ada.composer()).isFocused();
    }

    @Test
    void aDirectMessageIsSentThenDeliveredThenRead(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada delivers");
        var grace = ChatPage.signIn(other, root, "Grace receives");
        ada.togglePeople();
        ada.openDirect(grace).say("for you");

        assertThat(ada.own().locator(".tick")).hasAttribute("aria-label", "Delivered");
        grace.open("Ada delivers");
        assertThat(ada.own().locator(".tick")).hasAttribute("aria-label", "Read");
        other.close();
        assertThat(one.locator(".conversation-head")).containsText("Last seen");
    }

    @Test
    void readAndByHowManyIsSeenInAGroup(Page one, Page other) {
        var ada = ChatPage.signIn(one, root, "Ada is read").joinGroup("readers");
        var grace = ChatPage.signIn(other, root, "Grace reads it").joinGroup("readers");

        ada.say("read me");

        assertThat(grace.messages("read me")).hasCount(1);
        assertThat(ada.own().locator(".tick")).hasAttribute("aria-label", "Read by 1");
    }
}
