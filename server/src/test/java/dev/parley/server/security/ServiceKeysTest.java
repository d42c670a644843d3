package dev.parley.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceKeysTest {
    private static final String K1_HASH = "6ab9f1eb8f7d3388f4f9d586f66e99fd54080df2c446f0e58668b09c08a16dd0";

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

    /** As {@code printf %s k1 | sha256sum} gives it. */
    @Test
    void aKeyMayBeWrittenAsItsHash() {
        ServiceKeys keys = new ServiceKeys(List.of("orders=sha256:" + K1_HASH, "stock=SHA"));

        assertThat(keys.service("k1")).contains("orders");
        assertThat(keys.service(K1_HASH)).isEmpty();
        assertThat(keys.service("sha256:" + K1_HASH)).isEmpty();
        assertThat(keys.service("SHA")).contains("stock");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=sha256:", "a=sha256:00", "a=sha256:zz", "sha256:1"})
    void aHashThatIsNoneStopsTheStart(String setting) {
        assertThatThrownBy(() -> new ServiceKeys(List.of(setting)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("parley.api.keys")
                .hasMessageContaining("sha256sum");
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
