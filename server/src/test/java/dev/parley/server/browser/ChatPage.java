package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.vertx.core.json.Json;
import java.util.List;
import java.util.regex.Pattern;

/** The chat in somebody's browser: what they do there, and where a test looks. Used by the test's thread. */
final class ChatPage {
    private static final Pattern NOT_SENT_YET = Pattern.compile("\\b(pending|failed)\\b");

    private final Page page;
    private final String name;

    private ChatPage(Page page, String name) {
        this.page = page;
        this.name = name;
    }

    /** Enters the chat at {@code root} as a new guest, and waits until the lobby is open, as it is at first on a wide screen. */
    static ChatPage signIn(Page page, String root, String name) {
        return enter(page, root, name).isIn("lobby");
    }

    /** Enters the chat at {@code root} as a new guest. */
    static ChatPage enter(Page page, String root, String name) {
        page.navigate(root);
        page.getByLabel("Your name").fill(name);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Enter"))
                .click();
        return new ChatPage(page, name);
    }

    /** The chat in a page where somebody is signed in. */
    static ChatPage of(Page page, String name) {
        return new ChatPage(page, name);
    }

    /** The same person's chat on another device, at {@code root}. */
    ChatPage alsoOn(Page device, String root) {
        var identity = Json.encode(page.evaluate("() => sessionStorage.getItem('parley.identity')"));
        device.addInitScript(
                "localStorage.getItem('parley.identity') ?? localStorage.setItem('parley.identity', " + identity + ")");
        device.navigate(root);
        var there = new ChatPage(device, name);
        assertThat(there.listed("lobby")).hasCount(1);
        return there;
    }

    Page page() {
        return page;
    }

    String name() {
        return name;
    }

    /** Waits until this conversation is open and its history there. */
    ChatPage isIn(String conversation) {
        assertThat(composer()).hasAttribute("aria-label", "Message " + conversation);
        assertThat(page.locator("parley-message-list .skeleton")).hasCount(0);
        return this;
    }

    Locator composer() {
        return page.locator("#composer");
    }

    /** Writes and sends, without waiting for anything to come of it. */
    void write(String text) {
        composer().fill(text);
        composer().press("Enter");
    }

    /** Writes and sends, and waits until the hub has it. */
    void say(String text) {
        var before = own().count();
        write(text);
        assertThat(own()).hasCount(before + 1);
        assertThat(own().last()).not().hasClass(NOT_SENT_YET);
    }

    /** All rows of messages. */
    Locator messages() {
        return page.locator(".row.message");
    }

    /** Rows of messages that say this; not those whose name and time read so together. */
    Locator messages(String text) {
        Locator said = page.locator(".text", new Page.LocatorOptions().setHasText(text));
        return messages().filter(new Locator.FilterOptions().setHas(said));
    }

    /** Rows of one's own messages. */
    Locator own() {
        return page.locator(".row.message.own");
    }

    /** One's own that the hub has not acknowledged. */
    Locator pending() {
        return page.locator(".row.message.pending");
    }

    /** Waits until these, and no others that start like {@code prefix}, are shown in this order. */
    void shows(String prefix, List<String> texts) {
        var texted = page.locator(".row.message .text").filter(new Locator.FilterOptions().setHasText(prefix));
        assertThat(texted).hasText(texts.toArray(String[]::new));
    }

    /** Lines that tell who joined or left. */
    Locator notices() {
        return page.locator(".row.notice");
    }

    /** Lines between messages that say this. */
    Locator notices(String text) {
        return notices().filter(new Locator.FilterOptions().setHasText(text));
    }

    /** The line under the messages: who types, who came, who went. */
    Locator statusLine() {
        return page.locator(".status-line");
    }

    Locator banner() {
        return page.locator(".banner");
    }

    /** A conversation in the list. */
    Locator listed(String conversation) {
        return page.locator(".conversation-item")
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByText(conversation, new Page.GetByTextOptions().setExact(true))));
    }

    /** Opens a conversation of the list. */
    ChatPage open(String conversation) {
        listed(conversation).click();
        return isIn(conversation);
    }

    /** Creates a group, or joins the one of that name. */
    ChatPage joinGroup(String group) {
        button("New group").click();
        page.locator("#group-name").fill(group);
        button("Create or join").click();
        return isIn(group);
    }

    void leaveGroup() {
        choose("Leave this group");
        page.locator("#leave-group")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Leave"))
                .click();
    }

    /** Does something with the first message that says this. */
    void act(String text, String what) {
        var row = messages(text).first();
        row.hover();
        row.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(what).setExact(true))
                .click();
    }

    /** Chooses from the menu of the open conversation. */
    void choose(String what) {
        button("More").click();
        page.getByRole(
                        AriaRole.MENUITEM,
                        new Page.GetByRoleOptions().setName(what).setExact(true))
                .click();
    }

    /** Opens or closes the panel of who is here. */
    void togglePeople() {
        button("People").click();
    }

    Locator people() {
        return page.locator(".people");
    }

    /** Somebody in the open panel of people. */
    Locator person(String name) {
        return people().locator(".person").filter(new Locator.FilterOptions().setHasText(name));
    }

    /** What leads to the role of somebody in the open panel of people. */
    Locator manage(String name) {
        return people().getByLabel("Role of " + name);
    }

    /** Opens the direct conversation with somebody who is listed in the open panel of people. */
    ChatPage openDirect(ChatPage other) {
        person(other.name()).click();
        return isIn(other.name());
    }

    Locator button(String label) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(label).setExact(true));
    }
}
