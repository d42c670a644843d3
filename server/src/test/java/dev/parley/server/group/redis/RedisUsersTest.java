package dev.parley.server.group.redis;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.group.UserStore;
import dev.parley.server.group.UserStoreContract;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.Subscription;
import dev.parley.server.testing.RedisAccess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisUsersTest extends UserStoreContract {

    @RegisterExtension
    static final RedisAccess REDIS = new RedisAccess();

    @Override
    protected UserStore store() {
        return new RedisUsers(REDIS.link());
    }

    /** As after FLUSHALL. */
    @Test
    void whoIsConnectedWasSeenThoughRedisForgot() {
        Subscription inbox = REDIS.link().subscribe(Keys.bell("user/forgotten"), message -> {});
        get(inbox.ready());

        assertThat(get(store().wasSeen("forgotten"))).isTrue();

        inbox.close();
        await().until(() -> !get(store().wasSeen("forgotten")));
    }
}
