package dev.parley.server.observe;

import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.RedisMemory;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Asks Redis once a minute about its memory, and warns when it would drop messages to make room. Asks on a timer's event loop; {@link Metrics} and {@link Ready}
 * read the last answer on any thread.
 */
@Singleton
final class RedisCare {
    private static final Logger LOG = Logger.getLogger(RedisCare.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final RedisLink link;
    private final Vertx vertx;
    private volatile List<RedisMemory> last = List.of();
    private volatile Long timer;

    RedisCare(RedisLink link, Vertx vertx) {
        this.link = link;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        if (link.configured()) {
            link.onReachable(reachable -> {
                if (reachable) {
                    look();
                }
            });
            look();
            timer = vertx.setPeriodic(PERIOD.toMillis(), tick -> look());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    /** Whether some primary would drop messages when its memory is full, as far as is known. */
    boolean evicts() {
        return last.stream().anyMatch(RedisMemory::evicts);
    }

    /** Bytes that all primaries use. */
    long used() {
        return last.stream().mapToLong(RedisMemory::used).sum();
    }

    /** Bytes that all primaries may use; 0 where some have no limit. */
    long most() {
        return last.stream().allMatch(memory -> memory.most() > 0)
                ? last.stream().mapToLong(RedisMemory::most).sum()
                : 0;
    }

    /** Asks now. What is known stays known where Redis does not answer, or may not tell. */
    void look() {
        link.memory().thenAccept(said -> {
            boolean before = evicts();
            last = said;
            if (evicts() && !before) {
                said.stream()
                        .filter(RedisMemory::evicts)
                        .findFirst()
                        .ifPresent(memory -> LOG.warnf(
                                "Redis has maxmemory-policy %s and will throw away messages when its memory is full: set it to noeviction",
                                memory.policy()));
            }
        });
    }
}
