package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.RedisSentinels;
import dev.parley.server.testing.RedisServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Acknowledgements wait for a replica: when the primary behind Sentinels dies or hands over, what was acknowledged is still there. */
class SentinelWaitingIT {
    private RedisSentinels redis;

    @RegisterExtension
    final Hub hub = new Hub(2)
            .on(() -> redis = RedisSentinels.installed()
                    .orElseGet(() -> Assumptions.abort("no redis-server of version 7 or later on the PATH")))
            .with("parley.namespaces.\"default\".history.size", "20000")
            .with("parley.redis.wait-replicas", "1")
            .with("parley.redis.probe", "PT1S")
            .with("parley.limits.send-timeout", "PT3S");

    @Test
    void nothingAcknowledgedIsLostWhenThePrimaryDies() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.awaitAcks(300);
            RedisServer primary = redis.primary();
            primary.kill();
            redis.awaitPrimaryOtherThan(primary);
            crowd.awaitAcks(600);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        }
    }

    @Test
    void nothingAcknowledgedIsLostWhenThePrimaryStallsAndComesBackAsAReplica() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.awaitAcks(300);
            RedisServer primary = redis.primary();
            primary.stall();
            redis.awaitPrimaryOtherThan(primary);
            crowd.awaitAcks(300);
            primary.resume();
            crowd.awaitAcks(300);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        }
    }

    private static void assertThatSocketsStayed(Crowd crowd) {
        assertThat(crowd.clients())
                .allSatisfy(client -> assertThat(client.closings())
                        .as("ends of connections of %s", client.name())
                        .isEmpty());
    }
}
