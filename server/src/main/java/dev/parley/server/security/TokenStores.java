package dev.parley.server.security;

import dev.parley.server.redis.RedisLink;
import dev.parley.server.security.memory.MemoryTokens;
import dev.parley.server.security.redis.RedisTokens;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Decides at the start where revocations and tickets are kept: in Redis where one is configured, otherwise in this process. */
@Singleton
final class TokenStores {
    private final RedisLink redis;

    TokenStores(RedisLink redis) {
        this.redis = redis;
    }

    @Produces
    @Singleton
    TokenStore store() {
        return redis.configured() ? new RedisTokens(redis) : new MemoryTokens();
    }
}
