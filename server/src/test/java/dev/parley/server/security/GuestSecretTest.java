package dev.parley.server.security;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.testing.Settings;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuestSecretTest {

    @Test
    void aShortSecretStopsTheStart() {
        var config = Settings.with(Map.of("parley.guests.secret", "x".repeat(31)));

        assertThatThrownBy(() -> new GuestSecret(config, false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("parley.guests.secret")
                .hasMessageContaining("at least 32")
                .hasMessageNotContaining("xxx");
    }

    @Test
    void theLengthCountsInBytes() {
        var config = Settings.with(Map.of("parley.guests.secret", "é".repeat(16)));

        assertThatCode(() -> new GuestSecret(config, true)).doesNotThrowAnyException();
    }

    @Test
    void guestsOnSeveralInstancesNeedASecret() {
        var config = Settings.with(Map.of("parley.guests.enabled", "true"));

        assertThatThrownBy(() -> new GuestSecret(config, true))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("set parley.guests.secret");
        assertThatCode(() -> new GuestSecret(config, false)).doesNotThrowAnyException();
    }

    @Test
    void withoutGuestsNoSecretIsNeeded() {
        assertThatCode(() -> new GuestSecret(Settings.with(Map.of()), true)).doesNotThrowAnyException();
    }
}
