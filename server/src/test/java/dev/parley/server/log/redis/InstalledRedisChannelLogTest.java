package dev.parley.server.log.redis;

import dev.parley.server.testing.RedisServer;
import org.junit.jupiter.api.Assumptions;

/** On the machine's own redis-server, from version 7. */
class InstalledRedisChannelLogTest extends RedisChannelLogContract {

    @Override
    RedisServer start(String... settings) {
        return RedisServer.installed(settings)
                .orElseGet(() -> Assumptions.abort("no redis-server of version 7 or later on the PATH"));
    }
}
