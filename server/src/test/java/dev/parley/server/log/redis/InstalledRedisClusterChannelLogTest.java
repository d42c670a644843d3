package dev.parley.server.log.redis;

import dev.parley.server.testing.RedisCluster;
import dev.parley.server.testing.RedisClusterAccess;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On the machine's own redis-server, from version 7, with the pub/sub of shards. */
class InstalledRedisClusterChannelLogTest extends RedisClusterChannelLogContract {

    @RegisterExtension
    static final RedisClusterAccess REDIS = new RedisClusterAccess(() -> RedisCluster.installed(0)
            .orElseGet(() -> Assumptions.abort("no redis-server of version 7 or later on the PATH")));

    @Override
    RedisClusterAccess redis() {
        return REDIS;
    }
}
