package dev.parley.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.testing.Settings;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the header is believed, and how far. */
class ClientAddressTest {
    private static final String TRUSTED = "10.0.0.0/8, 192.168.1.7, 2001:db8:1::/48";

    @ParameterizedTest
    @CsvSource({
        // the peer, what stands in the header, whose address it is
        "203.0.113.9, 198.51.100.1, 203.0.113.9",
        "10.1.2.3, 198.51.100.1, 198.51.100.1",
        "10.1.2.3, '6.6.6.6, 198.51.100.1', 198.51.100.1",
        "10.1.2.3, '6.6.6.6, 198.51.100.1, 10.9.9.9', 198.51.100.1",
        "10.1.2.3, '6.6.6.6, 10.9.9.9, 198.51.100.1, 192.168.1.7', 198.51.100.1",
        "10.1.2.3, '10.0.0.5, 10.0.0.6', 10.0.0.5",
        "10.1.2.3, '198.51.100.1, unknown', 10.1.2.3",
        "10.1.2.3, 'evil.example.org', 10.1.2.3",
        "10.1.2.3, '', 10.1.2.3",
        "10.1.2.3, '198.51.100.1:4711', 198.51.100.1",
        "192.168.1.8, 198.51.100.1, 192.168.1.8",
        "2001:db8:1:2::3, '198.51.100.1', 198.51.100.1",
        "2001:db8:2::3, '198.51.100.1', 20010db800020000/64",
        "10.1.2.3, '2001:db8:7:8:1:2:3:4', 20010db800070008/64",
        "10.1.2.3, '[2001:db8:7:8::1]:443', 20010db800070008/64",
        "10.1.2.3, '::ffff:198.51.100.1', 198.51.100.1",
    })
    void theLastThatATrustedProxyNames(String peer, String header, String address) {
        assertThat(trusting(TRUSTED, "x-forwarded-for").of(peer, List.of(header)))
                .isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({
        "'for=198.51.100.1', 198.51.100.1",
        "'for=6.6.6.6, for=\"198.51.100.1:4711\";proto=https;by=10.1.2.3', 198.51.100.1",
        "'For=\"[2001:db8:7:8::1]:4711\"', 20010db800070008/64",
        "'for=198.51.100.1, for=_hidden', 10.1.2.3",
        "'proto=https', 10.1.2.3",
    })
    void theStandardHeaderIsReadAlike(String header, String address) {
        assertThat(trusting(TRUSTED, "forwarded").of("10.1.2.3", List.of(header)))
                .isEqualTo(address);
    }

    @Test
    void severalHeadersAreOneList() {
        assertThat(trusting(TRUSTED, "x-forwarded-for").of("10.1.2.3", List.of("6.6.6.6", "198.51.100.1", "10.0.0.9")))
                .isEqualTo("198.51.100.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/33", "10.0.0", "proxy.example.org", "10.0.0.0/", "2001:db8::/129", "/8", "999.1.1.1"})
    void whatIsNoNetworkStopsTheStart(String network) {
        assertThatThrownBy(() -> trusting(network, "x-forwarded-for"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("parley.proxies.trusted has '" + network)
                .hasMessageContaining("write each like");
    }

    private static ClientAddress trusting(String networks, String header) {
        return new ClientAddress(
                Settings.with(Map.of("parley.proxies.trusted", networks, "parley.proxies.header", header)));
    }
}
