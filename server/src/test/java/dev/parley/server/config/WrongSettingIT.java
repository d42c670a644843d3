package dev.parley.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.Artifact;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged server with a wrong setting: it goes again by itself, with a failing status, and says why in a sentence instead of a stack trace. */
@Timeout(120)
class WrongSettingIT {
    @Test
    void aValueOutOfBoundsStopsTheStart() throws Exception {
        assertThat(outputOfFailedStart("-Dparley.heartbeat.interval=100MS"))
                .containsExactly("parley.heartbeat.interval is 100MS: set it to 1S to 1H.");
    }

    @Test
    void aMisspeltNameStopsTheStart() throws Exception {
        assertThat(outputOfFailedStart("-Dparley.guest.enabled=true"))
                .hasSize(2)
                .last()
                .asString()
                .contains("parley.guest.enabled", "does not map to any root");
    }

    @Test
    void aValueOfTheWrongKindStopsTheStart() throws Exception {
        assertThat(outputOfFailedStart("-Dparley.limits.groups=many"))
                .hasSize(2)
                .last()
                .asString()
                .contains("parley.limits.groups", "\"many\"");
    }

    @Test
    void aSwitchThatIsNeitherOnNorOffStopsTheStart() throws Exception {
        assertThat(outputOfFailedStart("-Dparley.guests.enabled=ture"))
                .last()
                .isEqualTo("parley.guests.enabled is ture: set it to true or false.");
    }

    @ParameterizedTest
    @CsvSource({
        "parley.heartbeat.interval, 25 seconds",
        "parley.hooks.on-failure, maybe",
        "parley.tracing.ratio, half",
        "parley.http.origins, app.example",
        "parley.proxies.trusted, 10.0.0.0/99",
        "parley.namespaces.x.join, anyoen",
    })
    void aValueThatMeansNothingStopsTheStart(String property, String value) throws Exception {
        assertThat(outputOfFailedStart("-D" + property + "=" + value))
                .hasSizeLessThan(3)
                .last()
                .asString()
                .contains(property.substring(property.lastIndexOf('.')), value);
    }

    @Test
    void aKindOfRedisThatParleyCannotUseStopsTheStart() throws Exception {
        assertThat(outputOfFailedStart(
                        "-Dquarkus.redis.hosts=redis://localhost:1", "-Dquarkus.redis.client-type=replication"))
                .containsExactly(
                        "quarkus.redis.client-type is replication, but Parley does not read from replicas: set it to"
                                + " standalone, sentinel or cluster.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:6379", "http://localhost:6379", "redis://:s3cr3t@local_host:6379"})
    void anAddressThatIsNoRedisStopsTheStart(String hosts) throws Exception {
        assertThat(outputOfFailedStart("-Dquarkus.redis.hosts=" + hosts))
                .containsExactly("quarkus.redis.hosts has an entry that is no address of a Redis: write each as"
                        + " redis://host:6379, or rediss:// for TLS, with user:password@ before the host where there are"
                        + " any.");
    }

    @Test
    void guestsOfSeveralInstancesWithoutACommonKeyStopTheStart() throws Exception {
        assertThat(outputOfFailedStart("-Dquarkus.redis.hosts=redis://localhost:1", "-Dparley.guests.enabled=true"))
                .containsExactly(
                        "Guests are on (parley.guests.enabled) and several instances may share Redis, so all need one"
                                + " key: set parley.guests.secret to the same random text of at least 32 bytes on each, for example"
                                + " the output of 'openssl rand -base64 32'.");
    }

    @Test
    void aKeyThatCannotBeReadStopsTheStart() throws Exception {
        assertThat(outputOfFailedStart("-Dparley.tokens.keys=/none.pem"))
                .last()
                .isEqualTo("parley.tokens.keys names /none.pem, which cannot be read: give files with public keys or"
                        + " certificates in PEM, or a JWK or a set of them.");
    }

    @Test
    void spansThatCanGoNowhereStopTheStart() throws Exception {
        assertThat(outputOfFailedStart("-Dparley.tracing.url=collector:4317"))
                .containsExactly(
                        "parley.tracing.url is no URL that spans can be sent to: set it to one with a path, such"
                                + " as http://collector:4318/v1/traces.");
        assertThat(outputOfFailedStart("-Dparley.tracing.ratio=2"))
                .containsExactly("parley.tracing.ratio is 2.0: set it to 0 to 1.");
        assertThat(outputOfFailedStart("-Dparley.tracing.headers=api-key:secret"))
                .last()
                .isEqualTo("parley.tracing.headers: what stands before the '=' of entry 1 is no name of a header:"
                        + " write each entry as name=value, and a comma in a value as \\,.");
    }

    /** What the server prints, once it has ended with status 1. */
    private static List<String> outputOfFailedStart(String... settings) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-Dquarkus.http.port=0"));
        all.addAll(List.of(settings));
        ProcessBuilder builder =
                new ProcessBuilder(Artifact.chosen().command(List.of(), all)).redirectErrorStream(true);
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM tells of them in a line of its own
        Process server = builder.start();
        try {
            List<String> lines =
                    server.inputReader().lines().filter(line -> !line.isBlank()).toList();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isEqualTo(1);
            return lines;
        } finally {
            server.destroyForcibly();
        }
    }
}
