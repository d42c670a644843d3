package dev.parley.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceKeysTest {

    @Test
    void aKeyNamesItsService() {
        ServiceKeys keys = new ServiceKeys(List.of("orders=k1", "stock=k2=", "bare"));

        assertThat(keys.service("k1")).contains("orders");
        assertThat(keys.service("k2=")).contains("stock");
        assertThat(keys.service("bare")).contains("default");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "k11", "K1", "orders", "orders=k1"})
    void anythingElseNamesNone(String bearer) {
        assertThat(new ServiceKeys(List.of("orders=k1")).service(bearer)).isEmpty();
    }

    @Test
    void anOldAndANewKeyWorkSideBySide() {
        ServiceKeys keys = new ServiceKeys(List.of("orders=old", "orders=new"));

        assertThat(keys.service("old")).contains("orders");
        assertThat(keys.service("new")).contains("orders");
    }

    @Test
    void withoutKeysNobodyIsAService() {
        assertThat(new ServiceKeys(List.of()).any()).isFalse();
        assertThat(new ServiceKeys(List.of()).service("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "orders=", "=key", "or/ders=key", "padded==", "a=b c", "a=ké", "parley=key"})
    void malformedKeysStopTheStart(String setting) {
        assertThatThrownBy(() -> new ServiceKeys(List.of(setting)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("parley.api.keys")
                .hasMessageContaining("name=key");
    }
}
