package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an operator sees and does at {@code /admin}. */
@QuarkusTest
@ExtendWith(Chromium.class)
class AdminTest {

    @TestHTTPResource("/")
    String root;

    @Test
    @Chromium.MayLogErrors // That a wrong key is answered 401.
    void onlyWhoHasAKeyGetsIn(Page page) {
        page.navigate(root + "admin");
        page.getByLabel("Key or token").fill("wrong");
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.ALERT)).not().isEmpty();
        assertThat(page.locator(".page-head")).hasCount(0);

        enter(page);

        assertThat(page.locator("table").first()).containsText("Build");
    }

    @Test
    void theWayOfAMessageIsToldForEachConnection(Page one, Page other, Page operator) {
        var ada = ChatPage.signIn(one, root, "Ada under watch").joinGroup("watched");
        var grace = ChatPage.signIn(other, root, "Grace under watch").joinGroup("watched");
        ada.say("who gets this");
        assertThat(grace.messages("who gets this")).hasCount(1);
        operator.navigate(root + "admin/");
        enter(operator);

        button(operator, "chat:watched").click();
        button(operator, "who gets this").click();

        var way = operator.getByLabel("The way of a message");
        assertThat(way).containsText("Ada under watch");
        assertThat(way.locator("tbody tr")).hasCount(2);
        assertThat(way.locator(".mark-written")).hasCount(2);
    }

    @Test
    void messagesAppearAsTheyAreSaidButMoveNothingThatIsPointedAt(Page one, Page operator) {
        var ada = ChatPage.signIn(one, root, "Ada in sight").joinGroup("in-sight");
        ada.say("one");
        operator.navigate(root + "admin/");
        enter(operator);
        button(operator, "chat:in-sight").click();
        assertThat(said(operator).first()).containsText("one");

        operator.locator(".page-head").hover();
        ada.say("two");
        assertThat(said(operator).first()).containsText("two");
        said(operator).first().hover();
        ada.say("three");
        assertThat(operator.getByText("1 new")).isVisible();
        assertThat(said(operator).first()).containsText("two");
        operator.getByText("1 new").click();

        assertThat(said(operator).first()).containsText("three");
        assertThat(operator.getByText("1 new")).hasCount(0);
    }

    @Test
    void whoIsExceptedDoesNotGetItAndThatIsTold(Page one, Page operator) {
        ChatPage.signIn(one, root, "Ada excepted").joinGroup("partly");
        var user = (String) one.evaluate("() => JSON.parse(sessionStorage.getItem('parley.identity')).user.id");
        new Backend(one, root).pushExcept("chat:partly", user, Map.of("text", "not for Ada"));
        operator.navigate(root + "admin/");
        enter(operator);

        button(operator, "chat:partly").click();
        button(operator, "not for Ada").click();

        assertThat(operator.locator(".mark-excepted")).hasCount(1);
    }

    @Test
    void somebodyIsDisconnectedAndEverybodyIsTold(Page one, Page other, Page operator) {
        var ada = ChatPage.signIn(one, root, "Ada who stays");
        var grace = ChatPage.signIn(other, root, "Grace who goes");
        operator.navigate(root + "admin/");
        enter(operator);

        operator.getByLabel("What to tell everybody").fill("Maintenance at noon");
        operator.keyboard().press("Enter");
        assertThat(ada.page().locator(".toast")).containsText("Maintenance at noon");
        operator.getByLabel("Disconnect Grace who goes").click();
        operator.getByText("Really?").click();

        assertThat(grace.banner()).containsText("An operator ended your connection.");
        assertThat(operator.getByLabel("Disconnect Grace who goes")).hasCount(0);
        assertThat(operator.getByLabel("Disconnect Ada who stays")).hasCount(1);
    }

    private static void enter(Page page) {
        page.getByLabel("Key or token").fill("dev");
        page.keyboard().press("Enter");
        assertThat(page.locator(".page-head")).containsText("Up to date");
    }

    private static Locator said(Page page) {
        return page.locator("#said button");
    }

    private static Locator button(Page page, String text) {
        return page.locator(".list button").filter(new Locator.FilterOptions().setHasText(text));
    }
}
