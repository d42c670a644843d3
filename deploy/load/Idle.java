import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Many idle connections to one Parley, and messages to all of them: are they all there, for how long, and what does each cost the server? Plain Java 17 in one
 * file and one thread, so that 10,000 connections cost the machine next to nothing beside the server's own share. Run by {@code idle.sh}, or by hand:
 *
 * <pre>java Idle.java ws://localhost:8080/v1/connect connections [seconds to hold] [pid of the server]</pre>
 *
 * <p>The server must let guests in, and let everybody send to everyone. Ends with 0 when every connection signed in, stayed, and got every message once.
 */
public final class Idle {
    /** Handshakes and greetings under way at once: enough to be fast, too few to overflow the server's accept queue. */
    private static final int OPENING_MAX = 256;

    private static final int CONNECT_SECONDS = 300;
    private static final int BROADCAST_SECONDS = 60;
    private static final int WARM_UP = 200;
    private static final int TOLD_MAX = 5;

    /** Who is told to come back without being told when waits so long. */
    private static final int PAUSE_MILLIS = 1000;

    private static final String RETRY_AFTER = "\"retryAfter\":";

    private final URI url;
    private final InetSocketAddress address;
    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final long startedAt = System.nanoTime();
    private final Queue<Connection> away = new PriorityQueue<>(Comparator.comparingLong(one -> one.returnAt - startedAt));
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);

    private int signedIn;
    private int refused;
    private int turnedAway;
    private int lost;
    private int acknowledged;
    private String awaited;
    private long sentAt;
    private int received;
    private int twice;
    private long[] latencies = new long[0];

    private Idle(URI url) throws IOException {
        this.url = url;
        this.address = new InetSocketAddress(url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
    }

    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println("usage: java Idle.java ws://host:port/v1/connect connections [seconds to hold] [server's pid]");
            System.exit(2);
        }
        int count = Integer.parseInt(args[1]);
        int hold = args.length > 2 ? Integer.parseInt(args[2]) : 60;
        Server server = new Server(args.length > 3 ? args[3] : null);
        System.exit(new Idle(URI.create(args[0])).run(count, hold, server) ? 0 : 1);
    }

    private boolean run(int count, int hold, Server server) throws IOException {
        // Classes loaded and code compiled are no cost of a connection.
        int warm = Math.min(WARM_UP, count / 2);
        boolean good = open(warm);
        good &= broadcast("warm-up", warm);
        Server.Cost before = server.cost();

        long start = System.nanoTime();
        good &= open(count);
        System.out.printf(
                "signed in               %,d of %,d in %.1f s%s%n",
                signedIn,
                count,
                seconds(start),
                turnedAway == 0 ? "" : String.format(", %,d times after the hub had said to come back later", turnedAway));
        Server.Cost after = server.cost();
        server.print(before, after, count - warm);

        good &= broadcast("first", count);
        until(hold, () -> lost > 0);
        System.out.printf("still there after %3d s  %,d%n", hold, signedIn - lost);
        good &= broadcast("last", count);
        return good && refused == 0 && lost == 0;
    }

    /** Opens further connections until there are {@code count} and all are signed in. */
    private boolean open(int count) throws IOException {
        return until(CONNECT_SECONDS, () -> {
            while (connections.size() < count && connections.size() - signedIn - refused < OPENING_MAX) {
                Connection fresh = new Connection();
                connections.add(fresh);
                fresh.connect();
            }
            while (!away.isEmpty() && away.peek().returnAt - System.nanoTime() <= 0) {
                away.remove().connect();
            }
            return signedIn + refused >= count;
        });
    }

    /** Sends one message to all from the first connection and waits until all have it. */
    private boolean broadcast(String name, int expected) throws IOException {
        awaited = "\"" + name + "-" + System.nanoTime() + "\"";
        received = 0;
        twice = 0;
        acknowledged = 0;
        latencies = new long[expected];
        sentAt = System.nanoTime();
        connections.get(0).text("{\"type\":\"send\",\"id\":1,\"to\":{\"all\":true},\"data\":{\"text\":" + awaited + "}}");
        boolean all = until(BROADCAST_SECONDS, () -> received >= signedIn - lost && acknowledged > 0);
        long[] sorted = Arrays.copyOf(latencies, received);
        Arrays.sort(sorted);
        System.out.printf(
                "%-22s  received by %,d of %,d%s%n",
                name + " broadcast",
                received,
                expected,
                received == 0
                        ? ""
                        : String.format(
                                ", first after %.1f ms, median %.1f ms, 99%% %.1f ms, last %.1f ms",
                                millis(sorted[0]),
                                millis(sorted[received / 2]),
                                millis(sorted[received * 99 / 100]),
                                millis(sorted[received - 1])));
        if (twice > 0) {
            System.out.printf("                        %,d got it twice%n", twice);
        }
        return all && received == expected && twice == 0;
    }

    /** Turns the selector until {@code done}, at most for so many seconds; says whether it was done. */
    private boolean until(int seconds, BooleanSupplier done) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            selector.select(50);
            for (SelectionKey key : selector.selectedKeys()) {
                ((Connection) key.attachment()).ready(key);
            }
            selector.selectedKeys().clear();
        }
        return true;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    /** One WebSocket: as much of it as a client needs that trusts its server. */
    private final class Connection {
        private SocketChannel channel;
        private byte[] rest = {};
        private boolean upgraded;
        private boolean greeted;
        private boolean dead;
        /** Milliseconds after which it is to come back, as the hub said; negative while it did not. */
        private long retryAfter = -1;

        private long returnAt;
        private String last;

        /** For the first time, or again. */
        void connect() {
            rest = new byte[0];
            upgraded = false;
            dead = false;
            retryAfter = -1;
            try {
                channel = SocketChannel.open();
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_CONNECT, this);
                channel.connect(address);
            } catch (IOException e) {
                throw new IllegalStateException("cannot open socket " + connections.size() + " (ulimit -n?)", e);
            }
        }

        void ready(SelectionKey key) {
            try {
                if (key.isConnectable()) {
                    channel.finishConnect();
                    key.interestOps(SelectionKey.OP_READ);
                    write("GET " + url.getPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: parley.v1.json\r\n\r\n");
                } else {
                    read();
                }
            } catch (IOException e) {
                end(e.toString());
            }
        }

        private void read() throws IOException {
            in.clear().put(rest);
            if (channel.read(in) < 0) {
                end("end of stream");
                return;
            }
            in.flip();
            if (!upgraded) {
                upgrade();
            }
            while (upgraded && !dead && frame()) {
                // each whole frame
            }
            rest = new byte[in.remaining()];
            in.get(rest);
        }

        private void upgrade() throws IOException {
            byte[] head = new byte[in.remaining()];
            in.duplicate().get(head);
            String text = new String(head, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                return;
            }
            if (!text.startsWith("HTTP/1.1 101 ")) {
                end(text.lines().findFirst().orElse("no answer"));
                return;
            }
            in.position(end + 4);
            upgraded = true;
            text("{\"type\":\"hello\",\"client\":{\"name\":\"idle\",\"version\":\"1\"}}");
        }

        /** Takes one frame from the buffer if all of it is there. */
        private boolean frame() throws IOException {
            if (in.remaining() < 2) {
                return false;
            }
            int start = in.position();
            int opcode = in.get() & 0x0F;
            int length = in.get() & 0x7F;
            if (in.remaining() < (length == 126 ? 2 : length == 127 ? 8 : 0)) {
                in.position(start);
                return false;
            }
            long size = length == 126 ? in.getShort() & 0xFFFF : length == 127 ? in.getLong() : length;
            if (in.remaining() < size) {
                in.position(start);
                return false;
            }
            byte[] payload = new byte[(int) size];
            in.get(payload);
            if (opcode == 1) {
                new String(payload, StandardCharsets.UTF_8).lines().forEach(this::object);
            } else if (opcode == 8) {
                end("closed by the server with " + (size < 2 ? "no code" : ((payload[0] & 0xFF) << 8 | payload[1] & 0xFF)));
            } else if (opcode == 9) {
                write(10, payload);
            }
            return true;
        }

        private void object(String json) {
            if (json.startsWith("{\"type\":\"message\"")) {
                message(json);
            } else if (json.startsWith("{\"type\":\"welcome\"")) {
                greeted = true;
                signedIn++;
            } else if (json.startsWith("{\"type\":\"ping\"")) {
                text("{\"type\":\"pong\"}");
            } else if (json.startsWith("{\"type\":\"ack\"")) {
                acknowledged++;
            } else if (json.startsWith("{\"type\":\"error\"") && !greeted && json.contains("\"unavailable\"")) {
                retryAfter = retryAfter(json);
            } else if (json.startsWith("{\"type\":\"error\"")) {
                System.out.println("error: " + json);
            }
        }

        private static long retryAfter(String json) {
            int at = json.indexOf(RETRY_AFTER);
            if (at < 0) {
                return PAUSE_MILLIS;
            }
            String rest = json.substring(at + RETRY_AFTER.length());
            return Long.parseLong(rest.substring(0, (int) rest.chars().takeWhile(Character::isDigit).count()));
        }

        private void message(String json) {
            if (awaited == null || !json.contains(awaited)) {
                return;
            }
            if (awaited.equals(last)) {
                twice++;
                return;
            }
            last = awaited;
            if (received < latencies.length) {
                latencies[received] = System.nanoTime() - sentAt;
            }
            received++;
        }

        void text(String json) {
            try {
                write(1, json.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                end(e.toString());
            }
        }

        /** Clients must mask; a mask of zeros leaves the payload as it is. */
        private void write(int opcode, byte[] payload) throws IOException {
            ByteBuffer out = ByteBuffer.allocate(payload.length + 8);
            out.put((byte) (0x80 | opcode));
            if (payload.length < 126) {
                out.put((byte) (0x80 | payload.length));
            } else {
                out.put((byte) (0x80 | 126)).putShort((short) payload.length);
            }
            write(out.putInt(0).put(payload).flip());
        }

        private void write(String text) throws IOException {
            write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
        }

        /** So little is written that it fits the socket's buffer; if it does not, the server has stopped reading. */
        private void write(ByteBuffer bytes) throws IOException {
            channel.write(bytes);
            if (bytes.hasRemaining()) {
                throw new IOException("the server does not read");
            }
        }

        private void end(String why) {
            if (dead) {
                return;
            }
            dead = true;
            try {
                channel.close();
            } catch (IOException e) {
                System.out.println("cannot close: " + e);
            }
            if (retryAfter >= 0) {
                turnedAway++;
                returnAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(retryAfter);
                away.add(this);
                return;
            }
            if (greeted) {
                lost++;
            } else {
                refused++;
            }
            if (refused + lost <= TOLD_MAX) {
                System.out.println((greeted ? "lost" : "refused") + " a connection: " + why);
            }
        }
    }

    /** The server's process, seen from outside: Linux tells its memory, jcmd its heap. */
    private record Server(String pid) {

        /** Bytes. */
        private record Cost(long resident, long heap) {}

        /** What it takes now, garbage aside; null where it cannot be known. */
        Cost cost() throws IOException {
            if (pid == null) {
                return null;
            }
            String heap = jcmd("GC.run").isEmpty() ? "" : jcmd("GC.heap_info");
            long used = heap.isEmpty() ? 0 : number(heap, "used ");
            return new Cost(number(Files.readString(Path.of("/proc", pid, "status")), "VmRSS:") * 1024, used * 1024);
        }

        void print(Cost before, Cost after, int connections) {
            if (before == null || after == null) {
                return;
            }
            System.out.printf(
                    "server's memory         %,d MiB resident, before %,d MiB: %.1f KiB a connection%n",
                    after.resident >> 20,
                    before.resident >> 20,
                    (after.resident - before.resident) / 1024.0 / connections);
            System.out.printf(
                    "of that, live heap      %,d MiB, before %,d MiB: %.1f KiB a connection%n",
                    after.heap >> 20, before.heap >> 20, (after.heap - before.heap) / 1024.0 / connections);
        }

        private String jcmd(String command) throws IOException {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            Process process = new ProcessBuilder(jcmd.toString(), pid, command)
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        private static long number(String text, String label) {
            String after = text.substring(text.indexOf(label) + label.length()).strip();
            return Long.parseLong(after.substring(0, (int) after.chars().takeWhile(Character::isDigit).count()));
        }
    }
}
