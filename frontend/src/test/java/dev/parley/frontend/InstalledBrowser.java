package dev.parley.frontend;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine's own Chromium, driven with the machine's own Node, so that a build downloads neither. Used by one test
 * thread at a time.
 */
final class InstalledBrowser implements AutoCloseable {

    private static final List<String> CHROMIUMS =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Playwright playwright;
    private final Browser browser;

    private InstalledBrowser(Path chromium, Path node) {
        playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1", "PLAYWRIGHT_NODEJS_PATH", node.toString())));
        // Chromium refuses its sandbox to root, as whom containers and CI run.
        List<String> arguments = "root".equals(System.getProperty("user.name"))
                ? List.of("--no-sandbox", "--disable-background-networking")
                : List.of("--disable-background-networking");
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(arguments));
    }

    /** Starts it; empty where Chromium or Node is not on the PATH. */
    static Optional<InstalledBrowser> start() {
        Optional<Path> node = onPath("node");
        return CHROMIUMS.stream()
                .flatMap(name -> onPath(name).stream())
                .findFirst()
                .flatMap(chromium -> node.map(found -> new InstalledBrowser(chromium, found)));
    }

    Browser browser() {
        return browser;
    }

    private static Optional<Path> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
