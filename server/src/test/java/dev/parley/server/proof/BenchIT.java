package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley bench} as people have it, against a server: each scenario ends with figures, and with nothing lost. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class BenchIT {
    private static final Path JAR = Path.of("..", "client", "target", "parley.jar");

    @RegisterExtension
    static final Hub HUB =
            Hub.inMemory().with("parley.limits.sends-per-second", "1000000").with("parley.limits.in-flight", "1000");

    @TempDir
    Path temp;

    private JsonObject bench(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.add("bench");
        command.addAll(List.of(arguments));
        command.addAll(List.of("--warm-up", "1", "--seconds", "2", "--timeout", "60", "--threads", "2", "--json"));
        command.addAll(List.of("--url", HUB.server(0).uri().toString().replace("http", "ws") + "/v1/connect"));
        Path errors = temp.resolve("errors");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        assertThat(exit).as("%s %s", out, Files.readString(errors)).isZero();
        JsonObject figures = new JsonObject(out);
        assertThat(figures.getBoolean("ok")).isTrue();
        for (String fault : List.of("holes", "duplicates", "gaps", "malformed", "lost", "errors")) {
            assertThat(figures.getLong(fault)).as(fault).isZero();
        }
        return figures;
    }

    private static void assertDelivered(JsonObject figures) {
        assertThat(figures.getDouble("sendsPerSecond")).isPositive();
        assertThat(figures.getDouble("deliveriesPerSecond")).isPositive();
        assertThat(figures.getLong("missing")).isZero();
        assertThat(figures.getDouble("deliveryMaxMicros"))
                .isGreaterThanOrEqualTo(figures.getDouble("deliveryP50Micros"));
        assertThat(figures.getDouble("serverCpuPerMillion"))
                .as("from the metrics")
                .isPositive();
    }

    @Test
    void fanOutInAClosedLoop() throws Exception {
        assertDelivered(bench("fan-out", "-c", "50", "--senders", "3", "--in-flight", "4"));
    }

    @Test
    void fanOutAtAFixedRate() throws Exception {
        JsonObject figures = bench("fan-out", "-c", "20", "--rate", "50");
        assertDelivered(figures);
        assertThat(figures.getDouble("sendsPerSecond"))
                .isBetween(20.0, 100.0); // In a closed loop it would be thousands.
        assertThat(figures.getDouble("latenessMaxMicros")).isPositive();
    }

    @Test
    void pairs() throws Exception {
        assertDelivered(bench("direct", "-c", "20"));
    }

    @Test
    void manyGroups() throws Exception {
        assertDelivered(bench("groups", "-c", "30", "--groups", "200", "--members", "1-5", "--rate", "500"));
    }

    @Test
    void idleConnections() throws Exception {
        assertThat(bench("idle", "-c", "100").getLong("connections")).isEqualTo(100);
    }

    @Test
    void aStormOfConnections() throws Exception {
        JsonObject figures = bench("connect", "-c", "100");
        assertThat(figures.getLong("rounds")).isPositive();
        assertThat(figures.getDouble("connectsPerCpuSecond")).isPositive();
    }

    @Test
    void disturbances() throws Exception {
        JsonObject figures =
                bench("disturb", "-c", "50", "--talkers", "20", "--groups", "4", "--rate", "200", "--slow", "2");
        for (String disturbance : List.of("calm", "joins", "resumes", "slow")) {
            assertThat(figures.getDouble(disturbance + "MaxMicros"))
                    .as(disturbance)
                    .isPositive();
        }
    }

    @Test
    void aStormOfResumes() throws Exception {
        JsonObject figures = bench("resume", "-c", "100", "--bystanders", "10");
        assertThat(figures.getLong("incomplete")).isZero();
        assertThat(figures.getDouble("stormyMaxMicros")).isPositive();
    }
}
