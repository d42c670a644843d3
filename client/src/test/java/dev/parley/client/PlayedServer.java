package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The server's side of the wire, on plain sockets: it takes WebSockets and plays what the test says, word for word. Used by tests, from any thread.
 */
public final class PlayedServer implements AutoCloseable {
    private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final ServerSocket listening;
    private final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final Queue<String> httpAnswers = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<String> httpBodies = new LinkedBlockingQueue<>();

    public PlayedServer() {
        this(0);
    }

    /** A server on a port that was free a moment ago. */
    public PlayedServer(int port) {
        try {
            listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("played-server", this::acceptAll);
    }

    public URI url() {
        return URI.create("ws://127.0.0.1:" + port() + "/v1/connect");
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** The next connection. */
    public Peer accept() throws InterruptedException {
        Peer peer = peers.poll(10, TimeUnit.SECONDS);
        assertThat(peer).as("a connection").isNotNull();
        return peer;
    }

    /** Answers the next HTTP request, an upgrade or not, with this status line's rest and body. */
    public void answerHttp(String status, String contentType, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        httpAnswers.add("HTTP/1.1 " + status + "\r\nContent-Type: " + contentType + "\r\nContent-Length: " + length
                + "\r\nConnection: close\r\n\r\n" + body);
    }

    /** The body of the next plain HTTP request. */
    public String httpBody() throws InterruptedException {
        return httpBodies.poll(10, TimeUnit.SECONDS);
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                synchronized (sockets) {
                    sockets.add(socket);
                }
                daemon("played-peer", () -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void serve(Socket socket) {
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            List<String> head = readHead(in);
            String key = header(head, "Sec-WebSocket-Key");
            String answer = httpAnswers.poll();
            if (answer != null) {
                String length = header(head, "Content-Length");
                httpBodies.add(new String(
                        in.readNBytes(length == null ? 0 : Integer.parseInt(length)), StandardCharsets.UTF_8));
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                socket.close();
                return;
            }
            if (key == null) {
                socket.close();
                return;
            }
            assertThat(header(head, "Sec-WebSocket-Protocol")).isEqualTo("parley.v1.json");
            socket.getOutputStream()
                    .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Protocol: parley.v1.json\r\nSec-WebSocket-Accept: " + accept(key)
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            Peer peer = new Peer(socket, in);
            peers.add(peer);
            peer.readAll();
        } catch (IOException | UncheckedIOException e) {
            // the client went away, which tests do on purpose
        }
    }

    private static List<String> readHead(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                if (line.isEmpty()) {
                    break;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else if (c != '\r') {
                line.append((char) c);
            }
        }
        return lines;
    }

    private static String header(List<String> head, String name) {
        return head.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).trim())
                .findFirst()
                .orElse(null);
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + WEBSOCKET_GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listening.close();
            synchronized (sockets) {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
