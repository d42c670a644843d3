package dev.parley.server.group.redis;

import dev.parley.server.group.PositionStore;
import dev.parley.server.group.PositionStoreContract;
import dev.parley.server.testing.RedisAccess;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisPositionsTest extends PositionStoreContract {

    @RegisterExtension
    static final RedisAccess REDIS = new RedisAccess();

    @Override
    protected PositionStore store() {
        return new RedisPositions(REDIS.link());
    }
}
