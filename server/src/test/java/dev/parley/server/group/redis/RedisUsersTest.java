package dev.parley.server.group.redis;

import dev.parley.server.group.UserStore;
import dev.parley.server.group.UserStoreContract;
import dev.parley.server.testing.RedisAccess;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisUsersTest extends UserStoreContract {

    @RegisterExtension
    static final RedisAccess REDIS = new RedisAccess();

    @Override
    protected UserStore store() {
        return new RedisUsers(REDIS.link());
    }
}
