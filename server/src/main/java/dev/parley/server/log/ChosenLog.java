package dev.parley.server.log;

import dev.parley.server.config.ParleyConfig;
import dev.parley.server.log.memory.MemoryChannelLog;
import dev.parley.server.log.redis.RedisChannelLog;
import dev.parley.server.redis.RedisLink;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Decides at the start where messages are kept: in Redis where one is configured, otherwise in this process. */
@Singleton
final class ChosenLog {
    private static final Logger LOG = Logger.getLogger(ChosenLog.class);
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private final Vertx vertx;
    private volatile long sweeping = -1;

    ChosenLog(Vertx vertx) {
        this.vertx = vertx;
    }

    @Produces
    @Singleton
    ChannelLog log(RedisLink redis, ParleyConfig config, LogCounters counters) {
        if (redis.configured()) {
            // Replicas that take longer than half of what a sender waits would let every other answer come too late.
            return new RedisChannelLog(
                    redis,
                    config.redis().waitReplicas(),
                    config.limits().sendTimeout().dividedBy(2),
                    counters);
        }
        MemoryChannelLog log = new MemoryChannelLog(config.memory().bytes(), counters);
        sweeping = vertx.setPeriodic(
                SWEEP.toMillis(),
                timer -> vertx.executeBlocking(() -> {
                    log.sweep();
                    return null;
                }));
        return log;
    }

    void stopSweeping(@Disposes ChannelLog log) {
        if (sweeping >= 0) {
            vertx.cancelTimer(sweeping);
        }
    }

    void announce(@Observes StartupEvent start, ChannelLog log, RedisLink redis) {
        if (!redis.configured()) {
            LOG.info(
                    "Messages are kept in memory, in this process only; set quarkus.redis.hosts to keep and share them");
        }
    }
}
