package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.parley.server.proof.Hub;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a browser loads of a package: its pages are bundled (docs/adr/0027-pages-are-bundled-for-the-jar.md), and do what their modules do. */
@ExtendWith(Chromium.class)
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "pages are bundled on Linux with x86-64")
class PackagedPagesIT {
    /** The page, its stylesheet and icon, the theme, its module with what it shares with other pages, the language. */
    private static final int FILES_MAX = 16;

    private static final int BYTES_MAX = 100_000;

    private static final String TRANSFERRED = """
            () => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map(({ name, transferSize }) => [name, transferSize])""";

    @RegisterExtension
    final Hub hub = new Hub(1);

    @Test
    void aChatIsAFewFilesInEachLanguage(Page ada, Page grace) {
        ada.navigate(root());
        ada.locator("#name").waitFor();
        isSmall(ada);
        var one = ChatPage.signIn(ada, root(), "Ada of the package");
        var other = ChatPage.signIn(grace, root(), "Grace of the package");
        one.say("**bold** as brass");
        assertThat(other.messages("bold as brass").locator("strong")).hasText("bold");
    }

    @Test
    void theOtherPagesAreToo(Page page) {
        page.navigate(root() + "live");
        assertThat(page.getByRole(AriaRole.HEADING).first()).isVisible();
        isSmall(page);
        page.navigate(root() + "admin");
        assertThat(page.getByRole(AriaRole.HEADING).first()).isVisible();
        isSmall(page);
    }

    private static void isSmall(Page page) {
        List<String> files = new ArrayList<>();
        int bytes = 0;
        for (Object entry : (List<?>) page.evaluate(TRANSFERRED)) {
            var file = (List<?>) entry;
            files.add((String) file.get(0));
            bytes += (int) file.get(1);
        }
        assertThat(files).hasSizeBetween(3, FILES_MAX);
        assertThat(bytes).isBetween(1_000, BYTES_MAX);
    }

    private String root() {
        return hub.server(0).uri() + "/";
    }
}
