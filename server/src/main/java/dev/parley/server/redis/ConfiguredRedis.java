package dev.parley.server.redis;

import dev.parley.server.config.ParleyConfig;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * Makes the link from what {@code quarkus.redis.*} says. Quarkus' own client is never used, as it shares its pool and would wait in it; but it is
 * Quarkus that reads hosts, TLS and credentials, and hands them over here while it makes that client.
 */
@Singleton
final class ConfiguredRedis implements RedisOptionsCustomizer {
    private static final int SECOND = 2;
    private static final Set<String> SCHEMES = Set.of("redis", "rediss");

    private volatile RedisOptions options;

    @Override
    public void customize(String client, RedisOptions configured) {
        if (client.equals("<default>")) {
            check(configured.getEndpoints());
            options = configured;
        }
    }

    /** The driver would refuse them too, but with a stack trace and without a word about the setting. They may hold passwords, so none is shown. */
    private static void check(List<String> hosts) {
        for (String host : hosts) {
            URI uri = URI.create(host);
            boolean reachable = SCHEMES.contains(uri.getScheme()) && uri.getHost() != null;
            if (!reachable && !"unix".equals(uri.getScheme())) {
                throw new ConfigurationException("quarkus.redis.hosts has an entry that is no address of a Redis: write"
                        + " each as redis://host:6379, or rediss:// for TLS, with user:password@ before the host where"
                        + " there are any.");
            }
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
