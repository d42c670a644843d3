package dev.parley.server.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.server.testing.Proxy.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyTest {
    private static final int SILENCE_MILLIS = 300;
    private static final int PATIENCE_MILLIS = 20_000;

    private final Echo echo = new Echo();
    private final Proxy proxy = Proxy.to(echo.port());
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        proxy.close();
        echo.close();
    }

    @Test
    void passesOnWhatBothSidesSay() throws IOException {
        Socket socket = dial();

        assertThat(answer(socket, "one")).isEqualTo("one");
        assertThat(answer(socket, "two")).isEqualTo("two");
        assertThat(proxy.tally()).isEqualTo(new Proxy.Tally(1, 1, 6, 6, Map.of()));
    }

    @Test
    void passesOnMoreThanFitsIntoItAndTheEndBehindIt() throws IOException {
        byte[] much = "abcdefgh".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
        Socket socket = dial();
        Thread writer = new Thread(() -> {
            try {
                socket.getOutputStream().write(much);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.start();

        assertThat(socket.getInputStream().readNBytes(much.length)).isEqualTo(much);

        socket.close();
        await().until(() -> proxy.tally().open() == 0 && echo.open() == 0);
    }

    @Test
    void delaysWithoutChangingTheOrder() throws IOException {
        proxy.delay(Duration.ofMillis(20), Duration.ofMillis(120));
        Socket socket = dial();

        long begun = System.nanoTime();
        String said = "";
        for (int i = 0; i < 10; i++) {
            said += i;
            say(socket, Integer.toString(i));
        }

        assertThat(hear(socket, 10)).isEqualTo(said);
        assertThat(millisSince(begun)).isGreaterThanOrEqualTo(40);
    }

    @Test
    void throttles() throws IOException {
        proxy.throttle(20_000);
        Socket socket = dial();

        long begun = System.nanoTime();
        say(socket, "x".repeat(10_000));
        hear(socket, 10_000);

        assertThat(millisSince(begun)).isGreaterThanOrEqualTo(450);
    }

    @Test
    void whatAHalfOpenLinkHeldBackFlowsOnAfterwards() throws IOException {
        Socket before = dial();
        assertThat(answer(before, "a")).isEqualTo("a");
        proxy.halfOpen(true);
        Socket during = dial();
        say(before, "b");
        say(during, "c");
        assertThatItIsSilent(before);
        assertThatItIsSilent(during);

        proxy.heal();

        assertThat(hear(before, 1)).isEqualTo("b");
        assertThat(hear(during, 1)).isEqualTo("c");
    }

    @Test
    void theEndOfOneSideOfAHalfOpenLinkIsNotNoticedByTheOther() throws IOException {
        Socket socket = dial();
        assertThat(answer(socket, "a")).isEqualTo("a");
        proxy.halfOpen(true);
        echo.hangUp();

        assertThatItIsSilent(socket);

        proxy.heal();
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        await().until(() -> proxy.tally().open() == 0);
    }

    @Test
    void aMuteLinkTakesButDoesNotGive() throws IOException {
        Socket socket = dial();
        assertThat(answer(socket, "a")).isEqualTo("a");
        proxy.mute(true);
        say(socket, "b");
        assertThatItIsSilent(socket);
        await().until(() -> echo.heard() == 2);

        proxy.mute(false);

        assertThat(hear(socket, 1)).isEqualTo("b");
    }

    @Test
    void strandedConnectionsPassNothingWhileNewOnesAreWell() throws IOException {
        Socket stranded = dial();
        assertThat(answer(stranded, "a")).isEqualTo("a");
        proxy.strand();
        say(stranded, "b");

        assertThat(answer(dial(), "c")).isEqualTo("c");
        assertThatItIsSilent(stranded);

        proxy.heal();
        assertThat(hear(stranded, 1)).isEqualTo("b");
    }

    @Test
    void silencedConnectionsGiveNothingWhileNewOnesAreWell() throws IOException {
        Socket silenced = dial();
        assertThat(answer(silenced, "a")).isEqualTo("a");
        proxy.silence();
        say(silenced, "b");

        assertThat(answer(dial(), "c")).isEqualTo("c");
        assertThatItIsSilent(silenced);
        await().until(() -> echo.heard() == 3);

        proxy.heal();
        assertThat(hear(silenced, 1)).isEqualTo("b");
    }

    @Test
    void cutConnectionsAreResetOnBothSides() throws IOException {
        Socket socket = dial();
        assertThat(answer(socket, "a")).isEqualTo("a");

        proxy.cut();

        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        await().until(() -> echo.open() == 0);
        assertThat(proxy.tally().open()).isZero();
        assertThat(answer(dial(), "b")).isEqualTo("b");
    }

    @Test
    void cuttingAHalfOpenLinkLosesWhatItHeldBack() throws IOException {
        Socket socket = dial();
        assertThat(answer(socket, "a")).isEqualTo("a");
        proxy.halfOpen(true);
        say(socket, "b");

        proxy.cut();
        proxy.heal();

        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        await().until(() -> echo.open() == 0);
        assertThat(echo.heard()).isEqualTo(1);
    }

    @Test
    void refusesNewConnectionsOnly() throws IOException {
        Socket before = dial();
        assertThat(answer(before, "a")).isEqualTo("a");

        proxy.refuse(true);

        assertThatThrownBy(() -> answer(dial(), "b")).isInstanceOf(IOException.class);
        assertThat(answer(before, "c")).isEqualTo("c");
        await().until(() -> proxy.tally().faults().equals(Map.of("refuse", 1, "refused", 1)));
    }

    @Test
    void aTargetThatIsGoneResetsTheClient() throws IOException {
        // Bound and never listening, so that nobody else comes to listen there either.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (Proxy nowhere = Proxy.to(taken.getLocalPort())) {
                assertThatThrownBy(() -> answer(dial(nowhere), "a")).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void tellsSubscriptionsFromCommands() throws IOException {
        try (RedisServer redis = RedisServer.embedded();
                Proxy toRedis = Proxy.toRedis(redis.port())) {
            Socket commands = dial(toRedis);
            Socket subscription = dial(toRedis);
            assertThat(answer(commands, "*1\r\n$4\r\nPING\r\n", 7)).isEqualTo("+PONG\r\n");
            assertThat(answer(commands, "*2\r\n$4\r\nECHO\r\n$9\r\nSUBSCRIBE\r\n", 15))
                    .isEqualTo("$9\r\nSUBSCRIBE\r\n");
            String hello = "*2\r\n$5\r\nHELLO\r\n$1\r\n";
            say(subscription, hello);
            say(subscription, "3\r\n*2\r\n$9\r\nsubSCRIBE\r\n$1\r\nx\r\n");
            await().until(() -> redis.command("PUBLISH", "x", "1").startsWith(":1"));

            toRedis.cut(Link.SUBSCRIPTIONS);

            await().until(() -> redis.command("PUBLISH", "x", "1").startsWith(":0"));
            assertThat(answer(commands, "*1\r\n$4\r\nPING\r\n", 7)).isEqualTo("+PONG\r\n");
        }
    }

    private Socket dial() throws IOException {
        return dial(proxy);
    }

    private Socket dial(Proxy at) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), at.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hear(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    private static String answer(Socket socket, String text) throws IOException {
        return answer(socket, text, text.length());
    }

    private static String answer(Socket socket, String text, int length) throws IOException {
        say(socket, text);
        String answer = hear(socket, length);
        if (answer.length() < length) {
            throw new IOException("ended");
        }
        return answer;
    }

    private static void assertThatItIsSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** Says back what it hears, each connection on a thread of its own. */
    private static final class Echo implements AutoCloseable {
        private final ServerSocket listening;
        private final List<Socket> open = new ArrayList<>();
        private long heard;

        Echo() {
            try {
                listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            start(this::accept);
        }

        int port() {
            return listening.getLocalPort();
        }

        synchronized int open() {
            return open.size();
        }

        synchronized long heard() {
            return heard;
        }

        synchronized void hangUp() throws IOException {
            for (Socket socket : open) {
                socket.close();
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
            hangUp();
        }

        private static void start(Runnable task) {
            Thread thread = new Thread(task, "echo");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = listening.accept();
                    synchronized (this) {
                        open.add(socket);
                    }
                    start(() -> serve(socket));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                byte[] buffer = new byte[64 * 1024];
                for (int read = socket.getInputStream().read(buffer);
                        read > 0;
                        read = socket.getInputStream().read(buffer)) {
                    synchronized (this) {
                        heard += read;
                    }
                    socket.getOutputStream().write(buffer, 0, read);
                }
            } catch (IOException ended) {
                // Either side may end it.
            } finally {
                synchronized (this) {
                    open.remove(socket);
                }
            }
        }
    }
}
