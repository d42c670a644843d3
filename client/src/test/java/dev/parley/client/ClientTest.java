package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.ParleyException.Kind;
import dev.parley.protocol.Address;
import dev.parley.protocol.RawJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of a whole client share: a played server, a recording listener, and that all is closed in the end. */
@Timeout(30)
abstract class ClientTest {
    static final Address LOBBY = new Address.Group("lobby");
    static final RawJson HI = RawJson.of("{\"text\":\"hi\"}");
    static final String ALL = """
            {"channel":"all","epoch":"a1","seq":3}""";

    final Recorder heard = new Recorder();
    private final List<AutoCloseable> open = new ArrayList<>();
    PlayedServer server;

    @BeforeEach
    void startServer() {
        server = new PlayedServer();
        open.add(server);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    /** A client that comes back almost at once. */
    ParleyClientBuilder quick() {
        return ParleyClient.to(server.url())
                .listener(heard)
                .reconnectDelay(Duration.ofMillis(10), Duration.ofMillis(40));
    }

    /** Builds a client and lets it begin to connect. */
    ParleyClient connecting(ParleyClientBuilder builder) {
        ParleyClient client = builder.build();
        open.add(client);
        client.connect();
        return client;
    }

    /** Takes the next connection, welcomes it, and waits until the client has seen that. */
    Peer welcomed(String... channels) throws InterruptedException {
        Peer peer = server.accept();
        peer.welcome(channels);
        heard.state(ConnectionState.Connected.class);
        return peer;
    }

    static <T> T result(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** The reason why a stage fails, which is to be of this kind. */
    static ParleyException failure(CompletionStage<?> stage, Kind kind) throws Exception {
        try {
            throw new AssertionError(
                    "expected a failure, got " + stage.toCompletableFuture().get(10, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(ParleyException.class);
            ParleyException failure = (ParleyException) e.getCause();
            assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
            return failure;
        }
    }

    /** A message of Bob's in a channel of epoch {@code e1}. */
    static String message(String channel, long seq) {
        return message(channel, "e1", seq);
    }

    static String message(String channel, String epoch, long seq) {
        return """
                {"type":"message","channel":"%s","epoch":"%s","seq":%d,"to":{"group":"lobby"},\
                "from":{"user":"u2","name":"Bob","connection":"n7.13"},"messageId":"m%d","event":"message","time":1,\
                "data":{"text":"no. %d"}}""".formatted(channel, epoch, seq, seq, seq);
    }

    /** A channel in a welcome. */
    static String channel(String name, long seq) {
        return """
                {"channel":"%s","epoch":"e1","seq":%d}""".formatted(name, seq);
    }

    /** A channel in a welcome that was resumed without loss. */
    static String recovered(String name, long seq) {
        return """
                {"channel":"%s","epoch":"e1","seq":%d,"recovered":true}""".formatted(name, seq);
    }
}
