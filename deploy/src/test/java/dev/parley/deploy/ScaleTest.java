package dev.parley.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page on scale says what the model computes. */
class ScaleTest {

    @Test
    void thePageHasTheFiguresOfTheModel() throws IOException, InterruptedException {
        Process model = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "load/Scale.java")
                .redirectErrorStream(true)
                .start();
        String said = new String(model.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(model.waitFor()).as(said).isZero();
        assertThat(said).contains("1,000,000 deliveries a second").hasLineCount(22);
        assertThat(Files.readString(Path.of("../docs/scale.md"))).contains(said);
    }
}
