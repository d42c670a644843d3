package dev.parley.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.Settings;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigCheckTest {
    private static final Switches SWITCHES =
            new Switches(ConfigMappings.getProperties(ConfigClass.configClass(ParleyConfig.class)));

    @Test
    void defaultsHaveNoProblemAndNoWarning() {
        assertThat(problems(Map.of())).isEmpty();
        assertThat(ConfigCheck.warnings(Settings.with(Map.of()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "parley.limits.sends-per-second, 0, parley.limits.sends-per-second is 0: set it to 1 to 1000000.",
        "parley.limits.send-burst, -5, parley.limits.send-burst is -5: set it to 1 to 2000000.",
        "parley.limits.outgoing, 4096, parley.limits.outgoing is 4096: set it to 65536 to 268435456.",
        "parley.heartbeat.interval, 200MS, parley.heartbeat.interval is 200MS: set it to 1S to 1H.",
        "parley.heartbeat.timeout, 0S, parley.heartbeat.timeout is 0S: set it to 1S to 1H.",
        "parley.limits.hello, 11M, parley.limits.hello is 11M: set it to 1S to 10M.",
        "parley.guests.lifetime, 4000D, parley.guests.lifetime is 4000D: set it to 1M to 3650D.",
        "parley.redis.wait-replicas, -1, parley.redis.wait-replicas is -1: set it to 0 to 16.",
    })
    void aValueOutOfBoundsIsNamedWithWhatIsAllowed(String property, String value, String sentence) {
        assertThat(problems(Map.of(property, value))).containsExactly(sentence);
    }

    @ParameterizedTest
    @MethodSource("outOfBounds")
    void everyBoundIsHeld(String property, String value, String range) {
        Map<String, String> settings = new HashMap<>(Map.of(property, value));
        if (property.startsWith("parley.webhooks.")) {
            settings.put("parley.webhooks.\"n\".url", "https://hooks.example");
            settings.put("parley.webhooks.\"n\".secrets", "whsec_" + "A".repeat(40));
            settings.put("parley.webhooks.\"n\".events", "send");
        }
        // Other sentences may come, of what no longer fits it.
        assertThat(problems(settings))
                .filteredOn(sentence -> sentence.startsWith(property + " is "))
                .contains(property + " is " + value + ": set it to " + range + ".");
    }

    static Stream<Arguments> outOfBounds() {
        return Stream.of(Bounds.FIXED, Bounds.OF_NAMESPACE, Bounds.OF_WEBHOOK)
                .flatMap(List::stream)
                .flatMap(bound -> Stream.of(bound.least() - 1, bound.most() + 1)
                        .filter(value -> value >= 0 && value <= Integer.MAX_VALUE)
                        .map(value -> Arguments.of(
                                bound.property().replace("<name>", "n"),
                                bound.notation().apply(value),
                                bound.range())));
    }

    @ParameterizedTest
    @CsvSource({
        "parley.guests.enabled, ture",
        "parley.broadcast.everyone, 2",
        "parley.namespaces.chat.open, maybe",
        "parley.namespaces.\"chat\".anonymous, never",
    })
    void aSwitchThatIsNeitherOnNorOffIsAProblem(String property, String value) {
        assertThat(switches(Map.of(property, value)))
                .containsExactly(property + " is " + value + ": set it to true or false.");
        assertThat(switches(Map.of(property, "Yes"))).isEmpty();
        assertThat(switches(Map.of(property, "off"))).isEmpty();
    }

    @Test
    void everySwitchIsKnown() {
        assertThat(SWITCHES.names())
                .contains(
                        "parley.guests.enabled",
                        "parley.broadcast.everyone",
                        "parley.namespaces.*.open",
                        "parley.namespaces.*.anonymous");
    }

    private static List<String> switches(Map<String, String> settings) {
        return SWITCHES.complaints(new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(settings, "test", 100))
                        .build())
                .toList();
    }

    @Test
    void aValueOutOfBoundsIsNamedWithItsNamespace() {
        assertThat(problems(Map.of("parley.namespaces.\"prices\".history.size", "0")))
                .containsExactly("parley.namespaces.\"prices\".history.size is 0: set it to 1 to 10000000.");
    }

    @Test
    void aMessageThatFitsNoFrameIsAProblem() {
        assertThat(problems(Map.of("parley.limits.message", "300000")))
                .containsExactly("parley.limits.message is 300000, more than fits a frame: set it to at most"
                        + " parley.limits.frame, which is 262144, or raise that.");
        assertThat(problems(Map.of("parley.limits.message", "262144"))).isEmpty();
    }

    @Test
    void keysAreFetchedOverHttp() {
        for (String url : List.of("id.example/jwks", "file:///etc/passwd", "https://", "jwks://id.example", "a b")) {
            assertThat(problems(Map.of("parley.tokens.jwks.url", url)))
                    .singleElement()
                    .asString()
                    .startsWith("parley.tokens.jwks.url is no URL");
        }
        assertThat(problems(Map.of("parley.tokens.jwks.url", "https://id.example/jwks")))
                .isEmpty();
    }

    @Test
    void spansAreSentOverHttpToAPath() {
        for (String url : List.of(
                "collector:4318", "grpc://collector:4317", "http://collector:4318", "http://collector:4318/", "a b")) {
            assertThat(problems(Map.of("parley.tracing.url", url)))
                    .singleElement()
                    .asString()
                    .startsWith("parley.tracing.url is no URL");
        }
        assertThat(problems(Map.of("parley.tracing.url", "http://collector:4318/v1/traces")))
                .isEmpty();
    }

    @Test
    void aUserInTheCollectorsUrlIsAProblemAndNotShown() {
        assertThat(problems(Map.of("parley.tracing.url", "https://ada:secret@collector/v1/traces")))
                .singleElement()
                .asString()
                .contains("parley.tracing.headers")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({"1.5", "-0.1", "NaN", "Infinity"})
    void aPartOfTheMessagesIsBetweenNoneAndAll(String ratio) {
        assertThat(problems(Map.of("parley.tracing.ratio", ratio)))
                .containsExactly("parley.tracing.ratio is " + ratio + ": set it to 0 to 1.");
    }

    @Test
    void tracesThatGoNowhereAreAWarning() {
        for (String idle : List.of("parley.tracing.ratio", "parley.tracing.headers")) {
            assertThat(ConfigCheck.warnings(Settings.with(Map.of(idle, "0.01"))))
                    .singleElement()
                    .asString()
                    .startsWith(idle)
                    .contains("parley.tracing.url");
        }
        assertThat(ConfigCheck.warnings(Settings.with(
                        Map.of("parley.tracing.ratio", "1", "parley.tracing.url", "http://collector:4318/v1/traces"))))
                .isEmpty();
    }

    @Test
    void howRedisIsRunMustFitItsHosts() {
        List<String> two = List.of("redis://a:6379", "redis://b:6379");

        assertThat(ConfigCheck.redisProblems(two, "replication"))
                .singleElement()
                .asString()
                .contains("quarkus.redis.client-type");
        assertThat(ConfigCheck.redisProblems(List.of("redis://a:6379/3"), "cluster"))
                .singleElement()
                .asString()
                .contains("database");
        assertThat(ConfigCheck.redisProblems(two, "cluster")).isEmpty();
        assertThat(ConfigCheck.redisProblems(two, "sentinel")).isEmpty();
        assertThat(ConfigCheck.redisProblems(List.of("redis://a:6379/3"), "standalone"))
                .isEmpty();
        assertThat(ConfigCheck.redisProblems(List.of(), "")).isEmpty();
    }

    @Test
    void allProblemsAreToldAtOnce() {
        assertThat(problems(Map.of("parley.limits.groups", "0", "parley.limits.in-flight", "0")))
                .hasSize(2);
    }

    @Test
    void aDrainLongerThanAPodIsGivenIsAWarning() {
        assertThat(ConfigCheck.warnings(Settings.with(Map.of("parley.drain.window", "27S"))))
                .singleElement()
                .asString()
                .contains("parley.drain.window", "30 s together", "terminationGracePeriodSeconds");
        assertThat(ConfigCheck.warnings(Settings.with(Map.of("parley.drain.window", "26S"))))
                .isEmpty();
    }

    private static List<String> problems(Map<String, String> settings) {
        return ConfigCheck.problems(Settings.with(settings));
    }
}
