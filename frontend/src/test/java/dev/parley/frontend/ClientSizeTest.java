package dev.parley.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/**
 * Holds the JavaScript client to its size. There is no minifier in the build, so what is measured is all its modules
 * with their comments removed, gzipped as one: close to, and above, what a page with a bundler would ship.
 */
class ClientSizeTest {

    private static final List<String> MODULES = List.of("parley.js", "cursors.js", "outbox.js", "wake.js", "ids.js");

    @Test
    void clientIsAtMostSixKilobytesGzipped() throws IOException {
        StringBuilder code = new StringBuilder();
        for (String module : MODULES) {
            byte[] file = StaticPages.read("/client/" + module);
            assertThat(file).as(module).isNotNull();
            code.append(withoutComments(new String(file, StandardCharsets.UTF_8)));
        }
        assertThat(gzipped(code.toString())).isBetween(1_000, 6_000);
    }

    /** Good enough for our own files: no string or expression in them holds the marks of a comment. */
    private static String withoutComments(String code) {
        return code.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)(^|\\s)//.*$", "");
    }

    private static int gzipped(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.size();
    }
}
