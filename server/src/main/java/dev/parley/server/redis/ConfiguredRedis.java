package dev.parley.server.redis;

import dev.parley.server.config.ParleyConfig;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Makes the link from what {@code quarkus.redis.*} says. Quarkus' own client is never used, as it shares its pool and would wait in it; but it is
 * Quarkus that reads hosts, TLS and credentials, and hands them over here while it makes that client.
 */
@Singleton
final class ConfiguredRedis implements RedisOptionsCustomizer {
    private static final int SECOND = 2;

    private volatile RedisOptions options;

    @Override
    public void customize(String client, RedisOptions configured) {
        if (client.equals("<default>")) {
            options = configured;
        }
    }

    /** @param redis asked only whether there is an active client; merely to inject one would stop the start where no hosts are set */
    @Produces
    @Singleton
    RedisLink link(Vertx vertx, ParleyConfig config, InjectableInstance<Redis> redis) {
        RedisOptions how = redis.listActive().isEmpty() ? null : options;
        return new RedisLink(vertx, how, config.limits().sendTimeout());
    }

    /** After the settings were checked, and before anybody looks for others through it. */
    void open(@Observes @Priority(SECOND) StartupEvent start, RedisLink link) {
        link.open();
    }

    void close(@Disposes RedisLink link) {
        link.close();
    }
}
