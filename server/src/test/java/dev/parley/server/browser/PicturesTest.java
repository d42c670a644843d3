package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotAnimations;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the README shows. {@code ./mvnw test -pl server -am -Dtest=PicturesTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Ddocs.images=true} makes the pictures anew; else only that the pages come about is checked.
 */
@QuarkusTest
@ExtendWith(Chromium.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PicturesTest {
    private static final boolean ASKED = Boolean.getBoolean("docs.images");
    private static final Path IMAGES = Path.of("..", "docs", "images");

    private static final int CHANGES = 32;
    /** How often the page for operators looks while something goes on; each look is one point of its lines. */
    private static final int LOOKS = ASKED ? 60 : 3;

    private static final int LOOK_EACH = 2_000;
    /** Of the line of rates. */
    private static final String POINTS =
            "() => document.querySelector('.figure .line polyline').getAttribute('points').split(' ').length";

    private static final List<Figure> FIGURES = List.of(
            new Figure("Orders per minute", "", 214, 6, 0.15),
            new Figure("Revenue today", "€", 18_240, 140, 0.9),
            new Figure("Response time, p99", "ms", 84, 3, -0.2),
            new Figure("Queue", "jobs", 120, 9, -0.25),
            new Figure("People online", "", 1_310, 14, 0.2),
            new Figure("Error rate", "%", 1.9, 0.14, -0.1));

    @TestHTTPResource("/")
    String root;

    private final Staged staged = new Staged();

    @Test
    @Order(1) // Whoever signs in for another picture is seen in the lobby from then on.
    void threePeopleTalkAboutARelease(Page first, Page second, Page third) {
        List.of(first, second, third).forEach(staged::stage);
        var ada = ChatPage.signIn(first, root, "Ada Lovelace");
        var grace = ChatPage.signIn(second, root, "Grace Hopper");
        var margaret = ChatPage.signIn(third, root, "Margaret Hamilton");
        List.of(grace, ada, margaret).forEach(each -> each.joinGroup("release"));
        List.of(grace, ada, margaret).forEach(each -> each.open("lobby"));

        say(ada, 14, "Good morning! The **search** rollout reached 50 % at 10:15.");
        say(margaret, 12, "Error rate is flat, p99 even went down a little.");
        say(margaret, 12, "Which query do you use for that, by the way?");
        say(ada, 11, """
                The one on the board:
                ```sql
                select minute, count(*)
                  from requests
                 where status >= 500
                 group by minute;
                ```""");
        say(grace, 9, "Nice. Then I’ll take it to 100 % after lunch, unless somebody objects?");
        margaret.act("Nice. Then", "Reply");
        say(margaret, 8, "No objection 👍 I keep an eye on `search-eu` meanwhile.");
        ada.act("No objection", "React");
        ada.button("React with 🎉").click();
        assertThat(grace.messages("No objection").locator(".reaction")).hasCount(1);
        say(grace.open("release"), 6, "Tagged `v2.4.0`, the images are building.");
        say(grace, 5, "Green on all platforms.");
        margaret.togglePeople();
        say(margaret.openDirect(ada), 4, "Ten minutes before stand-up?");
        say(grace.open("lobby"), 1, "Lunch at noon, all three?");
        ada.togglePeople();
        ada.composer().click();
        assertThat(ada.listed("release").locator(".badge")).containsText("2");
        assertThat(ada.listed("Margaret Hamilton").locator(".badge")).containsText("1");
        assertThat(ada.messages("Lunch at noon")).isVisible();
        assertThat(ada.statusLine()).isEmpty();

        margaret.open("lobby").composer().pressSequentially("Y");
        assertThat(ada.statusLine()).containsText("Margaret Hamilton is typing");
        picture(first, "chat.png", 1200, 840);
        first.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        picture(first, "chat-dark.png", 1200, 840);
        first.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        ada.togglePeople();
        picture(first, "chat-phone.png", 390, 844);
    }

    @Test
    void sixFiguresArePushedToTheBoard(Page page) {
        page.navigate(root + "live/");
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Live");
        var random = new Random(7);
        double last = 0;
        for (var figure : FIGURES) {
            double value = figure.start();
            for (int i = 0; i < CHANGES; i++) {
                last = figure.rounded(value);
                push(page, figure, last);
                value += figure.step() * (random.nextGaussian() + figure.trend());
            }
        }
        assertThat(page.getByText("Error rate").locator("..").locator(".value")).hasText(last + " %");
        picture(page, "live.png", 1000, 600);
    }

    @Test
    void anOperatorFollowsAMessage(Page first, Page second, Page operator) {
        var katherine = ChatPage.signIn(first, root, "Katherine Johnson")
                .joinGroup("telemetry")
                .joinGroup("launch");
        var dorothy = ChatPage.signIn(second, root, "Dorothy Vaughan").joinGroup("launch");
        katherine.say("The figures for the orbit are checked.");
        dorothy.say("Ready on all machines.");
        assertThat(katherine.messages("Ready on all machines.")).hasCount(1);
        operator.clock().install();
        operator.navigate(root + "admin/");
        operator.getByLabel("Key or token").fill("dev");
        operator.keyboard().press("Enter");
        var listed = operator.locator(".list button");
        listed.filter(new Locator.FilterOptions().setHasText("chat:launch")).click();
        listed.filter(new Locator.FilterOptions().setHasText("Ready on all machines"))
                .click();
        assertThat(operator.locator(".mark-written")).hasCount(2);
        goOn(operator);
        assertThat(operator.locator(".figure").first()).not().containsText("At most 0 ");
        picture(operator, "admin.png", 1100, 900);
    }

    /** A stretch of traffic that comes in waves, without the two seconds between one look and the next. */
    private void goOn(Page operator) {
        var random = new Random(7);
        for (int look = 1; look <= LOOKS; look++) {
            double wave = 40 + 25 * Math.sin(look / 7.0) + 6 * random.nextGaussian();
            new Backend(operator, root).pushMany("chat:telemetry", (int) Math.max(1, wave));
            operator.clock().runFor(LOOK_EACH);
            operator.waitForFunction(POINTS + " > " + look);
        }
    }

    /** @param trend how much it tends upwards, in steps */
    private record Figure(String name, String unit, double start, double step, double trend) {
        double rounded(double value) {
            return step < 1 ? Math.round(value * 10) / 10.0 : Math.round(value);
        }
    }

    private void push(Page page, Figure figure, double value) {
        new Backend(page, root)
                .push("live:board", "figure", Map.of("name", figure.name(), "unit", figure.unit(), "value", value));
    }

    private void say(ChatPage who, int minutesAgo, String text) {
        staged.at(minutesAgo, text);
        who.say(text);
    }

    private static void picture(Page page, String file, int width, int height) {
        page.mouse().move(0, 0); // Points at nothing that would show what can be done with it.
        page.setViewportSize(width, height);
        if (ASKED) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(IMAGES.resolve(file))
                    .setAnimations(ScreenshotAnimations.DISABLED));
        }
    }
}
