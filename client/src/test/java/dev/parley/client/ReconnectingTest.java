package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.ParleyException.Kind;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ClientFrame.Resume;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectingTest extends ClientTest {
    private static final Duration MIN = Duration.ofMillis(40);
    private static final Duration MAX = Duration.ofMillis(200);

    /** A client whose jitter is always in the middle, so that its delays can be foretold. */
    private ParleyClientBuilder foretellable() {
        return quick().reconnectDelay(MIN, MAX).jitter(() -> 0.5);
    }

    @Test
    void oneFrameResumesEverythingThatWasFollowed() throws Exception {
        ParleyClient client = connecting(quick());
        Peer first = server.accept();
        assertThat(first.welcome(ALL, channel("user/u1", 7), channel("group/chat:a", 2))
                        .resume())
                .isEmpty();
        heard.state(ConnectionState.Connected.class);
        CompletionStage<?> joined = client.join("lobby");
        first.say("{\"type\":\"ack\",\"id\":%s,\"group\":\"lobby\",\"epoch\":\"e1\",\"seq\":41}"
                .formatted(Peer.id(first.expect(ClientFrame.Join.class).id())));
        result(joined);
        first.say(message("group/lobby", 42));
        heard.nextSeq();
        first.cut();

        Peer second = server.accept();
        ClientFrame.Hello hello = second.welcome(
                """
                {"channel":"all","epoch":"a1","seq":3,"recovered":true}""", recovered("user/u1", 7), recovered("group/chat:a", 2), recovered("group/lobby", 44));
        assertThat(hello.resume())
                .containsExactlyInAnyOrder(
                        new Resume("all", new Cursor("a1", 3)),
                        new Resume("user/u1", new Cursor("e1", 7)),
                        new Resume("group/chat:a", new Cursor("e1", 2)),
                        new Resume("group/lobby", new Cursor("e1", 42)));
        second.say(message("group/lobby", 43));
        assertThat(heard.nextSeq())
                .as("the welcome's seq is where the backlog ends, not the cursor")
                .isEqualTo(43);
    }

    @Test
    void aChannelOneMayNotHaveAnyMoreIsToldAndForgotten() throws Exception {
        connecting(quick());
        Peer first = server.accept();
        first.welcome(ALL, channel("group/chat:a", 2));
        heard.state(ConnectionState.Connected.class);
        first.cut();
        Peer second = server.accept();
        second.welcome("""
                {"channel":"all","epoch":"a1","seq":3,"recovered":true}""", """
                {"channel":"group/chat:a","error":"not_joined"}""");
        Recorder.Unfollowed unfollowed = heard.next(Recorder.Unfollowed.class);
        assertThat(unfollowed).isEqualTo(new Recorder.Unfollowed("group/chat:a", ErrorCode.NOT_JOINED));
        second.cut();
        assertThat(server.accept().expect(ClientFrame.Hello.class).resume())
                .extracting(Resume::channel)
                .containsExactly("all");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1012, 1013, 3456})
    void mostClosesAreFollowedByAJitteredReturnTheFirstIncluded(int code) throws Exception {
        connecting(foretellable());
        Peer first = server.accept();
        first.welcome();
        first.close(code, "see you");
        ConnectionState.Waiting waiting = heard.state(ConnectionState.Waiting.class);
        assertThat(waiting.delay()).isEqualTo(MIN.dividedBy(2));
        assertThat(waiting.cause()).hasMessage("closed by the server: " + code + " see you");
        server.accept().welcome();
        heard.state(ConnectionState.Connected.class);
    }

    @Test
    void delaysGrowWhileConnectionsDoNotLast() throws Exception {
        connecting(foretellable());
        for (int i = 0; i < 4; i++) {
            Peer peer = server.accept();
            peer.welcome();
            peer.close(1013, "");
            long expected = Math.min(MIN.toMillis() << i, MAX.toMillis()) / 2;
            assertThat(heard.state(ConnectionState.Waiting.class).delay()).isEqualTo(Duration.ofMillis(expected));
        }
    }

    @Test
    void aDrainingServerNamesTheTime() throws Exception {
        connecting(foretellable());
        Peer first = server.accept();
        first.welcome();
        first.say("{\"type\":\"draining\",\"reconnectAfter\":77}");
        first.close(1012, "draining");
        assertThat(heard.state(ConnectionState.Waiting.class).delay()).isEqualTo(Duration.ofMillis(77));
        server.accept().welcome();
    }

    @Test
    void noSignOfLifeIsAnsweredAtOnce() throws Exception {
        connecting(foretellable());
        Peer first = server.accept();
        first.welcome();
        first.close(4000, "");
        assertThat(heard.state(ConnectionState.Waiting.class).delay()).isZero();
        server.accept().welcome();
    }

    @Test
    void afterAFloodThereIsALongPause() throws Exception {
        connecting(foretellable());
        Peer first = server.accept();
        first.welcome();
        first.close(1008, "");
        assertThat(heard.state(ConnectionState.Waiting.class).delay()).isEqualTo(MAX);
        server.accept().welcome();
    }

    @ParameterizedTest
    @ValueSource(ints = {4200, 4201, 4202})
    void whoIsSentAwayStaysAwayUntilAskedToComeBack(int code) throws Exception {
        ParleyClient client = connecting(quick());
        Peer first = server.accept();
        first.welcome(ALL);
        first.close(code, "go");
        assertThat(heard.state(ConnectionState.Stopped.class).cause().kind()).isEqualTo(Kind.REFUSED);
        CompletionStage<ServerFrame.Welcome> again = client.connect();
        assertThat(server.accept()
                        .welcome(ALL.replace("}", ",\"recovered\":true}"))
                        .resume())
                .containsExactly(new Resume("all", new Cursor("a1", 3)));
        result(again);
    }

    @Test
    void aTokenThatIsRefusedIsReplacedByAnother() throws Exception {
        AtomicInteger tokens = new AtomicInteger();
        connecting(quick().blockingTokens(() -> "token-" + tokens.incrementAndGet()));
        Peer first = server.accept();
        assertThat(first.welcome().token()).isEqualTo("token-1");
        heard.state(ConnectionState.Connected.class);
        first.cut();
        Peer second = server.accept();
        assertThat(second.welcome().token())
                .as("a token is kept while it is good")
                .isEqualTo("token-1");
        second.close(4100, "expired");
        assertThat(server.accept().welcome().token()).isEqualTo("token-2");
    }

    @Test
    void aTokenThatIsRefusedFromTheStartFailsTheConnect() throws Exception {
        ParleyClient client = quick().blockingTokens(() -> "bad").build();
        CompletionStage<ServerFrame.Welcome> connected = client.connect();
        Peer peer = server.accept();
        ClientFrame.Hello hello = peer.expect(ClientFrame.Hello.class);
        peer.refuse(hello, "unauthenticated", "");
        peer.close(4100, "token");
        ParleyException failure = failure(connected, Kind.REFUSED);
        assertThat(failure.code()).contains(ErrorCode.UNAUTHENTICATED);
        assertThat(failure).hasMessage("refused: unauthenticated");
        client.close();
    }

    @Test
    void aTokenSupplierThatFailsIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        connecting(quick().tokens(() -> asked.incrementAndGet() == 1
                ? CompletableFuture.failedFuture(new IllegalStateException("no token today"))
                : CompletableFuture.completedFuture("late")));
        assertThat(heard.state(ConnectionState.Waiting.class).cause()).hasMessage("no token: no token today");
        assertThat(server.accept().welcome().token()).isEqualTo("late");
    }

    @Test
    void aGuestComesBackWithTheTokenItWasGiven() throws Exception {
        connecting(quick());
        Peer first = server.accept();
        assertThat(first.welcome(new Peer.Welcome().token("guest-token")).token())
                .isNull();
        heard.state(ConnectionState.Connected.class);
        first.cut();
        assertThat(server.accept().welcome().token()).isEqualTo("guest-token");
    }

    @Test
    void aTokenAboutToEndIsRefreshedInBand() throws Exception {
        AtomicInteger tokens = new AtomicInteger();
        connecting(quick().blockingTokens(() -> "token-" + tokens.incrementAndGet()));
        Peer peer = server.accept();
        peer.welcome();
        peer.say("{\"type\":\"expiring\",\"in\":30000}");
        ClientFrame.Refresh refresh = peer.expect(ClientFrame.Refresh.class);
        assertThat(refresh.token()).isEqualTo("token-2");
        peer.say("{\"type\":\"ack\",\"id\":%s,\"expires\":5}".formatted(Peer.id(refresh.id())));
        peer.cut();
        assertThat(server.accept().welcome().token()).isEqualTo("token-2");
    }

    @Test
    void aServerThatCannotAnswerNowIsAskedAgain() throws Exception {
        ParleyClient client = quick().build();
        CompletionStage<ServerFrame.Welcome> connected = client.connect();
        Peer first = server.accept();
        first.refuse(first.expect(ClientFrame.Hello.class), "unavailable", ",\"retryable\":true");
        first.close(1013, "");
        server.accept().welcome();
        assertThat(result(connected).user().id()).isEqualTo("u1");
        client.close();
    }

    @Test
    void aServerThatDoesNotWelcomeIsGivenUp() throws Exception {
        connecting(quick().requestTimeout(Duration.ofSeconds(1)));
        server.accept();
        assertThat(heard.state(ConnectionState.Waiting.class).cause()).hasMessageContaining("no welcome");
        server.accept().welcome();
        heard.state(ConnectionState.Connected.class);
    }

    @Test
    void pingsAreAnsweredAndASilentServerIsGivenUp() throws Exception {
        connecting(quick());
        Peer first = server.accept();
        first.welcome(new Peer.Welcome().ping(1500, 500));
        for (int i = 0; i < 3; i++) {
            first.say("{\"type\":\"ping\"}");
            first.expect(ClientFrame.Pong.class);
        }
        assertThat(heard.state(ConnectionState.Waiting.class).cause()).hasMessageContaining("no sign of life");
        server.accept().welcome();
        heard.state(ConnectionState.Connected.class);
    }

    @Test
    void anUpgradeThatIsForbiddenIsNotTriedAgain() throws Exception {
        server.answerHttp("403 Forbidden", "text/plain", "");
        ParleyClient client = quick().build();
        assertThat(failure(client.connect(), Kind.REFUSED).code()).contains(ErrorCode.FORBIDDEN);
        client.close();
    }

    @Test
    void aServerThatIsDownIsTriedUntilItIsThere() throws Exception {
        int port = server.port();
        server.close();
        connecting(quick());
        assertThat(heard.state(ConnectionState.Waiting.class).cause()).hasMessageContaining("connection refused");
        try (PlayedServer late = new PlayedServer(port)) {
            late.accept().welcome();
            heard.state(ConnectionState.Connected.class);
        }
    }

    @Test
    void groupsThatDoNotFitIntoTheHelloAreJoinedOneByOne() throws Exception {
        ParleyClient client = connecting(quick());
        Peer first = server.accept();
        first.welcome(new Peer.Welcome().message(10 * 1024 + 150), ALL);
        heard.state(ConnectionState.Connected.class);
        for (String group : List.of("a", "b", "c")) {
            CompletionStage<?> joined = client.join(group);
            first.say("{\"type\":\"ack\",\"id\":%s,\"group\":\"%s\",\"epoch\":\"e1\",\"seq\":4}"
                    .formatted(Peer.id(first.expect(ClientFrame.Join.class).id()), group));
            result(joined);
        }
        first.cut();
        Peer second = server.accept();
        ClientFrame.Hello hello = second.welcome("""
                {"channel":"all","epoch":"a1","seq":3,"recovered":true}""", recovered("group/a", 4));
        assertThat(hello.resume()).extracting(Resume::channel).containsExactly("all", "group/a");
        for (String group : List.of("b", "c")) {
            ClientFrame.Join join = second.expect(ClientFrame.Join.class);
            assertThat(join.group().name()).isEqualTo(group);
            assertThat(join.since()).isEqualTo(new ClientFrame.Since.After(new Cursor("e1", 4)));
            second.say("{\"type\":\"ack\",\"id\":%s,\"group\":\"%s\",\"epoch\":\"e1\",\"seq\":5}\n%s"
                    .formatted(Peer.id(join.id()), group, message("group/" + group, 5)));
            assertThat(heard.nextSeq()).isEqualTo(5);
        }
    }

    @Test
    void aClosedClientDoesNotComeBack() throws Exception {
        ParleyClient client = connecting(quick());
        Peer peer = server.accept();
        peer.welcome();
        heard.state(ConnectionState.Connected.class);
        client.close();
        assertThat(peer.closeCode()).isEqualTo(1000);
        assertThat(heard.state(ConnectionState.Stopped.class).cause().kind()).isEqualTo(Kind.CLOSED);
        failure(client.connect(), Kind.CLOSED);
    }
}
