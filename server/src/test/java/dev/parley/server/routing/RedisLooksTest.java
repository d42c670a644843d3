package dev.parley.server.routing;

import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.redis.RedisChannelLog;
import dev.parley.server.testing.RedisAccess;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisLooksTest extends LooksContract {

    @RegisterExtension
    static final RedisAccess REDIS = new RedisAccess();

    @Override
    protected ChannelLog log() {
        return new RedisChannelLog(REDIS.link(), 0, Duration.ofSeconds(2));
    }
}
