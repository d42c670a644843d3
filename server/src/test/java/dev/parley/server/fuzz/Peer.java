package dev.parley.server.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A plain socket to the server, for one case of one attack. That the server hangs up while something is being said to it is its right; that it stays silent where it must
 * answer is a {@link SocketTimeoutException}.
 */
final class Peer implements Closeable {
    static final int TEXT = 1;
    static final int CLOSE = 8;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int HEAD_MOST = 256 * 1024;

    private final Socket socket;
    private final DataInputStream in;
    final String host;

    /** A WebSocket frame from the server. */
    record Frame(int first, byte[] payload) {
        int opcode() {
            return first & 0x0F;
        }

        /** The code of a close frame, 1005 where it has none. */
        int closeCode() {
            return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    /** An answer over HTTP. Header names are in lower case. */
    record Answer(int status, Map<String, String> headers, String body) {}

    Peer(URI server) throws IOException {
        host = server.getHost() + ":" + server.getPort();
        socket = new Socket();
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** A WebSocket, its handshake done. */
    static Peer connect(URI server) throws IOException {
        Peer peer = new Peer(server);
        peer.send(handshake(peer.host).getBytes(StandardCharsets.ISO_8859_1));
        Answer answer = peer.answer("GET");
        if (answer == null || answer.status() != 101) {
            throw new IOException("no handshake: " + answer);
        }
        return peer;
    }

    static String handshake(String host) {
        return "GET /v1/connect HTTP/1.1\r\nHost: " + host
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: parley.v1.json\r\n\r\n";
    }

    void send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException hungUp) {
            // Why is in what can still be read.
        }
    }

    /** In pieces, each of which the server may read alone. */
    void sendChopped(byte[] bytes, Random random) throws IOException {
        int at = 0;
        for (int pieces = random.nextInt(6); pieces > 0 && at < bytes.length; pieces--) {
            int length = 1 + random.nextInt(Math.max(1, bytes.length - at));
            send(Arrays.copyOfRange(bytes, at, at + length));
            at += length;
            Thread.onSpinWait();
        }
        send(Arrays.copyOfRange(bytes, at, bytes.length));
    }

    /** A frame as a client sends it. */
    static byte[] frame(int firstByte, byte[] payload, int mask) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
        out.write(firstByte);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else if (payload.length <= 0xFFFF) {
            out.write(0x80 | 126);
            out.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) payload.length).array());
        } else {
            out.write(0x80 | 127);
            out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        byte[] masks = ByteBuffer.allocate(4).putInt(mask).array();
        out.writeBytes(masks);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ masks[i % 4]);
        }
        return out.toByteArray();
    }

    /** The next frame, or null where the connection ended. */
    Frame readFrame() throws IOException {
        return readFrame(PATIENCE_MILLIS);
    }

    Frame readFrame(int patienceMillis) throws IOException {
        socket.setSoTimeout(patienceMillis);
        try {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            socket.setSoTimeout(PATIENCE_MILLIS);
            long length = in.readUnsignedByte();
            if (length >= 128) {
                throw new IOException("the server masks");
            }
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            byte[] payload = new byte[Math.toIntExact(length)];
            in.readFully(payload);
            return new Frame(first, payload);
        } catch (SocketException | EOFException gone) {
            return null;
        }
    }

    /** The answer to a request, its body as far as it has a length; null where the server hung up instead. */
    Answer answer(String method) throws IOException {
        return answer(method, PATIENCE_MILLIS);
    }

    Answer answer(String method, int patienceMillis) throws IOException {
        socket.setSoTimeout(patienceMillis);
        try {
            String[] lines = head().split("\r\n");
            Map<String, String> headers = new TreeMap<>();
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(':');
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
            int status = Integer.parseInt(lines[0].split(" ")[1]);
            byte[] body = {};
            if (headers.containsKey("content-length") && !method.equals("HEAD") && status != 304) {
                body = new byte[Integer.parseInt(headers.get("content-length"))];
                in.readFully(body);
            } else if ("chunked".equals(headers.get("transfer-encoding"))
                    && !headers.getOrDefault("content-type", "").startsWith("text/event-stream")) {
                body = chunks();
            }
            return new Answer(status, headers, new String(body, StandardCharsets.UTF_8));
        } catch (SocketException | EOFException gone) {
            return null;
        }
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
            if (head.length() > HEAD_MOST) {
                throw new IOException("a head without an end: " + head.substring(0, 200));
            }
        }
        return head.toString();
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            StringBuilder size = new StringBuilder();
            while (size.indexOf("\r\n") < 0) {
                size.append((char) in.readUnsignedByte());
            }
            byte[] chunk = new byte[Integer.parseInt(size.toString().strip(), 16) + 2];
            in.readFully(chunk);
            if (chunk.length == 2) {
                return body.toByteArray();
            }
            body.write(chunk, 0, chunk.length - 2);
        }
    }

    /** Everything that comes until it is quiet for a while, or over. */
    String readQuiet(int millis, int most) throws IOException {
        socket.setSoTimeout(millis);
        StringBuilder all = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0 && all.length() < most; next = in.read()) {
                all.append((char) next);
            }
        } catch (SocketTimeoutException | SocketException quiet) {
            // As much as there was.
        }
        return all.toString();
    }

    /** Says that nothing more comes, and sees the server hang up, too: a connection that it kept would be one that nobody ends. */
    void awaitEnd() throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        try {
            socket.shutdownOutput();
            byte[] rest = new byte[8192];
            for (int got = 0; got >= 0; got = in.read(rest)) {}
        } catch (SocketException reset) {
            // An end like any other.
        }
    }

    /** Breaks off without a word. */
    void reset() throws IOException {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException gone) {
            // Then there is nothing to reset.
        }
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
