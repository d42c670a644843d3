package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Data that a backend pushes, in a browser that only looks. */
@QuarkusTest
@ExtendWith(Chromium.class)
class LiveBoardTest {

    @TestHTTPResource("/")
    String root;

    @Test
    void aFigureThatIsPushedIsShownAtOnceAndToThoseWhoComeLater(Page page, Page later) {
        var backend = new Backend(page, root);
        page.navigate(root + "live/");
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Live");

        backend.push("live:board", "figure", Map.of("name", "Sold tickets", "value", 40, "unit", "pcs"));
        var card = ticketsOn(page);
        assertThat(card.locator(".value")).hasText("40 pcs");
        backend.push("live:board", "figure", Map.of("name", "Sold tickets", "value", 42, "unit", "pcs"));
        assertThat(card.locator(".value")).hasText("42 pcs");
        assertThat(card.locator(".change")).containsText("+5 %");

        later.navigate(root + "live/");
        assertThat(ticketsOn(later).locator(".value")).hasText("42 pcs");
    }

    @Test
    void aNameThatIsMarkupIsShownAsText(Page page) {
        var backend = new Backend(page, root);
        page.navigate(root + "live/");
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Live");

        backend.push("live:board", "figure", Map.of("name", "<img src=x onerror=alert(1)>", "value", 1));

        var card = page.locator(".card").filter(new Locator.FilterOptions().setHasText("<img src=x onerror=alert(1)>"));
        assertThat(card).hasCount(1);
        assertThat(page.locator(".card :is(img, script, iframe)")).hasCount(0);
    }

    @Test
    @Chromium.MayLogErrors // That Cross-Origin-Opener-Policy is for HTTPS.
    void theCommandIsCopiedOrMarkedWhereABrowserDoesNotLetItBe(Page page, Page insecure) {
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        for (var each : List.of(page, insecure)) {
            each.routeWebSocket("**/v1/connect", nobody -> {}); // Whatever other tests push, nothing comes here.
        }
        page.navigate(root + "live/");
        page.getByText("Copy").click();
        assertThat(page.getByText("Copied")).isVisible();
        insecure.navigate(root.replace(URI.create(root).getHost(), Chromium.ELSEWHERE) + "live/");
        insecure.getByText("Copy").click();

        assertThat((String) page.evaluate("() => navigator.clipboard.readText()"))
                .startsWith("curl -X POST");
        assertThat((String) insecure.evaluate("() => String(getSelection())")).startsWith("curl -X POST");
    }

    private static Locator ticketsOn(Page page) {
        return page.locator(".card").filter(new Locator.FilterOptions().setHasText("Sold tickets"));
    }
}
