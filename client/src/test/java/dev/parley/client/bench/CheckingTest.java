package dev.parley.client.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.client.Peer;
import dev.parley.client.PlayedServer;
import dev.parley.protocol.ClientFrame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hub that is honest but for one message, which the bench must not pass over. */
@Timeout(60)
class CheckingTest {
    private static final long ODD_ONE = 5;

    private final PlayedServer server = new PlayedServer();
    private final ExecutorService hub = Executors.newSingleThreadExecutor();
    private final Crew crew = new Crew(1, Duration.ofSeconds(2));

    @AfterEach
    void closeAll() {
        crew.close();
        server.close();
        hub.shutdownNow();
    }

    /** What the hub does with a message; {@code seq} is its place. */
    private interface Deed {
        void with(Peer peer, ClientFrame.Send send, long seq) throws Exception;
    }

    private Report run(Deed oddDeed) {
        return run(0.5, oddDeed);
    }

    private Report run(double seconds, Deed oddDeed) {
        hub.execute(() -> play(oddDeed));
        Target target = new Target(List.of(server.url()));
        Site site = new Site(
                crew, target, new ServerCost(List.of(ProcessHandle.current().pid()), target.urls()), 1, 0.2, seconds);
        return Messages.run(
                site,
                Plan.fanOut(1, 1),
                new Load.Pace(1, 100, 100),
                members -> ParleyDialect.groups("bench", List.of()));
    }

    private void play(Deed oddDeed) {
        try {
            Peer turnedAway = server.accept();
            turnedAway.refuse(turnedAway.expect(ClientFrame.Hello.class), "unavailable", ",\"retryAfter\":1");
            turnedAway.close(1013, "later");
            Peer peer = server.accept();
            peer.welcome("{\"channel\":\"all\",\"epoch\":\"a1\",\"seq\":3}");
            ClientFrame.Join join = peer.expect(ClientFrame.Join.class);
            peer.say("{\"type\":\"ack\",\"id\":%s,\"group\":\"bench.0\",\"epoch\":\"e1\",\"seq\":0}"
                    .formatted(Peer.id(join.id())));
            for (long seq = 1; true; seq++) {
                ClientFrame.Send send = peer.expect(ClientFrame.Send.class);
                if (seq == ODD_ONE) {
                    oddDeed.with(peer, send, seq);
                } else {
                    honestly(peer, send, seq);
                }
            }
        } catch (Exception | AssertionError e) {
            // The bench has left.
        }
    }

    private static void honestly(Peer peer, ClientFrame.Send send, long seq) {
        acknowledge(peer, send, seq);
        deliver(peer, send, seq);
    }

    private static void acknowledge(Peer peer, ClientFrame.Send send, long seq) {
        peer.say(
                "{\"type\":\"ack\",\"id\":%s,\"messageId\":\"m\",\"channel\":\"group/bench.0\",\"epoch\":\"e1\",\"seq\":%d}"
                        .formatted(Peer.id(send.id()), seq));
    }

    private static String message(ClientFrame.Send send, long seq) {
        return """
                {"type":"message","channel":"group/bench.0","epoch":"e1","seq":%d,"to":{"group":"bench.0"},\
                "from":{"service":"x"},"messageId":"m","event":"message","time":1,"data":%s}""".formatted(seq, send.data());
    }

    private static void deliver(Peer peer, ClientFrame.Send send, long seq) {
        peer.say(message(send, seq));
    }

    @Test
    void anHonestHubIsFoundHonest() {
        Report report = run(CheckingTest::honestly);
        assertThat(report.notes()).isEmpty();
        assertThat(report.number("turnedAway")).as("and it came back").isEqualTo(1);
        assertThat(report.failed()).isFalse();
        assertThat(report.number("sendsPerSecond")).isBetween(80.0, 110.0);
        assertThat(report.number("deliveriesPerSecond")).isPositive();
        assertThat(report.number("deliveryMaxMicros")).isPositive();
        assertThat(report.json()).contains("\"ok\":true").contains("\"missing\":0");
        assertThat(report.text()).contains("missing deliveries");
    }

    @Test
    void aMessageThatIsNotDeliveredIsMissedAndLeavesAHole() {
        Report report = run(CheckingTest::acknowledge);
        assertThat(report.failed()).isTrue();
        assertThat(report.number("missing")).isEqualTo(1);
        assertThat(report.number("holes")).isEqualTo(1);
        assertThat(report.notes()).contains("1 deliveries never came.");
    }

    @Test
    void aMessageThatComesTwiceIsTold() {
        Report report = run((peer, send, seq) -> {
            honestly(peer, send, seq);
            deliver(peer, send, seq);
        });
        assertThat(report.failed()).isTrue();
        assertThat(report.number("duplicates")).isEqualTo(1);
        assertThat(report.number("missing")).isZero();
    }

    @Test
    void severalObjectsInOneFrameAreAllCounted() {
        Report report = run((peer, send, seq) -> {
            acknowledge(peer, send, seq);
            peer.say(
                    "{\"type\":\"ping\"}\n" + message(send, seq) + "\n" + message(send, seq) + "\n{\"type\":\"ping\"}");
        });
        assertThat(report.number("duplicates")).isEqualTo(1);
        assertThat(report.number("missing")).isZero();
        assertThat(report.number("malformed")).isZero();
    }

    @Test
    void aMessageInManyFramesIsOne() {
        Report report = run((peer, send, seq) -> {
            acknowledge(peer, send, seq);
            peer.sayInPieces(message(send, seq), 7);
        });
        assertThat(report.failed()).isFalse();
        assertThat(report.number("missing")).isZero();
    }

    @Test
    void aGapIsNoLoss() {
        Report report = run((peer, send, seq) -> {
            acknowledge(peer, send, seq);
            peer.say(
                    "{\"type\":\"gap\",\"channel\":\"group/bench.0\",\"epoch\":\"e1\",\"from\":%d,\"to\":%d,\"reason\":\"expired\"}"
                            .formatted(seq, seq));
        });
        assertThat(report.number("gaps")).isEqualTo(1);
        assertThat(report.number("holes")).isZero();
        assertThat(report.number("missing")).isZero();
        assertThat(report.failed()).isFalse();
        assertThat(report.notes()).isNotEmpty();
    }

    @Test
    void aRefusalIsCountedByItsCode() {
        Report report = run((peer, send, seq) -> peer.refuse(send, "unavailable", ""));
        assertThat(report.failed()).isTrue();
        assertThat(report.number("missing")).isZero();
        assertThat(report.number("errors")).isEqualTo(1);
        assertThat(report.json()).contains("\"refusals\":{\"unavailable\":1}");
    }

    @Test
    void aHubThatSaysNothingIsNotWaitedForForever() {
        assertThatThrownBy(() -> run(20, (peer, send, seq) -> Thread.sleep(30_000)))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("nothing arrived for 2 s");
    }

    @Test
    void aConnectionThatIsCutIsTold() {
        Report report = run((peer, send, seq) -> peer.close(1012, "draining"));
        assertThat(report.failed()).isTrue();
        assertThat(report.number("lost")).isEqualTo(1);
        assertThat(report.notes()).anyMatch(note -> note.contains("closed by the server: 1012 draining"));
    }
}
