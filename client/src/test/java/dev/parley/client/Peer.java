package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.json.FrameLines;
import dev.parley.protocol.json.FrameReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One connection of a {@link PlayedServer}: what the client said, frame by frame, and what it is told. */
public final class Peer {
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int FIN = 0x80;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final FrameReader reader = new FrameReader(1 << 20);
    private final BlockingQueue<ClientFrame> said = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    Peer(Socket socket, InputStream in) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(in);
        this.out = socket.getOutputStream();
    }

    /** The next frame, which is to be of this kind; pongs are passed over unless asked for. */
    public <T extends ClientFrame> T expect(Class<T> kind) throws InterruptedException {
        ClientFrame frame = said.poll(10, TimeUnit.SECONDS);
        while (frame instanceof ClientFrame.Pong && kind != ClientFrame.Pong.class) {
            frame = said.poll(10, TimeUnit.SECONDS);
        }
        assertThat(frame).as("what the client says").isInstanceOf(kind);
        return kind.cast(frame);
    }

    /** Whether the client has said anything that was not expected yet. */
    boolean saidMore() {
        return !said.isEmpty();
    }

    /** Takes the hello and welcomes; the channels are the elements of the welcome's list as JSON. */
    public ClientFrame.Hello welcome(String... channels) throws InterruptedException {
        return welcome(new Welcome(), channels);
    }

    ClientFrame.Hello welcome(Welcome welcome, String... channels) throws InterruptedException {
        ClientFrame.Hello hello = expect(ClientFrame.Hello.class);
        say(welcome.json(hello, channels));
        return hello;
    }

    /** A welcome's fields, where a test wants others than usual. */
    record Welcome(String user, String token, long interval, long timeout, int inFlight, int message, int perSecond) {
        Welcome() {
            this("u1", null, 25_000, 10_000, 32, 65_536, 1000);
        }

        Welcome user(String other) {
            return new Welcome(other, token, interval, timeout, inFlight, message, perSecond);
        }

        Welcome token(String given) {
            return new Welcome(user, given, interval, timeout, inFlight, message, perSecond);
        }

        Welcome ping(long every, long within) {
            return new Welcome(user, token, every, within, inFlight, message, perSecond);
        }

        Welcome inFlight(int most) {
            return new Welcome(user, token, interval, timeout, most, message, perSecond);
        }

        Welcome message(int bytes) {
            return new Welcome(user, token, interval, timeout, inFlight, bytes, perSecond);
        }

        private String json(ClientFrame.Hello hello, String... channels) {
            return """
                    {"type":"welcome","id":%s,"connection":"n7.12","user":{"id":"%s","name":"Ada"},"node":"n7",\
                    "channels":[%s],"ping":{"interval":%d,"timeout":%d},"limits":{"frame":262144,"message":%d,\
                    "sendsPerSecond":%d,"sendBurst":400,"inFlight":%d,"groups":100},"time":1760000000000%s}""".formatted(
                            id(hello.id()),
                            user,
                            String.join(",", channels),
                            interval,
                            timeout,
                            message,
                            perSecond,
                            inFlight,
                            token == null ? "" : ",\"token\":\"" + token + "\"");
        }
    }

    /** Acknowledges a send as having the place {@code seq} of epoch {@code e1}. */
    public void ack(ClientFrame.Send send, long seq) {
        say("""
                {"type":"ack","id":%s,"messageId":"%s","channel":"%s","epoch":"e1","seq":%d,"time":1,"duplicate":false}""".formatted(id(send.id()), send.messageId(), send.to().channel(), seq));
    }

    /** Refuses a request; {@code more} stands at the end of the error's fields. */
    public void refuse(ClientFrame request, String code, String more) {
        say("""
                {"type":"error","id":%s,"code":"%s","detail":"refused: %s"%s}""".formatted(id(request.id()), code, code, more));
    }

    /** A request's id as JSON. */
    public static String id(RequestId id) {
        return id instanceof RequestId.Number number
                ? Long.toString(number.value())
                : '"' + ((RequestId.Text) id).value() + '"';
    }

    /** Says it in one WebSocket message. */
    public void say(String text) {
        write(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Says it in one WebSocket message of many fragments. */
    public void sayInPieces(String text, int size) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < utf8.length; from += size) {
            int to = Math.min(utf8.length, from + size);
            int opcode = from == 0 ? TEXT : 0;
            write(to == utf8.length ? FIN | opcode : opcode, java.util.Arrays.copyOfRange(utf8, from, to));
        }
    }

    /** Sends a close frame, and the socket's end with it. */
    public void close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        write(
                FIN | CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    /** Breaks the connection, without a close frame and losing what is under way. */
    public void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** The code of the client's close frame; 1006 when it broke the connection. */
    public int closeCode() throws Exception {
        return closed.get(10, TimeUnit.SECONDS);
    }

    private synchronized void write(int head, byte[] payload) {
        ByteBuffer header = ByteBuffer.allocate(10).put((byte) head);
        if (payload.length < 126) {
            header.put((byte) payload.length);
        } else if (payload.length < 65_536) {
            header.put((byte) 126).putShort((short) payload.length);
        } else {
            header.put((byte) 127).putLong(payload.length);
        }
        try {
            out.write(header.array(), 0, header.position());
            out.write(payload);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until the end. Frames of clients are masked, and the JDK's client sends text without fragments unless it is long. */
    void readAll() throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            while (true) {
                int head = in.readUnsignedByte();
                int length = in.readUnsignedByte() & 0x7F;
                long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
                byte[] mask = in.readNBytes(4);
                byte[] payload = in.readNBytes(Math.toIntExact(size));
                for (int i = 0; i < payload.length; i++) {
                    payload[i] ^= mask[i & 3];
                }
                int opcode = head & 0xF;
                if (opcode == CLOSE) {
                    closed.complete(
                            payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF);
                    write(FIN | CLOSE, payload);
                    return;
                }
                if (opcode <= TEXT) {
                    text.append(new String(payload, StandardCharsets.ISO_8859_1));
                    if ((head & FIN) != 0) {
                        byte[] utf8 = text.toString().getBytes(StandardCharsets.ISO_8859_1);
                        text.setLength(0);
                        FrameLines.forEach(
                                utf8, 0, utf8.length, (b, from, count) -> said.add(reader.readClient(b, from, count)));
                    }
                }
            }
        } finally {
            closed.complete(1006);
        }
    }
}
