package dev.parley.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReceivingTest extends ClientTest {
    private static final String LOBBY_CHANNEL = "group/lobby";

    @Test
    void severalFramesComeInOneWebSocketMessage() throws Exception {
        connecting(quick());
        Peer peer = server.accept();
        peer.welcome(channel(LOBBY_CHANNEL, 0));
        peer.say(message(LOBBY_CHANNEL, 1) + "\n\n" + message(LOBBY_CHANNEL, 2) + "\r\n" + message(LOBBY_CHANNEL, 3));
        assertThat(List.of(heard.nextSeq(), heard.nextSeq(), heard.nextSeq())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aMessageIsPutTogetherFromFragments() throws Exception {
        connecting(quick());
        Peer peer = server.accept();
        peer.welcome(channel(LOBBY_CHANNEL, 0));
        String umlauts = "ü€😀".repeat(500);
        peer.sayInPieces(message(LOBBY_CHANNEL, 1).replace("no. 1", umlauts), 7);
        assertThat(heard.next(ServerFrame.Message.class).envelope().data().toString())
                .isEqualTo("{\"text\":\"" + umlauts + "\"}");
    }

    @Test
    void aMessageOverTheBoundEndsTheConnectionAndNotTheProcess() throws Exception {
        connecting(quick().maxIncoming(10_000));
        Peer peer = server.accept();
        peer.welcome();
        try {
            peer.sayInPieces("x".repeat(200_000), 1000);
        } catch (java.io.UncheckedIOException e) {
            // the client has gone already
        }
        ConnectionState.Waiting waiting = heard.state(ConnectionState.Waiting.class);
        assertThat(waiting.cause()).hasMessageContaining("10000 characters");
        server.accept().welcome();
        heard.state(ConnectionState.Connected.class);
    }

    @Test
    void anEntryThatComesTwiceIsHeardOnce() throws Exception {
        connecting(quick());
        Peer peer = server.accept();
        peer.welcome(channel(LOBBY_CHANNEL, 4));
        peer.say(message(LOBBY_CHANNEL, 4));
        peer.say(message(LOBBY_CHANNEL, 5));
        peer.say(message(LOBBY_CHANNEL, 5));
        peer.say(message(LOBBY_CHANNEL, 6));
        assertThat(List.of(heard.nextSeq(), heard.nextSeq())).containsExactly(5L, 6L);
    }

    @Test
    void aHoleIsReportedBeforeWhatFollowsIt() throws Exception {
        connecting(quick());
        Peer peer = server.accept();
        peer.welcome(channel(LOBBY_CHANNEL, 4));
        peer.say(message(LOBBY_CHANNEL, 8));
        Violation violation = heard.next(Violation.class);
        assertThat(violation.channel()).isEqualTo(LOBBY_CHANNEL);
        assertThat(violation.stood()).isEqualTo(new Cursor("e1", 4));
        assertThat(violation.came()).isEqualTo(new Cursor("e1", 8));
        assertThat(heard.nextSeq()).isEqualTo(8);
    }

    @Test
    void skipsAndGapsMoveTheCursor() throws Exception {
        connecting(quick());
        Peer peer = server.accept();
        peer.welcome(channel(LOBBY_CHANNEL, 4));
        peer.say("""
                {"type":"skip","channel":"group/lobby","epoch":"e1","from":5,"to":6}""");
        peer.say(message(LOBBY_CHANNEL, 7));
        peer.say("""
                {"type":"gap","channel":"group/lobby","epoch":"e2","from":1,"to":2,"reason":"epoch"}""");
        peer.say(message(LOBBY_CHANNEL, "e2", 3));
        assertThat(heard.nextSeq()).isEqualTo(7);
        assertThat(heard.next(ServerFrame.Gap.class).to()).isEqualTo(2);
        assertThat(heard.nextSeq()).isEqualTo(3);
        peer.cut();
        assertThat(server.accept().welcome(recovered(LOBBY_CHANNEL, 3)).resume())
                .containsExactly(new ClientFrame.Resume(LOBBY_CHANNEL, new Cursor("e2", 3)));
    }

    @Test
    void whatIsKeptNowhereIsHeardAndMovesNoCursor() throws Exception {
        connecting(quick());
        Peer peer = server.accept();
        peer.welcome(channel(LOBBY_CHANNEL, 4));
        peer.say(message(LOBBY_CHANNEL, 9).replace("\"epoch\":\"e1\",\"seq\":9,", ""));
        assertThat(heard.next(ServerFrame.Message.class).at()).isNull();
        peer.say(message(LOBBY_CHANNEL, 5));
        assertThat(heard.nextSeq()).isEqualTo(5);
    }

    @Test
    void framesOfANewerServerArePassedOverAndUnreadableOnesReported() throws Exception {
        connecting(quick());
        Peer peer = server.accept();
        peer.welcome(channel(LOBBY_CHANNEL, 4));
        peer.say("""
                {"type":"fireworks","colour":"red"}
                {"type":"message","channel":
                """ + message(LOBBY_CHANNEL, 5));
        assertThat(heard.next(Violation.class).detail()).contains("cannot be read");
        assertThat(heard.nextSeq()).isEqualTo(5);
    }

    @Test
    void everyKindOfNewsReachesTheListener() throws Exception {
        connecting(quick());
        Peer peer = server.accept();
        peer.welcome(channel(LOBBY_CHANNEL, 4));
        peer.say("""
                {"type":"presence","group":"lobby","user":"u2","name":"Bob","state":"joined","devices":1}
                {"type":"typing","to":{"group":"lobby"},"user":"u2","name":"Bob","active":true}
                {"type":"receipt","channel":"group/lobby","user":"u2","seq":4}
                {"type":"error","code":"rate_limited","detail":"slower","retryable":true}
                {"type":"membership","group":"chat:x","state":"added","role":"member","epoch":"c1","seq":9}
                """ + message("group/chat:x", "c1", 9));
        assertThat(heard.next(ServerFrame.Presence.class).state()).isEqualTo(ServerFrame.PresenceState.JOINED);
        assertThat(heard.next(ServerFrame.Typing.class).active()).isTrue();
        assertThat(heard.next(ServerFrame.Receipt.class).seq()).isEqualTo(4);
        assertThat(heard.next(ServerFrame.Error.class).detail()).isEqualTo("slower");
        assertThat(heard.next(ServerFrame.Membership.class).group()).isEqualTo("chat:x");
        assertThat(heard.nextSeq())
                .as("from the membership on the group is followed")
                .isEqualTo(9);
    }

    @Test
    void aListenerThatThrowsHearsTheNextOneAllTheSame() throws Exception {
        Recorder failing = new Recorder() {
            @Override
            public void onMessage(ServerFrame.Message message) {
                super.onMessage(message);
                throw new IllegalStateException("the listener's own fault");
            }
        };
        Logger logger = Logger.getLogger(Deliveries.class.getName());
        logger.setLevel(Level.OFF); // the stack traces that are due here would only alarm who reads the build's output
        try {
            connecting(quick().listener(failing));
            Peer peer = server.accept();
            peer.welcome(channel(LOBBY_CHANNEL, 0));
            peer.say(message(LOBBY_CHANNEL, 1) + "\n" + message(LOBBY_CHANNEL, 2) + "\n" + message(LOBBY_CHANNEL, 3));
            assertThat(List.of(failing.nextSeq(), failing.nextSeq(), failing.nextSeq()))
                    .containsExactly(1L, 2L, 3L);
        } finally {
            logger.setLevel(null);
        }
    }

    @Test
    void aSlowListenerStopsTheReadingAndLosesNothing() throws Exception {
        CountDownLatch wakeUp = new CountDownLatch(1);
        Recorder slow = new Recorder() {
            @Override
            public void onMessage(ServerFrame.Message message) {
                try {
                    wakeUp.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.onMessage(message);
            }
        };
        connecting(quick().listener(slow).maxUndelivered(8));
        Peer peer = server.accept();
        peer.welcome(channel(LOBBY_CHANNEL, 0));
        int total = 2000;
        AtomicInteger written = new AtomicInteger();
        String padding = "x".repeat(32_000);
        PlayedServer.daemon("writer", () -> {
            for (int seq = 1; seq <= total; seq++) {
                peer.say(message(LOBBY_CHANNEL, seq).replace("no. ", padding));
                written.set(seq);
            }
        });
        await().until(() -> written.get() > 8);
        // The server's writes stand still only because the client does not read: a read would let them go on at once.
        AtomicInteger last = new AtomicInteger(-1);
        await().pollInterval(Duration.ofMillis(400))
                .atMost(15, SECONDS)
                .until(() -> last.getAndSet(written.get()) == written.get());
        assertThat(written.get()).isLessThan(total);
        wakeUp.countDown();
        for (long seq : LongStream.rangeClosed(1, total).toArray()) {
            assertThat(slow.nextSeq()).isEqualTo(seq);
        }
    }

    @Test
    void cursorsAreStoredOnlyAfterTheListenerHasHandledTheEntry() throws Exception {
        Map<String, Cursor> stored = new ConcurrentHashMap<>(Map.of(LOBBY_CHANNEL, new Cursor("e1", 2)));
        CountDownLatch handled = new CountDownLatch(1);
        Recorder slow = new Recorder() {
            @Override
            public void onMessage(ServerFrame.Message message) {
                super.onMessage(message);
                if (message.at().seq() == 4) {
                    try {
                        handled.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        };
        connecting(quick().listener(slow).cursors(new CursorStore() {
            @Override
            public Map<String, Cursor> load() {
                return Map.copyOf(stored);
            }

            @Override
            public void save(String channel, Cursor cursor) {
                stored.put(channel, cursor);
            }

            @Override
            public void remove(String channel) {
                stored.remove(channel);
            }
        }));
        Peer peer = server.accept();
        assertThat(peer.welcome(recovered(LOBBY_CHANNEL, 4)).resume())
                .containsExactly(new ClientFrame.Resume(LOBBY_CHANNEL, new Cursor("e1", 2)));
        peer.say(message(LOBBY_CHANNEL, 3) + "\n" + message(LOBBY_CHANNEL, 4));
        assertThat(List.of(slow.nextSeq(), slow.nextSeq())).containsExactly(3L, 4L);
        assertThat(stored).containsEntry(LOBBY_CHANNEL, new Cursor("e1", 3));
        handled.countDown();
        await().until(() -> stored.get(LOBBY_CHANNEL).seq() == 4);
    }
}
