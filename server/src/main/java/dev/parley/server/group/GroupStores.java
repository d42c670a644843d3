package dev.parley.server.group;

import dev.parley.server.group.memory.MemoryMemberships;
import dev.parley.server.group.memory.MemoryPositions;
import dev.parley.server.group.memory.MemorySettings;
import dev.parley.server.group.memory.MemoryUsers;
import dev.parley.server.group.redis.RedisMemberships;
import dev.parley.server.group.redis.RedisPositions;
import dev.parley.server.group.redis.RedisSettings;
import dev.parley.server.group.redis.RedisUsers;
import dev.parley.server.redis.RedisLink;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Decides at the start where groups are kept: in Redis where one is configured, otherwise in this process. */
@Singleton
final class GroupStores {
    private final RedisLink redis;

    GroupStores(RedisLink redis) {
        this.redis = redis;
    }

    @Produces
    @Singleton
    MembershipStore memberships() {
        return redis.configured() ? new RedisMemberships(redis) : new MemoryMemberships();
    }

    @Produces
    @Singleton
    PositionStore positions() {
        return redis.configured() ? new RedisPositions(redis) : new MemoryPositions();
    }

    @Produces
    @Singleton
    SettingsStore settings() {
        return redis.configured() ? new RedisSettings(redis) : new MemorySettings();
    }

    @Produces
    @Singleton
    UserStore users() {
        return redis.configured() ? new RedisUsers(redis) : new MemoryUsers();
    }
}
