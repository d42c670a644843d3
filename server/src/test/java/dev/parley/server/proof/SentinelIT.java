package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.RedisSentinels;
import dev.parley.server.testing.RedisServer;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three Sentinels watch over a primary with two replicas. It dies with what no replica has: everybody is told. */
class SentinelIT {
    private RedisSentinels redis;

    @RegisterExtension
    final Hub hub = new Hub(2)
            .on(() -> redis = RedisSentinels.installed()
                    .orElseGet(() -> Assumptions.abort("no redis-server of version 7 or later on the PATH")))
            .with("parley.namespaces.\"default\".history.size", "20000")
            .with("parley.redis.probe", "PT1S")
            .with("parley.limits.send-timeout", "PT3S");

    @Test
    void whatTheFailoverTookBackIsDeclared() {
        try (Crowd crowd = new Crowd(hub, 20, false).talk()) {
            crowd.awaitAcks(300);
            RedisServer primary = redis.primary();
            List<RedisServer> replicas =
                    redis.servers().stream().filter(server -> server != primary).toList();
            // What is acknowledged from here on no replica ever gets.
            replicas.forEach(RedisServer::stall);
            primary.command("CLIENT", "KILL", "TYPE", "replica");
            crowd.awaitAcks(100);
            primary.kill();
            replicas.forEach(RedisServer::resume);
            redis.awaitPrimaryOtherThan(primary);
            crowd.awaitAcks(300);

            assertThat(crowd.settle("epoch")).isEmpty();
            assertThat(crowd.clients())
                    .allSatisfy(client -> assertThat(client.heard().frames("gap"))
                            .as("gaps of %s", client.name())
                            .isNotEmpty()
                            .allSatisfy(
                                    gap -> assertThat(gap.getString("reason")).isEqualTo("epoch")));
        }
    }
}
