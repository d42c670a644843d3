package dev.parley.server.group.redis;

import dev.parley.server.group.MembershipStore;
import dev.parley.server.group.MembershipStoreContract;
import dev.parley.server.testing.RedisAccess;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisMembershipsTest extends MembershipStoreContract {

    @RegisterExtension
    static final RedisAccess REDIS = new RedisAccess();

    @Override
    protected MembershipStore store() {
        return new RedisMemberships(REDIS.link());
    }
}
