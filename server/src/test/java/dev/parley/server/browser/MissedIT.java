package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import dev.parley.server.proof.Hub;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people are told of messages that they cannot have any more, on two instances. */
@ExtendWith(Chromium.class)
class MissedIT {
    private static final int KEPT = 20;

    @RegisterExtension
    final Hub hub = new Hub(2).with("parley.namespaces.\"chat\".history.size", Integer.toString(KEPT));

    @Test
    void whoWasAwayForTooLongIsToldWhereMessagesAreMissing(Page one, Page other) {
        var line = new Line(one);
        var ada = ChatPage.signIn(one, root(0), "Ada away for long").joinGroup("brief");
        var grace = ChatPage.signIn(other, root(1), "Grace talks on").joinGroup("brief");
        ada.say("said 00");
        var missed = said(1, 2 * KEPT);
        var kept = said(2 * KEPT + 1, 3 * KEPT);

        line.cut();
        missed.forEach(grace::say);
        kept.forEach(grace::say);
        line.mend();

        assertThat(ada.messages(kept.get(KEPT - 1))).isInViewport();
        assertThat(ada.notices("Older messages are no longer kept.")).hasCount(1);
        grace.write("said 99");
        var all = new ArrayList<>(List.of("said 00"));
        all.addAll(kept);
        all.add("said 99");
        ada.shows("said ", all);
    }

    @Test
    void aHistoryThatWasLostIsBegunAnewBeforeEverybodysEyes(Page one, Page other) {
        var ada = ChatPage.signIn(one, root(0), "Ada before the loss");
        ada.say("said before");

        hub.redis().command("FLUSHALL");
        var grace = ChatPage.signIn(other, root(1), "Grace after the loss");
        grace.say("said since");

        assertThat(ada.messages("said since")).hasCount(1);
        assertThat(ada.notices("The history of this conversation was begun anew."))
                .hasCount(1);
        ada.shows("said ", List.of("said before", "said since"));
        grace.shows("said ", List.of("said since"));
    }

    private static List<String> said(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj("said %02d"::formatted)
                .toList();
    }

    private String root(int n) {
        return hub.server(n).uri() + "/";
    }
}
