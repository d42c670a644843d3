package dev.parley.server.log.redis;

import dev.parley.server.testing.RedisCluster;
import dev.parley.server.testing.RedisClusterAccess;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On the redis-server 6.2 that comes with the build. */
class EmbeddedRedisClusterChannelLogTest extends RedisClusterChannelLogContract {

    @RegisterExtension
    static final RedisClusterAccess REDIS = new RedisClusterAccess(() -> RedisCluster.embedded(0));

    @Override
    RedisClusterAccess redis() {
        return REDIS;
    }
}
