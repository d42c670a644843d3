package dev.parley.server.group;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Address;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.group.Groups.Mine;
import dev.parley.server.group.redis.RedisMemberships;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.memory.MemoryChannelLog;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.security.Access;
import dev.parley.server.testing.RedisServer;
import dev.parley.server.testing.Settings;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances that change the same memberships in one Redis at the same time. */
class GroupsOnRedisTest {
    private static final Address.Group TEAM = new Address.Group("chat:team");
    private static final int PEOPLE = 100;

    private final Vertx vertx = Vertx.vertx();
    private final RedisServer redis = RedisServer.embedded("--appendonly", "yes", "--appendfsync", "always");
    private final List<RedisLink> links = List.of(link(), link());
    private final ChannelLog log = new MemoryChannelLog(1 << 24);
    private final List<Groups> instances = links.stream().map(this::instance).toList();

    @BeforeEach
    void reached() {
        await().until(() -> links.stream().allMatch(RedisLink::reachable));
    }

    @AfterEach
    void closeAll() {
        links.forEach(RedisLink::close);
        redis.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whenAllJoinAtOnceOneIsTheOwnerAndEachIsToldOfOnce() {
        List<CompletionStage<Groups.Joined>> joins = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            for (Groups instance : instances) {
                joins.add(instance.join(Someone.of("user" + i, "User"), TEAM));
            }
        }

        assertThat(joins).extracting(join -> get(join).role()).contains(Role.OWNER, Role.MEMBER);
        assertThat(get(instances.get(0).standing("user0", TEAM)).members()).isEqualTo(PEOPLE);
        assertThat(Tale.in(log, TEAM.channel()))
                .hasSize(PEOPLE)
                .filteredOn(tale -> tale.data().contains("\"owner\""))
                .hasSize(1);
        for (int i = 0; i < PEOPLE; i++) {
            assertThat(Tale.in(log, "user/user" + i)).hasSize(1);
            assertThat(get(instances.get(1).of("user" + i))).hasSize(1);
        }
    }

    @Test
    void bothOpeningADirectConversationMakeOne() {
        Address.Group direct = new Address.Group("dm:ada~bob");

        CompletionStage<Groups.Joined> ada = instances.get(0).join(Someone.of("ada", "Ada"), direct);
        CompletionStage<Groups.Joined> bob = instances.get(1).join(Someone.of("bob", "Bob"), direct);

        assertThat(get(ada).members()).isEqualTo(2);
        assertThat(get(bob).members()).isEqualTo(2);
        assertThat(Tale.in(log, direct.channel())).hasSize(2);
        assertThat(Tale.in(log, "user/ada")).hasSize(1);
        assertThat(Tale.in(log, "user/bob")).hasSize(1);
    }

    @Test
    void joiningAndLeavingAtOnceEndsInOneOfBothEverywhere() {
        get(instances.get(0).join(Someone.of("owner", "Owner"), TEAM));
        for (int round = 0; round < 100; round++) {
            CompletionStage<?> join = instances.get(round % 2).join(Someone.of("bob", "Bob"), TEAM);
            CompletionStage<?> leave = instances.get((round + 1) % 2).leave(Someone.of("bob", "Bob"), TEAM);
            get(join);
            get(leave);

            Groups.Standing standing = get(instances.get(0).standing("bob", TEAM));
            assertThat(get(instances.get(1).of("bob")))
                    .isEqualTo(
                            standing.role() == null
                                    ? List.of()
                                    : List.of(new Mine(TEAM, standing.role(), standing.term())));
        }
        List<MembershipState> told = Tale.in(log, "user/bob").stream()
                .map(tale -> tale.header().membership().state())
                .toList();
        for (int i = 0; i < told.size(); i++) {
            assertThat(told.get(i)).isEqualTo(i % 2 == 0 ? MembershipState.ADDED : MembershipState.REMOVED);
        }
        assertThat(Tale.in(log, TEAM.channel())).hasSize(1 + told.size());
    }

    @Test
    void joinsThatLostRedisHalfWayAreFinishedByAskingAgain() {
        List<CompletableFuture<?>> joins = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            joins.add(instances
                    .get(i % 2)
                    .join(Someone.of("user" + i, "User"), TEAM)
                    .toCompletableFuture());
            if (i == PEOPLE / 2) {
                await().until(() -> Tale.in(log, TEAM.channel()).size() > 0);
                redis.kill();
            }
        }
        await().until(() -> joins.stream().allMatch(CompletableFuture::isDone));
        assertThat(joins).anyMatch(CompletableFuture::isCompletedExceptionally);
        redis.start();
        reached();

        for (int i = 0; i < PEOPLE; i++) {
            get(instances.get((i + 1) % 2).join(Someone.of("user" + i, "User"), TEAM));
        }

        assertThat(Tale.in(log, TEAM.channel())).hasSize(PEOPLE);
        for (int i = 0; i < PEOPLE; i++) {
            assertThat(Tale.in(log, "user/user" + i)).hasSize(1);
            assertThat(get(instances.get(0).of("user" + i))).hasSize(1);
        }
        assertThat(get(instances.get(0).standing("user0", TEAM)).members()).isEqualTo(PEOPLE);
    }

    private RedisLink link() {
        return new RedisLink(vertx, new RedisOptions().setConnectionString(redis.uri()), Duration.ofSeconds(2)).open();
    }

    private Groups instance(RedisLink link) {
        Namespaces namespaces = new Namespaces(Settings.with(Map.of()), new Exceeded());
        MembershipStore store = new RedisMemberships(link);
        Policies policies = new Policies(new Access(), namespaces, store);
        return new Groups(namespaces, policies, store, log, Tale.into(log), 1_000);
    }
}
