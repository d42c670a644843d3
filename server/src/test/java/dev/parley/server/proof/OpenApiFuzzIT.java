package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whatever is asked of the HTTP API, the answer is in its OpenAPI document and no fault of the server's: {@code deploy/schemathesis.sh}, in short. More of it with
 * {@code -Dparley.fuzz.examples=500}.
 */
class OpenApiFuzzIT {
    private static final Path SCRIPT = Path.of("../deploy/schemathesis.sh");
    private static final int SKIPPED = 77;
    private static final long PATIENCE_MINUTES = Long.getLong("parley.fuzz.minutes", 10);

    @RegisterExtension
    static final Hub HUB = Hub.inMemory();

    @Test
    void noAnswerIsAFaultAndNoneBreaksTheDocument() throws IOException, InterruptedException {
        Process fuzz = new ProcessBuilder(
                        SCRIPT.toString(),
                        HUB.server(0).uri().toString(),
                        ServerProcess.SERVICE_KEY,
                        System.getProperty("parley.fuzz.examples", "10"))
                .redirectErrorStream(true)
                .start();
        String output = new String(fuzz.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(fuzz.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
        System.out.println(output);

        Assumptions.assumeTrue(fuzz.exitValue() != SKIPPED, output);
        assertThat(fuzz.exitValue()).as(output).isZero();
        assertThat(output).containsPattern("[1-9]\\d\\d+ generated, \\d+ passed");
        assertThat(HUB.server(0).trouble()).isEmpty();
    }
}
