package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.server.proof.Hub;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people do with conversations and messages, each on an instance of their own, with a Redis between them. */
@ExtendWith(Chromium.class)
class FeaturesOnTwoInstancesIT {

    @RegisterExtension
    static final Hub HUB = new Hub(2);

    @Test
    void whatIsDoneWithAMessageIsSeenOnTheOtherInstance(Page one, Page other) {
        var ada = ChatPage.signIn(one, root(0), "Ada does").joinGroup("deeds");
        var grace = ChatPage.signIn(other, root(1), "Grace does").joinGroup("deeds");
        ada.say("Teh first");
        ada.say("The second");
        assertThat(grace.messages("The second")).hasCount(1);

        ada.act("Teh first", "Edit");
        ada.composer().fill("The first");
        ada.composer().press("Enter");
        assertThat(grace.messages("The first").locator(".edited")).hasCount(1);

        grace.act("The first", "Reply");
        grace.say("An answer");
        assertThat(ada.messages("An answer").locator(".quote")).containsText("The first");

        grace.act("The second", "React");
        grace.button("React with 👍").click();
        var reaction = ada.messages("The second").locator(".reaction");
        assertThat(reaction).hasAttribute("title", "Grace does");
        reaction.click();
        assertThat(grace.messages("The second").locator(".reaction-count")).hasText("2");

        ada.act("The second", "Delete");
        ada.button("Delete").last().click();
        assertThat(grace.messages("This message was deleted.")).hasCount(1);

        other.keyboard().press("Control+f");
        other.getByPlaceholder("Search messages").fill("FIRST");
        other.keyboard().press("Enter");
        assertThat(other.locator(".hit").first()).containsText("first");
        other.getByPlaceholder("Search messages").fill("second");
        other.keyboard().press("Enter");
        assertThat(other.getByText("Nothing found")).isVisible();
    }

    @Test
    void unreadAndMentionsAreOnAllDevicesAndGoWithTheReadingOnOne(Page one, Page other, Page device) {
        var ada = ChatPage.signIn(one, root(0), "Ada calls").joinGroup("calls");
        var grace = ChatPage.signIn(other, root(1), "Grace Called").joinGroup("calls");
        grace.open("lobby");
        var phone = grace.alsoOn(device, root(0)).open("lobby");

        ada.say("nobody in particular");
        ada.composer().pressSequentially("you, @gra");
        assertThat(one.locator("[role=option]")).containsText("Grace Called");
        ada.composer().press("Enter");
        ada.composer().press("Enter");
        assertThat(ada.own().last().locator(".tick")).hasAttribute("aria-label", "Sent");
        for (var each : List.of(grace, phone)) {
            assertThat(each.listed("calls").locator(".badge").last()).containsText("2");
            assertThat(each.listed("calls").locator(".mention-badge")).hasCount(1);
        }
        grace.open("calls");

        assertThat(phone.listed("calls").locator(".badge")).hasCount(0);
        assertThat(ada.own().last().locator(".tick")).hasAttribute("aria-label", "Read by 1");
        grace.say("from the desk");
        assertThat(phone.open("calls").messages("from the desk").and(device.locator(".own")))
                .hasCount(1);
        phone.say("from the phone");
        grace.shows("from the ", List.of("from the desk", "from the phone"));
        ada.shows("from the ", List.of("from the desk", "from the phone"));
    }

    @Test
    void aGroupIsNamedSomebodyIsAddedAndLeavesAgain(Page one, Page other) {
        var ada = ChatPage.signIn(one, root(0), "Ada names");
        ada.say("Whoever comes now is not told of together with those who came before");
        var grace = ChatPage.signIn(other, root(1), "Grace joins in");
        assertThat(ada.notices().last()).containsText("Grace joins in");
        ada.joinGroup("unnamed");

        ada.choose("Add people");
        ada.button("Add Grace joins in").click();
        assertThat(ada.button("Added Grace joins in")).isDisabled();
        one.keyboard().press("Escape");
        grace.open("unnamed");
        ada.choose("Name and topic");
        one.locator("#rename-name").fill("The Named");
        one.locator("#rename-topic").fill("All about names");
        ada.button("Save").click();

        grace.isIn("The Named");
        assertThat(grace.listed("The Named")).hasCount(1);
        assertThat(other.locator(".conversation-head")).containsText("All about names");
        grace.say("A good name");
        assertThat(ada.messages("A good name")).hasCount(1);
        grace.leaveGroup();
        assertThat(ada.notices().last()).hasText("Grace joins in left");
        assertThat(grace.listed("The Named")).hasCount(0);
    }

    @Test
    void aDirectConversationShowsWhoTypesWhatArrivedAndWhoWasHere(Page one, Page other) {
        var ada = ChatPage.signIn(one, root(0), "Ada in private");
        var grace = ChatPage.signIn(other, root(1), "Grace in private");
        ada.togglePeople();
        assertThat(ada.person("Grace in private").locator(".dot.on")).hasCount(1);
        ada.openDirect(grace).say("only for you");
        assertThat(ada.own().locator(".tick")).hasAttribute("aria-label", "Delivered");
        assertThat(one.locator(".conversation-head")).containsText("Here now");

        grace.open("Ada in private");
        assertThat(ada.own().locator(".tick")).hasAttribute("aria-label", "Read");
        grace.composer().pressSequentially("I am");
        assertThat(ada.statusLine()).hasText("Grace in private is typing");
        grace.composer().press("Enter");
        assertThat(ada.messages("I am")).hasCount(1);
        assertThat(ada.statusLine()).not().containsText("typing");

        other.close();
        assertThat(one.locator(".conversation-head")).containsText("Last seen");
        ada.say("for when you are back");
        assertThat(ada.own().last().locator(".tick")).hasAttribute("aria-label", "Sent");
    }

    @Test
    void aFlightInTheMiddleOfSendingDoublesAndLosesNothing(Page one, Page other) {
        var line = new Line(one);
        var ada = ChatPage.signIn(one, root(0), "Ada in flight").joinGroup("flight");
        var grace = ChatPage.signIn(other, root(1), "Grace on the ground").joinGroup("flight");

        ada.write("flight 01");
        ada.write("flight 02");
        line.loseAnswers(); // What is under way arrives; that it did is not heard any more.
        ada.write("flight 03");
        assertThat(grace.messages("flight 03")).hasCount(1);
        line.cut();
        ada.write("flight 04");
        ada.write("flight 05");
        assertThat(ada.messages("flight 05").and(ada.pending())).hasCount(1);
        line.mend();

        assertThat(ada.pending()).hasCount(0);
        ada.say("flight 06");
        var all = IntStream.rangeClosed(1, 6).mapToObj("flight %02d"::formatted).toList();
        grace.shows("flight ", all);
        ada.shows("flight ", all);
    }

    @Test
    void aLaptopThatSleptGetsWhatWasSaidOnTheOtherInstance(Page one, Page other) {
        var line = new Line(one);
        var ada = ChatPage.signIn(one, root(0), "Ada asleep").joinGroup("sleep");
        var grace = ChatPage.signIn(other, root(1), "Grace awake").joinGroup("sleep");
        ada.say("sleep 1");

        line.stall();
        grace.say("sleep 2");
        grace.say("sleep 3");
        assertThat(ada.messages("sleep 2")).hasCount(0);
        ada.write("sleep 4");
        one.evaluate("() => dispatchEvent(new Event('online'))"); // The lid is opened.

        assertThat(ada.pending()).hasCount(0);
        var all = List.of("sleep 1", "sleep 2", "sleep 3", "sleep 4");
        ada.shows("sleep ", all);
        grace.shows("sleep ", all);
        assertThat(grace.messages("sleep 4")
                        .locator(".author, .visually-hidden")
                        .first())
                .hasText(Pattern.compile("Ada asleep.*"));
    }

    @Test
    void whoseTokenIsTakenBackOnTheOtherInstanceSignsInAgain(Page one, Page other) {
        var ada = ChatPage.signIn(one, root(0), "Ada revoked");
        var grace = ChatPage.signIn(other, root(1), "Grace stays");
        ada.composer().fill("half a thought");
        var id = one.evaluate("() => JSON.parse(sessionStorage.getItem('parley.identity')).user.id");

        HUB.server(1).call("DELETE", "/v1/users/" + id + "/tokens", new JsonObject());
        assertThat(one.getByText("Your session has ended.")).isVisible();
        assertThat(one.getByLabel("Your name")).hasValue("Ada revoked");
        one.getByLabel("Your name").press("Enter");

        ada.isIn("lobby");
        ada.composer().press("Enter");
        assertThat(grace.messages("half a thought")).hasCount(1);
    }

    private static String root(int instance) {
        return HUB.server(instance).uri() + "/";
    }
}
