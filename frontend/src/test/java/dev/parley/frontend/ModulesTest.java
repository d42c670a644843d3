package dev.parley.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs the JavaScript tests under {@code src/test/resources/tests} in a real browser, and reports each as one of ours. */
class ModulesTest {

    private static StaticPages pages;
    private static InstalledBrowser installed;

    @BeforeAll
    static void open() {
        installed = InstalledBrowser.start().orElse(null);
        assumeTrue(installed != null, "Skipped: the JavaScript tests need Chromium and Node on the PATH");
        pages = new StaticPages();
    }

    @AfterAll
    static void close() {
        if (installed != null) {
            installed.close();
            pages.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> modulesBehaveInARealBrowser() {
        try (Page page = installed.browser().newPage()) {
            page.navigate(pages.url("/tests/index.html"));
            page.waitForFunction("() => window.results");
            List<Map<String, String>> results = results(page.evaluate("() => window.results"));
            assertThat(results).isNotEmpty();
            return results.stream()
                    .map(result -> dynamicTest(
                            result.get("name"),
                            () -> assertThat(result.get("error")).isNull()));
        }
    }

    @SuppressWarnings("unchecked") // What run.js resolves to.
    private static List<Map<String, String>> results(Object evaluated) {
        return (List<Map<String, String>>) evaluated;
    }
}
