package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.server.proof.Hub;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two browsers on two packaged servers with a Redis between them: one chat, which outlives either server. */
@ExtendWith(Chromium.class)
class ChatOnTwoInstancesIT {

    @RegisterExtension
    static final Hub HUB = new Hub(2);

    @Test
    void twoBrowsersTalkAcrossInstancesAndSurviveTheLossOfOne(Page one, Page other) {
        var mortal = HUB.server(0);
        var surviving = HUB.server(1);
        try (var front = new Front(List.of(mortal, surviving))) {
            var ada = ChatPage.signIn(one, front.root(), "Ada");
            var grace = ChatPage.signIn(other, surviving.uri() + "/", "Grace");
            ada.say("lobby 1");
            assertThat(grace.messages("lobby 1")).hasCount(1);
            grace.say("lobby 2");
            assertThat(ada.messages("lobby 2")).hasCount(1);
            ada.togglePeople();
            ada.openDirect(grace).say("direct 1");
            grace.open("Ada").say("direct 2");
            assertThat(ada.messages("direct 2")).hasCount(1);

            ada.write("direct 3");
            mortal.kill();
            ada.write("direct 4");

            assertThat(ada.pending()).hasCount(0);
            assertThat(ada.banner()).hasCount(0);
            grace.say("direct 5");
            var direct = List.of("direct 1", "direct 2", "direct 3", "direct 4", "direct 5");
            ada.shows("direct ", direct);
            grace.shows("direct ", direct);

            grace.open("lobby").say("lobby 3");
            ada.open("lobby").say("lobby 4");
            var lobby = List.of("lobby 1", "lobby 2", "lobby 3", "lobby 4");
            ada.shows("lobby ", lobby);
            grace.shows("lobby ", lobby);
            assertThat(one.locator(".conversation-head")).containsText("2 people here");
        }
    }
}
