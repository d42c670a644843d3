package dev.parley.client.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A client's side of one WebSocket (RFC 6455) that trusts its server: messages are looked at where they were read, and nothing is allocated for one that comes
 * whole. Belongs to its reactor's thread.
 */
public final class WebSocket {
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int HEADER_MAX = 14;

    /** Bytes that wait for a server that does not read, over which the connection is given up. */
    private static final int WAITING_MAX = 16 * 1024 * 1024;

    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private enum State {
        CONNECTING,
        UPGRADING,
        OPEN,
        ENDED
    }

    /** Whose socket it is. */
    interface Handler {
        void opened();

        /** A whole message: the bytes from {@code from} to {@code to}, valid during the call. */
        void received(ByteBuffer in, int from, int to);

        /** It is over, whoever ended it; the last call, made once. */
        void ended(String why);
    }

    private final Reactor reactor;
    private final Handler handler;
    private final byte[] request;
    private final int mask = ThreadLocalRandom.current().nextInt();
    private SocketChannel channel;
    private SelectionKey key;
    private State state = State.CONNECTING;
    private byte[] rest = {};
    private int restBytes;
    private ByteBuffer fragments;
    private ByteBuffer out = ByteBuffer.allocate(0);
    private boolean toFlush;
    private boolean leaving;
    private boolean deaf;

    WebSocket(Reactor reactor, byte[] request, Handler handler) {
        this.reactor = reactor;
        this.request = request;
        this.handler = handler;
    }

    /** The reactor it belongs to. */
    public Reactor reactor() {
        return reactor;
    }

    void connect(InetSocketAddress address) {
        try {
            channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            key = channel.register(reactor.selector(), SelectionKey.OP_CONNECT, this);
            channel.connect(address);
        } catch (IOException e) {
            end(e.getMessage());
        }
    }

    void ready() {
        try {
            if (state == State.CONNECTING) {
                if (channel.finishConnect()) {
                    state = State.UPGRADING;
                    key.interestOps(SelectionKey.OP_READ);
                    room(request.length).put(request);
                    scheduleFlush();
                }
                return;
            }
            if (key.isWritable()) {
                flush();
            }
            if (state != State.ENDED && key.isReadable()) {
                read();
            }
        } catch (IOException e) {
            end(e.getMessage());
        }
    }

    private void read() throws IOException {
        ByteBuffer in = reactor.incoming().clear();
        in.put(rest, 0, restBytes);
        if (channel.read(in) < 0) {
            end(leaving ? "left" : "closed by the server without a word");
            return;
        }
        int to = in.position();
        int at = state == State.UPGRADING ? upgrade(in, to) : 0;
        at = messages(in, at, to);
        if (at == 0 && to == in.capacity()) {
            reactor.growIncoming();
        }
        restBytes = to - at;
        if (restBytes > rest.length) {
            rest = new byte[restBytes];
        } else if (restBytes == 0 && rest.length > 4096) {
            rest = new byte[0];
        }
        in.get(at, rest, 0, restBytes);
    }

    private int upgrade(ByteBuffer in, int to) {
        int end = Bytes.indexOf(in, 0, to, END_OF_HEAD);
        if (end == to) {
            return 0;
        }
        byte[] head = new byte[end];
        in.get(0, head);
        String status = new String(head, StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("");
        if (!status.startsWith("HTTP/1.1 101 ")) {
            end("refused the upgrade: " + status);
            return to;
        }
        state = State.OPEN;
        handler.opened();
        return end + END_OF_HEAD.length;
    }

    /** Takes all whole messages and says where the rest begins. */
    private int messages(ByteBuffer in, int from, int to) throws IOException {
        int at = from;
        while (state == State.OPEN && to - at >= 2) {
            int first = in.get(at);
            int size = in.get(at + 1) & 0x7F;
            int payload = at + 2;
            if (size == 126) {
                payload += 2;
                size = to < payload ? 0 : (in.get(at + 2) & 0xFF) << 8 | in.get(at + 3) & 0xFF;
            } else if (size == 127) {
                payload += 8;
                size = to < payload ? 0 : (int) bigEndian(in, at + 2);
            }
            if (to < payload || to - payload < size) {
                return at;
            }
            frame(first, in, payload, payload + size);
            at = payload + size;
        }
        return state == State.OPEN || state == State.UPGRADING ? at : to;
    }

    private static long bigEndian(ByteBuffer in, int at) throws IOException {
        long size = in.getLong(at);
        size = in.order() == ByteOrder.LITTLE_ENDIAN ? Long.reverseBytes(size) : size;
        if (size < 0 || size > Integer.MAX_VALUE / 4) {
            throw new IOException("a frame of " + size + " bytes");
        }
        return size;
    }

    private void frame(int first, ByteBuffer in, int from, int to) {
        int opcode = first & 0x0F;
        boolean last = (first & FIN) != 0;
        if (opcode <= BINARY) {
            if (last && fragments == null) {
                handler.received(in, from, to);
            } else {
                fragment(last, in, from, to);
            }
        } else if (opcode == PING) {
            ByteBuffer pong = reactor.scratch();
            for (int i = from; i < to; i++) {
                pong.put(in.get(i));
            }
            send(PONG, pong.flip());
        } else if (opcode == CLOSE) {
            end(leaving ? "left" : "closed by the server" + closeText(in, from, to));
        }
    }

    private static String closeText(ByteBuffer in, int from, int to) {
        if (to - from < 2) {
            return " without a code";
        }
        byte[] reason = new byte[to - from - 2];
        in.get(from + 2, reason);
        int code = (in.get(from) & 0xFF) << 8 | in.get(from + 1) & 0xFF;
        return ": " + code + " " + new String(reason, StandardCharsets.UTF_8);
    }

    /** Puts a message together that comes in several frames. */
    private void fragment(boolean last, ByteBuffer in, int from, int to) {
        if (fragments == null) {
            fragments = Reactor.buffer(Math.max(32 * 1024, to - from));
        } else if (fragments.remaining() < to - from) {
            fragments = Reactor.buffer(fragments.capacity() * 2 + to - from).put(fragments.flip());
        }
        fragments.put(fragments.position(), in, from, to - from);
        fragments.position(fragments.position() + to - from);
        if (last) {
            ByteBuffer whole = fragments;
            fragments = null;
            handler.received(whole, 0, whole.position());
        }
    }

    /** Sends a text: what lies between the buffer's position and limit, which it may not change until it is called again. */
    public void text(ByteBuffer payload) {
        send(TEXT, payload);
    }

    /** Sends a text. */
    public void text(String payload) {
        text(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)).order(ByteOrder.nativeOrder()));
    }

    /** Sends bytes, as {@link #text} does. */
    public void binary(ByteBuffer payload) {
        send(BINARY, payload);
    }

    private void send(int opcode, ByteBuffer payload) {
        if (state != State.OPEN) {
            return;
        }
        int size = payload.remaining();
        ByteBuffer to = room(HEADER_MAX + size);
        to.put((byte) (FIN | opcode));
        if (size < 126) {
            to.put((byte) (MASKED | size));
        } else if (size <= 0xFFFF) {
            to.put((byte) (MASKED | 126)).put((byte) (size >> 8)).put((byte) size);
        } else {
            to.put((byte) (MASKED | 127)).putInt(0);
            to.put((byte) (size >> 24))
                    .put((byte) (size >> 16))
                    .put((byte) (size >> 8))
                    .put((byte) size);
        }
        to.putInt(mask);
        mask(payload, to);
        scheduleFlush();
    }

    /** The key's bytes lie in memory as they are sent, so that masks of eight bytes are of the machine's order, too. */
    private void mask(ByteBuffer from, ByteBuffer to) {
        long twice = (mask & 0xFFFFFFFFL) << 32 | mask & 0xFFFFFFFFL;
        while (from.remaining() >= Long.BYTES) {
            to.putLong(from.getLong() ^ twice);
        }
        byte[] key = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(mask)
                .array();
        for (int i = 0; from.hasRemaining(); i++) {
            to.put((byte) (from.get() ^ key[i & 3]));
        }
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int needed = Math.max(512, (out.position() + bytes) * 2);
            out = ByteBuffer.allocate(needed).order(ByteOrder.nativeOrder()).put(out.flip());
        }
        return out;
    }

    private void scheduleFlush() {
        if (!toFlush) {
            toFlush = true;
            reactor.toFlush(this);
        }
    }

    void flush() {
        toFlush = false;
        if (state == State.ENDED) {
            return;
        }
        try {
            channel.write(out.flip());
            out.compact();
            boolean waits = out.position() > 0;
            if (waits != ((key.interestOps() & SelectionKey.OP_WRITE) != 0)) {
                key.interestOps((deaf ? 0 : SelectionKey.OP_READ) | (waits ? SelectionKey.OP_WRITE : 0));
            }
            if (out.position() > WAITING_MAX) {
                end("the server does not read what is sent to it");
            }
        } catch (IOException e) {
            end(e.getMessage());
        }
    }

    /** Reads nothing more until told otherwise, as somebody does whose program stands still. */
    void deafen(boolean toBeDeaf) {
        if (state == State.OPEN) {
            deaf = toBeDeaf;
            key.interestOps(key.interestOps() & SelectionKey.OP_WRITE | (deaf ? 0 : SelectionKey.OP_READ));
        }
    }

    /** Says goodbye; the server closes. */
    void leave() {
        if (state != State.OPEN) {
            abort();
            return;
        }
        leaving = true;
        send(
                CLOSE,
                reactor.scratch()
                        .put((byte) (1000 >> 8))
                        .put((byte) (1000 & 0xFF))
                        .flip());
    }

    /** Breaks the connection without a word, as a lost network does. */
    void abort() {
        leaving = true;
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // It is closed all the same.
        }
        end("left");
    }

    private void end(String why) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing more can be done for it.
        }
        out = ByteBuffer.allocate(0);
        rest = new byte[0];
        fragments = null;
        handler.ended(why);
    }
}
