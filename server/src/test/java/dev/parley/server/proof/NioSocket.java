package dev.parley.server.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One light WebSocket of a {@link NioLoop}, on whose thread everything here runs once it is registered. Its masks are zeros, which RFC 6455 allows and costs
 * nothing; it takes no fragments, since the hub sends none.
 */
final class NioSocket {
    private static final int FINAL_TEXT = 0x81;
    private static final int CLOSE = 8;
    private static final int MASKED = 0x80;
    private static final int BUFFER = 64 * 1024;

    private final SocketChannel channel;
    private final Listener listener;
    private SelectionKey key;
    private ByteBuffer in = ByteBuffer.allocate(BUFFER);
    private ByteBuffer out = ByteBuffer.allocate(BUFFER);
    private int closeCode = Wire.BROKEN;
    private boolean ended;

    /** Hears what comes; called on the loop's thread. */
    interface Listener {

        /** A text came: so many bytes of UTF-8 from there on, only during the call. */
        void text(byte[] utf8, int from, int length);

        /** The connection is over, with this code; 1006 for none. Called once. */
        void ended(int code);
    }

    private NioSocket(SocketChannel channel, Listener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    static NioSocket open(URI server, int receiveBuffer, Listener listener) {
        try {
            SocketChannel channel = SocketChannel.open();
            if (receiveBuffer > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            }
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(new InetSocketAddress(server.getHost(), server.getPort()));
            channel.write(StandardCharsets.US_ASCII.encode("GET /v1/connect HTTP/1.1\r\nHost: " + server.getAuthority()
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: parley.v1.json\r\n\r\n"));
            readAnswer(channel);
            channel.configureBlocking(false);
            return new NioSocket(channel, listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Up to the empty line and not a byte further. */
    private static void readAnswer(SocketChannel channel) throws IOException {
        StringBuilder head = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (head.indexOf("\r\n\r\n") < 0) {
            if (channel.read(one.clear()) < 0) {
                throw new IOException("no handshake: " + head);
            }
            head.append((char) one.get(0));
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("no handshake: " + head);
        }
    }

    void register(Selector selector) {
        try {
            key = channel.register(selector, SelectionKey.OP_READ, this);
        } catch (ClosedChannelException e) {
            end();
        }
    }

    /** Sends a text; on a connection that is over it is lost. */
    void send(String text) {
        if (ended) {
            return;
        }
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        while (out.remaining() < payload.length + 14) {
            out = ByteBuffer.allocate(2 * out.capacity()).put(out.flip());
        }
        out.put((byte) FINAL_TEXT);
        if (payload.length < 126) {
            out.put((byte) (MASKED | payload.length));
        } else if (payload.length < 1 << 16) {
            out.put((byte) (MASKED | 126)).putShort((short) payload.length);
        } else {
            out.put((byte) (MASKED | 127)).putLong(payload.length);
        }
        out.putInt(0).put(payload);
        write();
    }

    /** Reads nothing from now on, so that what comes piles up on its way; or reads on. */
    void read(boolean on) {
        if (!ended) {
            key.interestOps(on ? key.interestOps() | SelectionKey.OP_READ : key.interestOps() & ~SelectionKey.OP_READ);
        }
    }

    /** Loses the connection without a word. */
    void drop() {
        end();
    }

    void ready() {
        if (!ended && key.isWritable()) {
            write();
        }
        if (!ended && key.isReadable()) {
            read();
        }
    }

    private void write() {
        try {
            channel.write(out.flip());
            out.compact();
            int reading = key.interestOps() & SelectionKey.OP_READ;
            key.interestOps(out.position() > 0 ? reading | SelectionKey.OP_WRITE : reading);
        } catch (IOException broken) {
            end();
        }
    }

    private void read() {
        try {
            if (!in.hasRemaining()) {
                in = ByteBuffer.allocate(2 * in.capacity()).put(in.flip());
            }
            int got = channel.read(in);
            in.flip();
            while (!ended && takeFrame()) {}
            in.compact();
            if (got < 0) {
                end();
            }
        } catch (IOException broken) {
            end();
        }
    }

    /** Takes the next frame, if all of it is there. */
    private boolean takeFrame() {
        int begin = in.position();
        if (in.remaining() < 2) {
            return false;
        }
        int opcode = in.get() & 0x0F;
        long length = in.get() & 0x7F;
        int more = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (in.remaining() < more) {
            in.position(begin);
            return false;
        }
        length = more == 0 ? length : more == 2 ? in.getShort() & 0xFFFF : in.getLong();
        if (in.remaining() < length) {
            in.position(begin);
            return false;
        }
        int size = (int) length;
        int at = in.position();
        in.position(at + size);
        if (opcode == CLOSE) {
            closeCode = size >= 2 ? in.getShort(at) & 0xFFFF : Wire.BROKEN;
            end();
        } else {
            listener.text(in.array(), at, size);
        }
        return true;
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        try {
            channel.close();
        } catch (IOException e) {
            // It is over either way.
        }
        listener.ended(closeCode);
    }
}
