package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One WebSocket as bytes on a plain socket: says what no decent client says, and hears exactly what comes. What is not read stays with the server, so
 * whoever stops calling {@link #read} is a slow reader. One thread at a time.
 */
final class RawSocket implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** The example of RFC 6455, section 1.3, whose answer is known. */
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    static final int PATIENCE_MILLIS = 60_000;
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

    private final Socket socket;
    private final DataInputStream in;
    private final String host;

    /** A frame from the server. */
    record Frame(boolean last, int reserved, int opcode, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** The code of a close frame, 1005 where it has none. */
        int closeCode() {
            return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    private RawSocket(URI root, int receiveBuffer) {
        host = root.getHost() + ":" + root.getPort();
        socket = new Socket();
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress(root.getHost(), root.getPort()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 4096));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects, without a handshake. */
    static RawSocket dial(URI root) {
        return new RawSocket(root, 0);
    }

    /** Connects and shakes hands. */
    static RawSocket open(URI root) {
        return open(root, 0);
    }

    /**
     * Connects and shakes hands.
     *
     * @param receiveBuffer bytes the kernel keeps for a reader who does not read, 0 for as many as it likes
     */
    static RawSocket open(URI root, int receiveBuffer) {
        RawSocket opened = new RawSocket(root, receiveBuffer);
        String answer = opened.handshake("Sec-WebSocket-Protocol: parley.v1.json");
        assertThat(answer).startsWith("HTTP/1.1 101 ");
        return opened;
    }

    /** Sends a good handshake with further headers, and gives the answer's head. */
    String handshake(String... headers) {
        return request(
                "GET /v1/connect HTTP/1.1",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY,
                String.join("\r\n", headers));
    }

    /** Sends a request without a body, and gives the answer's head. */
    String request(String line, String... headers) {
        StringBuilder head = new StringBuilder(line).append("\r\nHost: ").append(host);
        for (String header : headers) {
            if (!header.isEmpty()) {
                head.append("\r\n").append(header);
            }
        }
        bytes(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        return readHead();
    }

    private String readHead() {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            head.append((char) (take(1)[0] & 0xFF));
        }
        return head.toString();
    }

    /** Reads so many bytes as they come. */
    byte[] take(int length) {
        try {
            byte[] taken = in.readNBytes(length);
            assertThat(taken).as("bytes before the end of the connection").hasSize(length);
            return taken;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends bytes as they are. */
    void bytes(byte... bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a whole text message. */
    void text(String text) {
        frame(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a frame as a client must: masked. */
    void frame(boolean last, int opcode, byte... payload) {
        frame((last ? 0x80 : 0) | opcode, true, payload);
    }

    /** Sends a frame as no client should, if it is told to. */
    void frame(int firstByte, boolean masked, byte... payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
        out.write(firstByte);
        int mask = masked ? 0x80 : 0;
        if (payload.length < 126) {
            out.write(mask | payload.length);
        } else if (payload.length <= 0xFFFF) {
            out.write(mask | 126);
            out.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) payload.length).array());
        } else {
            out.write(mask | 127);
            out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        if (masked) {
            out.writeBytes(MASK);
        }
        for (int i = 0; i < payload.length; i++) {
            out.write(masked ? payload[i] ^ MASK[i % 4] : payload[i]);
        }
        bytes(out.toByteArray());
    }

    /** Sends a close frame. */
    void close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        frame(
                true,
                CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    /** The next frame, or null at the end of the connection. */
    Frame read() {
        try {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            int second = in.readUnsignedByte();
            assertThat(second & 0x80).as("a server does not mask").isZero();
            long length = second;
            if (length == 126) {
                length = in.readUnsignedShort();
                assertThat(length).as("shortest form").isGreaterThan(125);
            } else if (length == 127) {
                length = in.readLong();
                assertThat(length).as("shortest form").isGreaterThan(0xFFFF);
            }
            byte[] payload = new byte[Math.toIntExact(length)];
            in.readFully(payload);
            return new Frame((first & 0x80) != 0, first & 0x70, first & 0x0F, payload);
        } catch (SocketException | EOFException reset) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads up to the close frame, answers it and sees the connection end. Gives its code, 1006 where none came. */
    int awaitClose() {
        Frame frame = read();
        while (frame != null && frame.opcode() != CLOSE) {
            frame = read();
        }
        if (frame == null) {
            return 1006;
        }
        int code = frame.closeCode();
        answerClose(frame);
        assertThat(read()).as("nothing comes after a close frame").isNull();
        return code;
    }

    /** Answers a close frame with the same code. The server may have hung up already. */
    private void answerClose(Frame close) {
        try {
            frame(true, CLOSE, Arrays.copyOf(close.payload(), Math.min(2, close.payload().length)));
        } catch (UncheckedIOException gone) {
            // Then the end of the stream follows, which is what the caller looks for.
        }
    }

    /** Breaks off without a word. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
