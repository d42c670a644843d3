package dev.parley.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison under {@code deploy/load} is compiled by its script only; a change of the generator must not leave it behind. */
class ComparisonTest {
    private static final Path SOURCES = Path.of("..", "deploy", "load", "compare");

    @Test
    void compilesAgainstThisGenerator(@TempDir Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.list(SOURCES)) {
            List<Path> all =
                    sources.filter(path -> path.toString().endsWith(".java")).toList();
            assertThat(all).isNotEmpty();
            List<String> options = List.of(
                    "-Xlint:all,-processing",
                    "-Werror",
                    "-proc:none",
                    "--release",
                    "17",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    classes.toString());
            boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(all))
                    .call();
            assertThat(compiled).as("%s", said).isTrue();
        }
    }
}
