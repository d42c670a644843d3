package dev.parley.server.redis;

import dev.parley.server.group.MembershipStore;
import dev.parley.server.group.MembershipStoreContract;
import dev.parley.server.group.PositionStore;
import dev.parley.server.group.PositionStoreContract;
import dev.parley.server.group.SettingsStore;
import dev.parley.server.group.SettingsStoreContract;
import dev.parley.server.group.UserStore;
import dev.parley.server.group.UserStoreContract;
import dev.parley.server.group.redis.RedisMemberships;
import dev.parley.server.group.redis.RedisPositions;
import dev.parley.server.group.redis.RedisSettings;
import dev.parley.server.group.redis.RedisUsers;
import dev.parley.server.log.redis.RedisChannelLog;
import dev.parley.server.presence.PresenceStore;
import dev.parley.server.presence.PresenceStoreContract;
import dev.parley.server.presence.redis.RedisPresences;
import dev.parley.server.testing.RedisCluster;
import dev.parley.server.testing.RedisClusterAccess;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contracts of the stores once more, where their keys live on several servers. */
class StoresOnRedisClusterTest {

    @RegisterExtension
    static final RedisClusterAccess REDIS = new RedisClusterAccess(() -> RedisCluster.embedded(0));

    @Nested
    class Memberships extends MembershipStoreContract {
        @Override
        protected MembershipStore store() {
            return new RedisMemberships(REDIS.link());
        }
    }

    @Nested
    class Positions extends PositionStoreContract {
        @Override
        protected PositionStore store() {
            return new RedisPositions(REDIS.link());
        }
    }

    @Nested
    class Users extends UserStoreContract {
        @Override
        protected UserStore store() {
            return new RedisUsers(REDIS.link());
        }
    }

    @Nested
    class Settings extends SettingsStoreContract {
        @Override
        protected SettingsStore store() {
            return new RedisSettings(REDIS.link());
        }
    }

    @Nested
    class Presences extends PresenceStoreContract {
        @Override
        protected PresenceStore store() {
            RedisChannelLog log = new RedisChannelLog(REDIS.link(), 0, Duration.ofSeconds(1));
            return new RedisPresences(REDIS.link(), log, NODE);
        }
    }
}
