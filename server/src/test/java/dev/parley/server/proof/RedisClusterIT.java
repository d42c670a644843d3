package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.redis.Keys;
import dev.parley.server.testing.RedisCluster;
import dev.parley.server.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis is a cluster of three masters with a replica each: one dies, one hands over, a slot moves, and nothing that was acknowledged is missing. */
class RedisClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String BUSY = Keys.meta("group/red");

    private RedisCluster redis;

    @RegisterExtension
    final Hub hub = new Hub(2)
            .on(() -> redis = RedisCluster.installed(1)
                    .orElseGet(() -> Assumptions.abort("no redis-server of version 7 or later on the PATH")))
            .with("parley.namespaces.\"default\".history.size", "20000")
            .with("parley.redis.wait-replicas", "1")
            .with("parley.redis.probe", "PT1S")
            .with("parley.limits.send-timeout", "PT3S");

    @Test
    void nothingAcknowledgedIsLostWhenAMasterDies() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.awaitAcks(300);
            RedisServer master = redis.ownerOf(BUSY);
            master.kill();
            await("a replica takes over").atMost(PATIENCE).until(() -> redis.ownerOf(BUSY) != master);
            master.start();
            crowd.awaitAcks(600);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        }
    }

    @Test
    void nothingIsLostWhenAReplicaIsToldToTakeOver() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.awaitAcks(300);
            RedisServer master = redis.ownerOf(BUSY);
            redis.replicaOf(master).command("CLUSTER", "FAILOVER");
            await("the replica takes over").atMost(PATIENCE).until(() -> redis.ownerOf(BUSY) != master);
            crowd.awaitAcks(600);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        }
    }

    @Test
    void nothingIsLostWhenASlotMovesAndComesBack() {
        try (Crowd crowd = new Crowd(hub, 20, true).talk()) {
            crowd.awaitAcks(300);
            int slot = redis.slot(BUSY);
            RedisServer home = redis.ownerOf(BUSY);
            RedisServer guest = redis.servers().get(redis.servers().get(0) == home ? 1 : 0);
            move(slot, home, guest, crowd);
            move(slot, guest, home, crowd);

            assertThat(crowd.settle()).isEmpty();
            assertThatSocketsStayed(crowd);
        }
    }

    @Test
    void whoIsOnTheOtherInstanceIsReachedAndSeen() {
        RawClient ada = RawClient.guest("Ada").connect(hub.server(0));
        RawClient bob = RawClient.guest("Bob").connect(hub.server(1));
        ada.join("here");
        bob.join("here");

        ada.heard().awaitFrame("presence", frame -> bob.user().equals(frame.getString("user")));
        String toConnection = ada.say(To.connection(bob), "one").getString("messageId");
        String toUser = ada.say(To.user(bob), "two").getString("messageId");

        bob.heard().awaitMessage(toConnection);
        bob.heard().awaitMessage(toUser);
        Checker.assertFaultless(List.of(ada, bob));
    }

    private void move(int slot, RedisServer from, RedisServer to, Crowd crowd) {
        redis.beginMove(slot, from, to);
        crowd.awaitAcks(30);
        redis.moveKeys(slot, from, to);
        redis.endMove(slot, from, to);
        crowd.awaitAcks(300);
    }

    private static void assertThatSocketsStayed(Crowd crowd) {
        assertThat(crowd.clients())
                .allSatisfy(client -> assertThat(client.closings())
                        .as("ends of connections of %s", client.name())
                        .isEmpty());
    }
}
