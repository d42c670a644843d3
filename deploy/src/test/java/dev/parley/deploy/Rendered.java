package dev.parley.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What {@code kubernetes/render.sh} makes of the overlays and the chart; made once for all tests, which are skipped where it cannot be. */
final class Rendered {
    private static final Path FOLDER = Path.of("target", "rendered");
    private static final int SKIPPED = 77;

    private Rendered() {}

    private static final class Once {
        static final String WHY_NOT = render();
    }

    /** The manifests of each rendering, by its name. */
    static Map<String, List<HasMetadata>> all() {
        Map<String, List<HasMetadata>> all = new TreeMap<>();
        files(".yaml").forEach(file -> all.put(name(file), Manifests.of(file)));
        return all;
    }

    /** What was said of values that are none, by their name. */
    static Map<String, String> refused() {
        Map<String, String> all = new TreeMap<>();
        files(".refused").forEach(file -> {
            try {
                all.put(name(file), Files.readString(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return all;
    }

    private static List<Path> files(String end) {
        Assumptions.assumeTrue(Once.WHY_NOT.isEmpty(), Once.WHY_NOT);
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
    }

    private static String render() {
        try {
            Process rendering = new ProcessBuilder("kubernetes/render.sh", FOLDER.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(rendering.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = rendering.waitFor();
            if (status == SKIPPED) {
                System.out.println(said.strip());
                return said;
            }
            assertThat(status).as(said).isZero();
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
