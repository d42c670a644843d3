package dev.parley.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the pages together without a browser: what they load is there, and nothing in them needs a lax policy. */
class PagesTest {

    private static final Path SOURCES = Path.of("src/main/resources/META-INF/resources");
    private static final Pattern MAPPED = Pattern.compile("\"([^\"]+)\":\\s*\"(/_static/[^\"]+)\"");
    private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"");
    private static final Pattern IMPORTED =
            Pattern.compile("(?:from\\s+|import\\s*|@import url\\()\"([^\"]+)\"", Pattern.MULTILINE);

    @ParameterizedTest
    @ValueSource(strings = {"/index.html", "/live/index.html", "/admin/index.html"})
    void everythingThatAPageLoadsIsThere(String page) throws IOException {
        String html = text(page);
        Map<String, String> importMap = new HashMap<>();
        matches(MAPPED, html).forEach(entry -> importMap.put(entry.group(1), entry.group(2)));

        Deque<String> open = new ArrayDeque<>();
        matches(LOADED, html).map(match -> match.group(1)).forEach(open::add);
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String path = open.pop();
            if (seen.add(path)) {
                assertThat(StaticPages.read(path))
                        .as("%s, needed by %s", path, page)
                        .isNotNull();
                matches(IMPORTED, text(path))
                        .map(match -> resolve(match.group(1), path, importMap))
                        .forEach(open::add);
            }
        }
        assertThat(seen).contains("/chat/ui/icons.js").anyMatch(path -> path.startsWith("/_static/lit/"));
    }

    /** Nothing inline but the import map, whose hash the server puts into its policy. */
    @ParameterizedTest
    @ValueSource(strings = {"/index.html", "/live/index.html", "/admin/index.html"})
    void pagesNeedNoUnsafeInline(String page) throws IOException {
        String html = text(page).replaceAll("(?s)<script type=\"importmap\">.*?</script>", "");

        assertThat(html).doesNotContainPattern("<script(?![^>]*\\ssrc=)").doesNotContain("<style");
        assertThat(html).doesNotContainPattern("\\s(style|on[a-z]+)=");
    }

    @Test
    void modulesSetNoInlineStyleAndMakeNoMarkupOfStrings() {
        assertThat(modules()).isNotEmpty().allSatisfy(module -> {
            String code = Files.readString(module);
            assertThat(code)
                    .doesNotContain("unsafeHTML", "innerHTML", "insertAdjacentHTML", "styleMap", "document.write");
            assertThat(code).doesNotContainPattern("<[^>]*\\sstyle=");
        });
    }

    private static List<Path> modules() {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".js")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resolve(String specifier, String from, Map<String, String> importMap) {
        if (specifier.startsWith("/")) {
            return specifier;
        }
        if (specifier.startsWith(".") || from.endsWith(".css")) {
            return Path.of(from)
                    .resolveSibling(specifier)
                    .normalize()
                    .toString()
                    .replace('\\', '/');
        }
        Optional<String> prefix = importMap.keySet().stream()
                .filter(key -> key.equals(specifier) || key.endsWith("/") && specifier.startsWith(key))
                .findFirst();
        assertThat(prefix)
                .as("%s, imported by %s, in the import map", specifier, from)
                .isPresent();
        return importMap.get(prefix.get()) + specifier.substring(prefix.get().length());
    }

    private static Stream<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results();
    }

    private static String text(String path) throws IOException {
        byte[] file = StaticPages.read(path);
        assertThat(file).as(path).isNotNull();
        return new String(file, StandardCharsets.UTF_8);
    }
}
