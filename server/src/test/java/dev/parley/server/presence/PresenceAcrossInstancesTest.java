package dev.parley.server.presence;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Address;
import dev.parley.protocol.ServerFrame.PresentUser;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Doorbell;
import dev.parley.server.log.Following;
import dev.parley.server.log.redis.RedisChannelLog;
import dev.parley.server.presence.redis.RedisPresences;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.testing.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Presence on two instances that share a real Redis. */
class PresenceAcrossInstancesTest {
    private static final Address.Group LOBBY = new Address.Group("lobby");

    private final Vertx vertx = Vertx.vertx();
    private final RedisServer redis = RedisServer.embedded();
    private final Set<String> leases = ConcurrentHashMap.newKeySet();
    private final Node one = new Node("n000001", Paces.QUICK);
    private final Node two = new Node("n000002", Paces.QUICK);

    /** One instance, as far as presence is concerned. */
    private final class Node {
        final String name;
        final Told told = new Told();
        final AtomicInteger rings = new AtomicInteger();
        final RedisLink link =
                new RedisLink(vertx, new RedisOptions().setConnectionString(redis.uri()), Duration.ofSeconds(2)).open();
        final ChannelLog log = new RedisChannelLog(link, 0, Duration.ofSeconds(1));
        final Presence presence;
        Following following;

        Node(String name, Pace pace) {
            this.name = name;
            leases.add(name);
            presence = new Presence(told, new RedisPresences(link, log, name), name, () -> leases, vertx, pace);
        }

        /** Hears the group's bell, as an instance with a follower does. */
        void listen() {
            await().until(link::reachable);
            following = log.follow(LOBBY.channel(), new Doorbell() {
                @Override
                public void entry(String epoch, long seq, long previous, long tag, byte[] entry) {
                    throw new AssertionError("nobody appends");
                }

                @Override
                public void event(byte[] event) {
                    presence.heard(LOBBY.channel(), Arrays.copyOfRange(event, 1, event.length));
                    rings.incrementAndGet();
                }

                @Override
                public void interrupted() {
                    // Comparing makes up for it.
                }
            });
            get(following.ready());
        }

        Node arrive(String user) {
            presence.arrived(LOBBY, user, user, connection(user));
            return this;
        }

        void depart(String user) {
            presence.departed(LOBBY, user, connection(user));
        }

        String connection(String user) {
            return name + '.' + user;
        }

        List<String> who() {
            return get(presence.who(LOBBY, 10_000)).users().stream()
                    .map(PresentUser::user)
                    .sorted()
                    .toList();
        }

        /** Ends without a farewell. */
        void die() {
            presence.stop();
            following.close();
            link.close();
            leases.remove(name);
        }
    }

    @BeforeEach
    void listen() {
        one.listen();
        two.listen();
    }

    @AfterEach
    void closeAll() {
        one.link.close();
        two.link.close();
        redis.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whoComesElsewhereIsToldOfHere() {
        one.arrive("ada");
        await().until(() -> one.who().contains("ada"));

        two.arrive("bob");

        await().until(() -> one.told.brief().contains("joined bob 1"));
        assertThat(one.who()).containsExactly("ada", "bob");
    }

    @Test
    void whoWasThereBeforeIsListedButNotToldOf() {
        one.arrive("ada");
        await().until(() -> !get(two.presence.store.read("lobby")).isEmpty());

        two.arrive("bob");

        assertThat(two.who()).containsExactly("ada", "bob");
        await().until(() -> two.told.brief().contains("joined bob 1"));
        assertThat(two.told.brief()).doesNotContain("joined ada 1");
    }

    @Test
    void whoIsOnIsKnownToAnInstanceWithoutFollowers() {
        one.arrive("ada").arrive("bob");

        await().until(() -> two.who().equals(List.of("ada", "bob")));
    }

    @Test
    void devicesOnAllInstancesAreAdded() {
        one.arrive("watcher").arrive("ada");
        await().until(() -> one.told.brief().contains("joined ada 1"));

        two.arrive("ada");

        await().until(() -> one.told.brief().contains("updated ada 2"));
        two.depart("ada");
        await().until(() -> one.told.brief().subList(3, one.told.brief().size()).contains("updated ada 1"));
        assertThat(one.told.brief()).doesNotContain("left ada");
    }

    @Test
    void movingToAnotherInstanceIsNotNoticed() {
        // Longer than news takes from one to the other on a busy machine.
        Duration grace = Duration.ofSeconds(3);
        Node patient = new Node("n000003", Paces.grace(grace));
        patient.listen();
        patient.arrive("watcher").arrive("ada");
        await().until(() -> patient.told.brief().contains("joined ada 1"));
        two.arrive("other");
        await().until(() -> patient.told.brief().contains("joined other 1"));
        int before = patient.told.all().size();

        patient.depart("ada");
        two.arrive("ada");

        await().during(grace.plusSeconds(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> patient.told.all().size() == before);
        assertThat(patient.who()).contains("ada");
        patient.die();
    }

    @Test
    void whoLeavesByWillElsewhereIsGoneHereAtOnce() {
        Node patient = new Node("n000003", Paces.grace(Duration.ofHours(1)));
        patient.listen();
        patient.arrive("watcher");
        await().until(() -> patient.told.brief().contains("joined watcher 1"));
        two.arrive("ada");
        await().until(() -> patient.told.brief().contains("joined ada 1"));

        two.presence.left(LOBBY, "ada", two.connection("ada"));

        await().until(() -> patient.told.brief().contains("left ada"));
        patient.die();
    }

    @Test
    void usersOfADeadInstanceAreGoneAndCleanedUpAfter() {
        one.arrive("ada");
        await().until(() -> one.told.brief().contains("joined ada 1"));
        two.arrive("bob");
        await().until(() -> one.told.brief().contains("joined bob 1"));

        two.die();

        await().until(() -> one.told.brief().contains("left bob"));
        assertThat(one.who()).containsExactly("ada");
        await().until(() -> get(one.presence.store.read("lobby")).size() == 1);
    }

    @Test
    void usersOfAnInstanceWhoseLeaseIsNotSeenYetCountOnceItIsHeard() {
        leases.remove("n000002");
        one.arrive("ada");
        await().until(() -> one.who().contains("ada"));

        two.arrive("bob");

        await().until(() -> one.told.brief().contains("joined bob 1"));
    }

    @Test
    void usersOfAnInstanceWhoseLeaseComesLaterAreToldOfThen() {
        leases.remove("n000002");
        two.arrive("bob");
        // Heard later it would be a sign of life.
        await().until(() -> one.rings.get() == 1);
        one.arrive("ada");
        assertThat(one.who()).containsExactly("ada");

        leases.add("n000002");

        await().until(() -> one.told.brief().contains("joined bob 1"));
    }

    @Test
    void ringsThatWereMissedAreMadeUpFor() {
        one.arrive("ada");
        await().until(() -> one.who().contains("ada"));
        two.arrive("carl");
        await().until(() -> one.told.brief().contains("joined carl 1"));
        one.following.close();

        two.arrive("bob");
        two.depart("carl");

        await().until(() -> one.told.brief().contains("joined bob 1"));
        await().until(() -> one.told.brief().contains("left carl"));
    }

    @Test
    void whatRedisLostIsWrittenAgain() {
        one.arrive("ada");
        two.arrive("bob");
        await().until(() -> get(one.presence.store.read("lobby")).size() == 2);

        redis.command("FLUSHALL");

        await().until(() -> get(one.presence.store.read("lobby")).size() == 2);
        assertThat(one.told.brief()).doesNotContain("left bob");
    }

    @Test
    void changesWhileRedisIsAwayAreMadeUpForWhenItIsBack() {
        one.arrive("ada");
        await().until(() -> one.told.brief().contains("joined ada 1"));
        two.arrive("bob");
        await().until(() -> one.told.brief().contains("joined bob 1"));
        redis.kill();
        await().until(() -> !two.link.reachable());

        two.arrive("carl");
        two.depart("bob");
        redis.start();

        await().until(() -> one.told.brief().contains("joined carl 1"));
        await().until(() -> one.told.brief().contains("left bob"));
        await().until(() -> one.who().equals(List.of("ada", "carl")));
    }

    @Test
    void nothingStaysInRedisOfAGroupThatNobodyFollows() {
        one.arrive("ada");
        two.arrive("bob");
        await().until(() -> get(one.presence.store.read("lobby")).size() == 2);

        one.depart("ada");
        two.depart("bob");

        await().until(() -> redis.command("EXISTS", Keys.presence("lobby")).startsWith(":0"));
        await().until(() -> one.presence.open() == 0 && two.presence.open() == 0);
    }

    @Test
    void aThousandAtOnceMakeFewFramesAndFewRings() {
        one.arrive("ada");
        await().until(() -> one.told.brief().contains("joined ada 1"));
        two.arrive("bob");
        await().until(() -> one.told.brief().contains("joined bob 1"));
        long commandsBefore = commands();

        IntStream.range(0, 1_000).forEach(i -> two.arrive("user" + i));

        await().until(() -> one.told.brief().contains("1002"));
        assertThat(one.told.all()).hasSizeLessThan(300);
        assertThat(commands() - commandsBefore).isLessThan(3_000);
        assertThat(one.who()).hasSize(1_002);
    }

    private long commands() {
        return redis.command("INFO", "stats")
                .lines()
                .filter(line -> line.startsWith("total_commands_processed:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .sum();
    }
}
