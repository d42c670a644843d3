package dev.parley.server.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that was welcomed, perhaps, and does not read nor answer anything any more: neither its messages nor a close frame. Used by a test's thread. */
final class Mute implements AutoCloseable {
    private static final int TINY = 4096;
    private static final String LINE = "HTTP/1.1 101";

    private final Socket socket = new Socket();
    private final int status;

    Mute(ServerProcess server) {
        try {
            socket.setReceiveBufferSize(TINY);
            socket.connect(
                    new InetSocketAddress(server.uri().getHost(), server.uri().getPort()));
            write(("GET /v1/connect HTTP/1.1\r\nHost: parley\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String line = new String(socket.getInputStream().readNBytes(LINE.length()), StandardCharsets.US_ASCII);
            status = Integer.parseInt(line.substring(LINE.lastIndexOf(' ') + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says something of at most 125 bytes. */
    Mute say(String frame) {
        byte[] text = frame.getBytes(StandardCharsets.UTF_8);
        byte[] masked = new byte[6 + text.length];
        masked[0] = (byte) 0x81;
        masked[1] = (byte) (0x80 | text.length); // with a mask of zeros
        System.arraycopy(text, 0, masked, 6, text.length);
        try {
            write(masked);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The status with which its upgrade was answered: the last that it ever reads. */
    int status() {
        return status;
    }

    private void write(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
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
