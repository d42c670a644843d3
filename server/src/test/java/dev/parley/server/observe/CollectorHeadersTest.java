package dev.parley.server.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectorHeadersTest {
    private static final String SECRET = "s3cr3t";

    @Test
    void whatStandsAfterTheFirstEqualsSignIsTheValue() {
        assertThat(CollectorHeaders.of(List.of("api-key=" + SECRET, " Authorization = Basic YTpi== ")))
                .isEqualTo(Map.of("api-key", SECRET, "Authorization", "Basic YTpi=="));
    }

    @Test
    void withoutEntriesThereAreNone() {
        assertThat(CollectorHeaders.of(List.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "s3cr3t, entry 2",
                "api-key: s3cr3t, entry 2",
                "=s3cr3t, entry 2",
                "api key=s3cr3t, entry 2",
                "clé=s3cr3t, entry 2",
                "api-key=, api-key",
                "api-key=s3cr3t\u0007x, api-key",
                "api-key=s3cr3t-é, api-key",
                "Content-Type=s3cr3t, Content-Type",
                "host=s3cr3t, host",
                "FIRST=s3cr3t, FIRST",
            })
    void whatIsNoHeaderIsNamedAndNotShown(String entry, String named) {
        assertThatThrownBy(() -> CollectorHeaders.of(List.of("first=1", entry)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("parley.tracing.headers: ")
                .hasMessageContaining(named)
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void nobodyAddsALineOfTheirOwn() {
        assertThatThrownBy(() -> CollectorHeaders.of(List.of("api-key=a\r\nHost: elsewhere")))
                .isInstanceOf(ConfigurationException.class);
    }
}
