package dev.parley.server.redis;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.RedisCluster;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** On the machine's own redis-server, from version 7: with the pub/sub of shards. */
class InstalledRedisClusterLinkTest extends RedisClusterLinkContract {

    @Override
    RedisCluster start(int replicas) {
        return RedisCluster.installed(replicas)
                .orElseGet(() -> Assumptions.abort("no redis-server of version 7 or later on the PATH"));
    }

    @Test
    void bellsAreRungWithinTheirShardOnly() {
        Subscription bell = link().subscribe("sharded", message -> {});
        get(bell.ready());

        assertThat(cluster().ownerOf("sharded").words("PUBSUB", "SHARDNUMSUB", "sharded"))
                .containsExactly("sharded", ":1");
        assertThat(cluster().ownerOf("sharded").words("PUBSUB", "NUMSUB", "sharded"))
                .containsExactly("sharded", ":0");
        bell.close();
    }
}
