package dev.parley.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A reader of a stream, as the standard of server-sent events wants one, on a plain socket: what is not read stays with the server, and it breaks off whenever it
 * likes. One thread at a time.
 */
public final class EventReader implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final String head;
    private String lastId = "";
    private int comments;
    private long retry = -1;
    private int chunk;
    private boolean over;

    /** An event; {@code id} is null where it has none of its own. */
    public record Event(String name, String id, JsonObject data) {}

    private EventReader(URI root, String query, int receiveBuffer, String... headers) {
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress(root.getHost(), root.getPort()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), 4096);
            StringBuilder request =
                    new StringBuilder("GET /v1/stream" + query + " HTTP/1.1\r\nHost: " + root.getHost());
            for (String header : headers) {
                request.append("\r\n").append(header);
            }
            socket.getOutputStream().write(request.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            head = readHead();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks for a stream, whatever the answer. */
    public static EventReader ask(URI root, String query, String... headers) {
        return new EventReader(root, query, 0, headers);
    }

    /** A stream that is given. */
    public static EventReader open(URI root, String query, String... headers) {
        return open(root, 0, query, headers);
    }

    /**
     * A stream that is given.
     *
     * @param receiveBuffer bytes the kernel keeps for a reader who does not read, 0 for as many as it likes
     */
    public static EventReader open(URI root, int receiveBuffer, String query, String... headers) {
        EventReader reader = new EventReader(root, query, receiveBuffer, headers);
        assertThat(reader.head).startsWith("HTTP/1.1 200 ");
        return reader;
    }

    /** The header with which a reader comes back. */
    public String comeBack() {
        return "Last-Event-ID: " + lastId;
    }

    public String head() {
        return head;
    }

    public String lastId() {
        return lastId;
    }

    /** Comments so far. */
    public int comments() {
        return comments;
    }

    /** What the stream said last about coming back, in milliseconds; -1 for nothing. */
    public long retry() {
        return retry;
    }

    /** The body of an answer that is no stream. */
    public JsonObject problem() {
        int length = Integer.parseInt(head.replaceAll("(?s).*(?i)content-length: (\\d+).*", "$1"));
        try {
            return new JsonObject(new String(in.readNBytes(length), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next event, or null at the end of the stream. */
    public Event next() {
        String name = "message";
        String id = null;
        String data = null;
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                // Only a whole event counts: what was cut off comes again.
                lastId = id == null ? lastId : id;
                if (data != null) {
                    return new Event(name, id, new JsonObject(data));
                }
                name = "message";
                id = null;
            } else if (line.startsWith(":")) {
                comments++;
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                assertThat(data).as("lines of data").isNull();
                data = line.substring(6);
            } else if (line.startsWith("retry: ")) {
                retry = Long.parseLong(line.substring(7));
            } else {
                throw new AssertionError("not a line of a stream: " + line);
            }
        }
        return null;
    }

    /** The next event, which has that name. */
    public Event next(String name) {
        Event event = next();
        assertThat(event).as("an event before the end").isNotNull();
        assertThat(event.name()).as("%s", event).isEqualTo(name);
        return event;
    }

    /** The data of the next message. */
    public Object nextData() {
        return next("message").data().getValue("data");
    }

    /** Reads until the server has sent so many comments. */
    public void awaitComments(int count) {
        while (comments < count) {
            String line = line();
            assertThat(line).as("a line before the end").isNotNull();
            comments += line.startsWith(":") ? 1 : 0;
        }
    }

    private String readHead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            assertThat(next).as("an answer's head").isNotNegative();
            bytes.write(next);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int next = read(); next >= 0; next = read()) {
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(next);
            }
        } catch (SocketException reset) {
            // Broken off: what came of the last line does not count.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    private int read() throws IOException {
        if (chunk == 0 && !over) {
            String size = rawLine();
            if (size != null && size.isEmpty()) {
                size = rawLine();
            }
            chunk = size == null ? 0 : Integer.parseInt(size, 16);
            over = chunk == 0;
        }
        if (over) {
            return -1;
        }
        chunk--;
        return in.read();
    }

    private String rawLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append((char) next);
        }
        return null;
    }

    /** Breaks off without a word. */
    public void reset() {
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
