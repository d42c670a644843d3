package dev.parley.server.presence;

import dev.parley.server.cluster.NodeId;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.presence.memory.MemoryPresences;
import dev.parley.server.presence.redis.RedisPresences;
import dev.parley.server.redis.RedisLink;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Decides at the start where presence is shared: in Redis where one is configured, otherwise there is nobody to share it with. */
@Singleton
final class PresenceStores {

    @Produces
    @Singleton
    PresenceStore presences(RedisLink redis, ChannelLog log, NodeId node) {
        return redis.configured() ? new RedisPresences(redis, log, node.id()) : new MemoryPresences(node.id());
    }
}
