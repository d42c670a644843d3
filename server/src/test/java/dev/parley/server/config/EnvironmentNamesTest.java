package dev.parley.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentNamesTest {
    private final EnvironmentNames names =
            new EnvironmentNames(ConfigMappings.getProperties(ConfigClass.configClass(ParleyConfig.class))
                    .keySet());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PARLEY_GUESTS_ENABLED",
                "PARLEY_LIMITS_SENDS_PER_SECOND",
                "PARLEY_API_KEYS",
                "PARLEY_API_KEYS_0_",
                "PARLEY_NAMESPACES__PRICES__HISTORY_SIZE",
                "PARLEY_NAMESPACES_PRICES_MEMBERSHIP",
            })
    void settingsAreKnown(String variable) {
        assertThat(names.complaints(List.of(variable))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PARLEY_SERVICE_HOST",
                "PARLEY_SERVICE_PORT_HTTP",
                "PARLEY_PORT",
                "PARLEY_PORT_8080_TCP_ADDR",
                "PARLEY_REDIS_PORT_6379_TCP",
                "PARLEY_URL",
                "PARLEY_TOKEN",
                "QUARKUS_HTTP_PORT",
                "PATH",
            })
    void whatKubernetesAndOthersSetIsLeftAlone(String variable) {
        assertThat(names.complaints(List.of(variable))).isEmpty();
    }

    @Test
    void aMisspeltVariableIsToldWithTheRightOne() {
        assertThat(names.complaints(List.of("PARLEY_GUEST_ENABLED")))
                .containsExactly("The environment variable PARLEY_GUEST_ENABLED sets nothing: no property of Parley has"
                        + " that name; did you mean PARLEY_GUESTS_ENABLED?");
    }

    @Test
    void aVariableUnlikeAnyIsToldWithoutAGuess() {
        assertThat(names.complaints(List.of("PARLEY_SECRET_OF_EVERLASTING_YOUTH")))
                .containsExactly("The environment variable PARLEY_SECRET_OF_EVERLASTING_YOUTH sets nothing: no property"
                        + " of Parley has that name.");
    }

    @Test
    void aMisspeltPropertyOfANamespaceIsTold() {
        assertThat(names.complaints(List.of("PARLEY_NAMESPACES__PRICES__HISTORY_SIZES")))
                .hasSize(1);
    }
}
