package dev.parley.server.presence.redis;

import static dev.parley.server.testing.Stages.failure;
import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.ProtocolException;
import dev.parley.server.log.redis.RedisChannelLog;
import dev.parley.server.presence.Announcement.Change;
import dev.parley.server.presence.Here;
import dev.parley.server.presence.PresenceStore;
import dev.parley.server.presence.PresenceStoreContract;
import dev.parley.server.presence.Seen;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisClock;
import dev.parley.server.testing.RedisAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisPresencesTest extends PresenceStoreContract {

    @RegisterExtension
    static final RedisAccess REDIS = new RedisAccess();

    @Override
    protected PresenceStore store() {
        return storeOf(NODE);
    }

    @Test
    void eachNodeWritesItsOwnAndReadsAll() {
        get(storeOf("n000001").write("both", List.of(new Change("ada", new Here("Ada", 1, 1), false))));
        get(storeOf("n000002").write("both", List.of(new Change("ada", new Here("Ada", 2, 2), false))));

        get(storeOf("n000001").write("both", List.of(new Change("ada", null, false))));

        assertThat(get(store().read("both"))).containsExactly(new Seen("n000002", "ada", new Here("Ada", 2, 2)));
    }

    @Test
    void whatOthersLeftBehindIsTakenAway() {
        get(storeOf("n000002").write("left", List.of(new Change("ada", new Here("Ada", 1, 1), false))));
        get(storeOf("n000001").write("left", List.of(new Change("ada", new Here("Ada", 1, 1), false))));

        get(store().forget("left", List.of(new Seen("n000002", "ada", new Here("Ada", 1, 1)))));

        assertThat(get(store().read("left"))).extracting(Seen::node).containsExactly("n000001");
    }

    @Test
    void whatNobodyKeepsExpires() {
        get(store().write("expires", List.of(new Change("ada", new Here("Ada", 1, 1), false))));

        String answer = REDIS.server().command("PTTL", Keys.presence("expires"));

        assertThat(Long.parseLong(answer.substring(1).strip()))
                .isBetween(1L, Duration.ofMinutes(30).toMillis());
    }

    /** What a network held up is executed when it gets through, long after a later write. */
    @Test
    void aWriteThatComesTooLateTakesNoEffect() throws IOException {
        String script = new String(
                RedisPresences.class.getResourceAsStream("write.lua").readAllBytes(), StandardCharsets.UTF_8);
        String key = Keys.presence("late");
        String late = Long.toString(System.currentTimeMillis() - 1_000);
        String soon = Long.toString(System.currentTimeMillis() + 60_000);

        assertThat(REDIS.server().command("EVAL", script, "1", key, late, "60000", "n000001|ada", "1 1 Ada"))
                .doesNotStartWith(":0");
        assertThat(get(store().read("late"))).isEmpty();
        assertThat(REDIS.server().command("EVAL", script, "1", key, soon, "60000", "n000001|ada", "1 1 Ada"))
                .startsWith(":0");
        assertThat(get(store().read("late"))).hasSize(1);
    }

    @Test
    void aClockOfRedisSetForwardHoldsUpOneWriteOnly() {
        RedisClock clock = REDIS.link().clock(Keys.presence("forward"));
        // As an instance that does not know of it yet.
        clock.observe(clock.now() - 3_600_000, System.nanoTime());
        PresenceStore store = store();
        List<Change> ada = List.of(new Change("ada", new Here("Ada", 1, 1), false));

        assertThat(failure(store.write("forward", ada))).isInstanceOf(ProtocolException.class);
        get(store.write("forward", ada));

        assertThat(get(store.read("forward"))).hasSize(1);
    }

    private static PresenceStore storeOf(String node) {
        return new RedisPresences(REDIS.link(), new RedisChannelLog(REDIS.link(), 0, Duration.ofSeconds(1)), node);
    }
}
