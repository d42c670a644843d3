package dev.parley.server.log.redis;

import dev.parley.server.testing.RedisServer;

/** On the redis-server 6.2 that comes with the build. */
class EmbeddedRedisChannelLogTest extends RedisChannelLogContract {

    @Override
    RedisServer start(String... settings) {
        return RedisServer.embedded(settings);
    }
}
