package dev.parley.server.cluster;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.testing.RedisAccess;
import io.vertx.redis.client.Command;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections of a user on several instances that share a Redis. */
class UserConnectionsTest {
    @RegisterExtension
    static final RedisAccess REDIS = new RedisAccess();

    private final String user = "ada-" + UUID.randomUUID();
    private final Set<String> alive = new HashSet<>(Set.of("one", "two"));
    private final UserConnections one = on("one");
    private final UserConnections two = on("two");

    @Test
    void thoseOfAllInstancesCount() {
        assertThat(get(one.enter(user))).isEqualTo(1);
        assertThat(get(two.enter(user))).isEqualTo(2);
        assertThat(get(two.enter(user))).isEqualTo(3);
        one.leave(user);

        assertThat(get(two.enter(user))).isEqualTo(3);
        assertThat(get(two.enter("bob-" + user))).isEqualTo(1);
    }

    @Test
    void thoseOfAnInstanceThatIsGoneDoNot() {
        get(one.enter(user));
        get(two.enter(user));
        alive.remove("one");

        assertThat(get(two.enter(user))).isEqualTo(2);
    }

    @Test
    void ofManyWhoComeAtOnceEachIsCountedOnce() {
        List<CompletionStage<Long>> totals = new ArrayList<>();
        Stream.generate(() -> List.of(one, two))
                .limit(50)
                .parallel()
                .flatMap(List::stream)
                .forEach(instance -> {
                    synchronized (totals) {
                        totals.add(instance.enter(user));
                    }
                });
        List<Long> seen = totals.stream().map(total -> get(total)).sorted().toList();

        assertThat(seen.get(99)).isEqualTo(100);
        assertThat(get(one.enter(user))).isEqualTo(101);
    }

    @Test
    void nothingIsKeptOfWhoHasGone() {
        get(one.enter(user));
        get(two.enter(user));
        one.leave(user);
        two.leave(user);

        RedisLink link = REDIS.link();
        String key = Keys.of("user/" + user, "connections", user);
        await().until(() -> get(link.send(Command.EXISTS, key)).toInteger() == 0);
    }

    @Test
    void instancesThatAreGoneAreClearedAwayOnceTheyAreMany() {
        for (int i = 0; i < 60; i++) {
            alive.add("old-" + i);
            get(on("old-" + i).enter(user));
            alive.remove("old-" + i);
        }
        String key = Keys.of("user/" + user, "connections", user);

        assertThat(get(REDIS.link().send(Command.HLEN, key)).toInteger()).isLessThanOrEqualTo(33);
        assertThat(get(one.enter(user))).isEqualTo(1);
    }

    private UserConnections on(String instance) {
        return new UserConnections(REDIS.link(), instance, () -> Set.copyOf(alive));
    }
}
