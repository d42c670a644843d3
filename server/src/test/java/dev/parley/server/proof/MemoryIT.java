package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One instance without Redis behaves like any other, as long as it lives. */
class MemoryIT {

    @RegisterExtension
    final Hub hub = Hub.inMemory().with("parley.namespaces.\"default\".history.size", "20000");

    @Test
    void nothingIsLostWhenClientsLoseTheirConnections() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.loseConnections(10);

            assertThat(crowd.settle()).isEmpty();
        }
    }
}
