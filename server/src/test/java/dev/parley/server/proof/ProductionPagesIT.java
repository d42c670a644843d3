package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the packaged server shows, and what only developers see. */
class ProductionPagesIT {

    @RegisterExtension
    static final Hub HUB = Hub.inMemory();

    @ParameterizedTest
    @CsvSource({
        "/,                    200",
        "/live/,               200",
        "/q/openapi,           200",
        "/q/health/live,       200",
        "/q/metrics,           200",
        "/q/dev,               404",
        "/q/dev/,              404",
        "/q/dev-ui,            404",
        "/q/dev-ui/welcome,    404",
        "/q/swagger-ui,        404",
        "/q/swagger-ui/,       404",
        "/q/arc/beans,         404",
        "/q/health-ui,         404",
        "/tests/,              404",
        "/tests/index.html,    404",
    })
    void developersPagesAreNotThere(String path, int status) {
        assertThat(HUB.server(0).get(path).status()).isEqualTo(status);
    }
}
