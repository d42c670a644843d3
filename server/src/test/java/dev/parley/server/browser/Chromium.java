package dev.parley.server.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.File;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A JUnit extension that gives each {@link Page} parameter of a test a page of its own, with its own cookies and storage,
 * in the Chromium of this machine: one browser per test class. A test that fails leaves its pages' pictures in
 * {@code target/browser}; one that leaves errors in a console fails. Everything runs on the test's thread, as Playwright asks.
 *
 * <p>It looks for Chromium in {@code CHROMIUM_PATH} and on the {@code PATH}; Playwright's driver runs on a Node found on the
 * {@code PATH}, or on the one that comes with {@code -Dplaywright.bundle}. With one of them missing the class is skipped.
 */
final class Chromium
        implements ExecutionCondition, BeforeAllCallback, AfterAllCallback, AfterEachCallback, ParameterResolver {

    /** On a test that puts a tool into its pages whose errors are not ours. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface MayLogErrors {}

    private static final List<String> CHROMIUM_NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    /** For a busy machine; nothing waits that long where all is well. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What Chromium itself logs as an error when a test takes the network away. */
    private static final String ABOUT_THE_NETWORK = "(?s)WebSocket connection to .* failed: .*|.*net::ERR_.*";

    /** Another name of this machine: to a browser, a page from there is not as good as one from localhost. */
    static final String ELSEWHERE = "parley.test";

    private final List<Page> pages = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private Playwright playwright;
    private Browser browser;

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        var missing = chromium().isEmpty() ? "no Chromium" : node().isEmpty() && !bundled() ? "no Node" : null;
        if (missing == null) {
            return ConditionEvaluationResult.enabled("Chromium and Node found");
        }
        var reason = "Browser tests skipped: " + missing + " found on the PATH (see CONTRIBUTING.md)";
        if (context.getTestMethod().isEmpty()) {
            System.out.println(reason + ": " + context.getDisplayName());
        }
        return ConditionEvaluationResult.disabled(reason);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        var environment = new HashMap<>(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
        node().ifPresent(node -> environment.put("PLAYWRIGHT_NODEJS_PATH", node.toString()));
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE.toMillis());
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setArgs(List.of(
                                "--enable-precise-memory-info",
                                "--host-resolver-rules=MAP " + ELSEWHERE + " 127.0.0.1"))
                        .setExecutablePath(chromium().orElseThrow())
                        // Chromium refuses its sandbox to root, who runs the tests in most containers.
                        .setChromiumSandbox(!"root".equals(System.getProperty("user.name"))));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Page.class;
    }

    @Override
    public Page resolveParameter(ParameterContext parameter, ExtensionContext test) {
        var context = browser.newContext(new Browser.NewContextOptions().setViewportSize(1200, 760));
        context.setDefaultTimeout(PATIENCE.toMillis());
        var page = context.newPage();
        page.onPageError(errors::add);
        page.onConsoleMessage(message -> {
            if ("error".equals(message.type()) && !message.text().matches(ABOUT_THE_NETWORK)) {
                errors.add(message.text());
            }
        });
        pages.add(page);
        return page;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        for (int i = 0; i < pages.size(); i++) {
            var page = pages.get(i);
            if (context.getExecutionException().isPresent() && !page.isClosed()) {
                var name = context.getRequiredTestClass().getSimpleName() + "-"
                        + context.getRequiredTestMethod().getName() + "-" + i + ".png";
                page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "browser", name)));
            }
            page.context().close();
        }
        pages.clear();
        var logged = List.copyOf(errors);
        errors.clear();
        if (!logged.isEmpty()
                && context.getExecutionException().isEmpty()
                && !context.getRequiredTestMethod().isAnnotationPresent(MayLogErrors.class)) {
            throw new AssertionError("Errors in the browser's console:\n" + String.join("\n", logged));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (playwright != null) {
            playwright.close();
        }
    }

    private static Optional<Path> chromium() {
        return Optional.ofNullable(System.getenv("CHROMIUM_PATH"))
                .map(Path::of)
                .filter(Files::isExecutable)
                .or(() -> CHROMIUM_NAMES.stream().flatMap(Chromium::onPath).findFirst());
    }

    private static Optional<Path> node() {
        return onPath("node").findFirst();
    }

    /** Whether Playwright's own Node, for all platforms, is on the class path. */
    private static boolean bundled() {
        return Chromium.class.getClassLoader().getResource("driver/linux/node") != null;
    }

    private static Stream<Path> onPath(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }
}
