package dev.parley.server.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.CloseReason;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes in one JVM on a real Redis. */
class TwoNodesTest {
    private static final byte[] FRAME = "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8);

    private final RedisServer redis = RedisServer.embedded();
    private final Node here = new Node("aaaaaaa", redis);
    private final Node there = new Node("bbbbbbb", redis);

    @BeforeEach
    void bothKnowEachOther() {
        here.users.put("aaaaaaa.1", "ada");
        there.users.put("bbbbbbb.1", "ada");
        there.users.put("bbbbbbb.2", "ada");
        await().until(() -> here.leases.reachable() && there.leases.reachable());
        await().until(() ->
                here.leases.alive().size() == 2 && there.leases.alive().size() == 2);
    }

    @AfterEach
    void end() {
        here.die();
        there.die();
        redis.close();
    }

    @Test
    void aFrameReachesAConnectionOfTheOtherNode() {
        assertThat(get(here.cluster.deliver("bbbbbbb.1", FRAME))).isTrue();

        assertThat(there.delivered.get("bbbbbbb.1")).isEqualTo(FRAME);
    }

    @Test
    void aFrameOfAnyBytesArrivesAsItIs() {
        byte[] odd = new byte[70_000];
        for (int i = 0; i < odd.length; i++) {
            odd[i] = (byte) i;
        }

        assertThat(get(here.cluster.deliver("bbbbbbb.1", odd))).isTrue();

        assertThat(there.delivered.get("bbbbbbb.1")).isEqualTo(odd);
    }

    @Test
    void unknownConnectionsAreToldSo() {
        assertThat(get(here.cluster.deliver("bbbbbbb.9", FRAME))).isFalse();
        assertThat(get(here.cluster.deliver("aaaaaaa.9", FRAME))).isFalse();
        assertThat(get(here.cluster.deliver("zzzzzzz.1", FRAME))).isFalse();
        assertThat(get(here.cluster.deliver("nonsense", FRAME))).isFalse();
        assertThat(get(here.cluster.disconnect("bbbbbbb.9", CloseReason.DISCONNECTED)))
                .isFalse();
    }

    @Test
    void aUsersConnectionsAreFoundOnAllNodes() {
        assertThat(get(there.cluster.connectionsOf("ada")))
                .extracting(ConnectionInfo::connection, ConnectionInfo::node, ConnectionInfo::since)
                .containsExactlyInAnyOrder(
                        tuple("aaaaaaa.1", "aaaaaaa", 7L),
                        tuple("bbbbbbb.1", "bbbbbbb", 7L),
                        tuple("bbbbbbb.2", "bbbbbbb", 7L));
        assertThat(get(there.cluster.connectionsOf("bob"))).isEmpty();
    }

    @Test
    void aConnectionIsClosedWhereItIs() {
        assertThat(get(here.cluster.disconnect("bbbbbbb.2", CloseReason.REVOKED)))
                .isTrue();

        assertThat(there.closed).isEqualTo(Map.of("bbbbbbb.2", CloseReason.REVOKED));
    }

    @Test
    void aUserIsDisconnectedEverywhere() {
        assertThat(get(here.cluster.disconnectUser("ada", CloseReason.DISCONNECTED)))
                .isEqualTo(3);

        assertThat(there.closed).containsOnlyKeys("bbbbbbb.1", "bbbbbbb.2");
        assertThat(here.closed).containsOnlyKeys("aaaaaaa.1");
    }

    @Test
    void nodesTellTheirFigures() {
        await().untilAsserted(() -> assertThat(get(here.cluster.nodes()))
                .extracting(NodeInfo::node, NodeInfo::connections, NodeInfo::version)
                .containsExactlyInAnyOrder(tuple("aaaaaaa", 1, "1.0"), tuple("bbbbbbb", 2, "1.0")));
    }

    @Test
    void aNodeThatJustCameIsAskedToo() {
        Node newcomer = new Node("ccccccc", redis);
        newcomer.users.put("ccccccc.1", "bob");
        await().until(newcomer.leases::reachable);

        assertThat(get(here.cluster.connectionsOf("bob"))).hasSize(1);
        assertThat(get(here.cluster.deliver("ccccccc.1", FRAME))).isTrue();
        newcomer.die();
    }

    @Test
    void aDeadNodeIsGoneInTheEnd() {
        there.die();

        await().until(() -> here.leases.alive().size() == 1);
        assertThat(get(here.cluster.deliver("bbbbbbb.1", FRAME))).isFalse();
        assertThat(get(here.cluster.connectionsOf("ada"))).hasSize(1);
        await().until(() -> !redis.command("SMEMBERS", "parley:nodes").contains("bbbbbbb"));
    }

    @Test
    void aNodeThatLivesButDoesNotAnswerIsUnavailable() {
        redis.command("SET", "parley:node:ddddddd", "1 2 1.0");
        redis.command("SADD", "parley:nodes", "ddddddd");

        assertUnavailable(here.cluster.deliver("ddddddd.1", FRAME));
        assertUnavailable(here.cluster.connectionsOf("ada"));
        assertUnavailable(here.cluster.disconnectUser("ada", CloseReason.DISCONNECTED));
    }

    @Test
    void aRestartOfRedisCostsNobodyTheirPlace() {
        redis.kill();
        await().until(() -> !here.leases.reachable());
        assertUnavailable(here.cluster.deliver("bbbbbbb.1", FRAME));
        assertThat(here.leases.alive()).containsExactlyInAnyOrder("aaaaaaa", "bbbbbbb");

        redis.start();

        await().atMost(60, SECONDS).until(() -> here.leases.reachable() && there.leases.reachable());
        assertThat(here.leases.alive()).containsExactlyInAnyOrder("aaaaaaa", "bbbbbbb");
        assertThat(get(here.cluster.deliver("bbbbbbb.1", FRAME))).isTrue();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, SECONDS).join();
    }

    private static void assertUnavailable(CompletionStage<?> stage) {
        assertThatThrownBy(() -> get(stage))
                .isInstanceOf(CompletionException.class)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(ProtocolException.class))
                .extracting(ProtocolException::code)
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }
}
