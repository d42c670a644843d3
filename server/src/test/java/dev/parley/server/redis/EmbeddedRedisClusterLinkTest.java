package dev.parley.server.redis;

import dev.parley.server.testing.RedisCluster;

/** On the redis-server 6.2 that comes with the build, whose pub/sub is that of the whole cluster. */
class EmbeddedRedisClusterLinkTest extends RedisClusterLinkContract {

    @Override
    RedisCluster start(int replicas) {
        return RedisCluster.embedded(replicas);
    }
}
