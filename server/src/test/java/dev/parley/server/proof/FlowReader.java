package dev.parley.server.proof;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One who follows a fast group over a {@link NioSocket} and checks each frame as it comes: rising {@code seq}, without a hole that no {@code gap} declares. It keeps
 * no messages. Everything runs on the thread of its {@link NioLoop} unless said otherwise.
 */
final class FlowReader implements NioSocket.Listener {
    /** Enough for the largest segment of the loopback: with less a peer waits for its timers. */
    private static final int SMALL = 128 * 1024;

    private static final byte[] MESSAGE = ascii("{\"type\":\"message\"");
    private static final byte[] SENT = ascii("{\"type\":\"ack\",\"id\":\"s\"");
    private static final byte[] SEQ = ascii("\"seq\":");
    private static final byte[] DATA = ascii("\"data\":\"");

    private final NioLoop loop;
    private final String group;
    private final byte[] channel;
    private final boolean stopsAtOnce;
    private NioSocket socket;
    private String token;
    private String epoch;
    private long seq;
    private long sent;
    private boolean following;
    private int closed;
    private Latencies latencies;
    private final List<Gap> gaps = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    /** What it was told that it cannot have. */
    record Gap(long from, long to, String reason) {}

    private FlowReader(NioLoop loop, String group, boolean stopsAtOnce) {
        this.loop = loop;
        this.group = group;
        this.channel = ascii("\"channel\":\"group/" + group + '"');
        this.stopsAtOnce = stopsAtOnce;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One who reads. Any thread but the loop's. */
    static FlowReader reading(NioLoop loop, URI server, String group) {
        return new FlowReader(loop, group, false).connect(server, 0);
    }

    /** One who stops reading as soon as it follows, and for whom the kernel takes little. Any thread but the loop's. */
    static FlowReader stopping(NioLoop loop, URI server, String group) {
        return new FlowReader(loop, group, true).connect(server, SMALL);
    }

    /** Connects again, going on from where it stands. Any thread but the loop's. */
    void resume(URI server) {
        connect(server, 0);
    }

    private FlowReader connect(URI server, int receiveBuffer) {
        closed = 0;
        socket = loop.connect(server, receiveBuffer, this);
        JsonObject hello = new JsonObject().put("type", "hello").put("id", "hello");
        if (token != null) {
            JsonObject cursor = new JsonObject().put("epoch", epoch).put("seq", seq);
            hello.put("token", token).put("resume", new JsonObject().put("group/" + group, cursor));
        }
        loop.run(() -> socket.send(hello.encode()));
        return this;
    }

    /** Notes how long messages were on their way, or no more with null. */
    void measureInto(Latencies into) {
        latencies = into;
    }

    void read(boolean on) {
        socket.read(on);
    }

    void drop() {
        socket.drop();
    }

    /** Sends to the group what time it is, and as much to go with it as makes the message as long as a chat's. */
    void sendNow(String padding) {
        socket.send("{\"type\":\"send\",\"id\":\"s\",\"to\":{\"group\":\"" + group + "\"},\"data\":\""
                + System.nanoTime() + padding + "\"}");
    }

    boolean isFollowing() {
        return following;
    }

    /** The code with which its connection was closed, 1006 without one, 0 while it stands. */
    int closed() {
        return closed;
    }

    /** The last place it was told of. */
    long seq() {
        return seq;
    }

    /** How many of its sends were acknowledged. */
    long sent() {
        return sent;
    }

    List<Gap> gaps() {
        return gaps;
    }

    /** What it was told against the contract, or refused. */
    List<String> faults() {
        return faults;
    }

    @Override
    public void text(byte[] utf8, int from, int length) {
        if (startsWith(MESSAGE, utf8, from)) {
            message(utf8, from, length);
        } else if (startsWith(SENT, utf8, from)) {
            sent++;
        } else {
            take(new JsonObject(new String(utf8, from, length, StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void ended(int code) {
        closed = code;
        following = false;
    }

    @Override
    public String toString() {
        return "at " + seq + ", gaps " + gaps + ", faults " + faults + ", closed " + closed;
    }

    private void message(byte[] utf8, int from, int length) {
        int end = from + length;
        if (startsWith(channel, utf8, from + MESSAGE.length + 1)) {
            long place = numberAfter(SEQ, utf8, from + MESSAGE.length + channel.length, end);
            if (place != seq + 1) {
                fault(new String(utf8, from, length, StandardCharsets.UTF_8));
            }
            seq = place;
            if (latencies != null) {
                latencies.add(System.nanoTime() - numberAfter(DATA, utf8, from, end));
            }
        }
    }

    private void take(JsonObject frame) {
        switch (frame.getString("type")) {
            case "welcome" -> welcomed(frame);
            case "ack" -> joined(frame);
            case "gap" -> gap(frame);
            case "ping" -> socket.send("{\"type\":\"pong\"}");
            case "presence" -> {}
            default -> faults.add(frame.encode());
        }
    }

    private void welcomed(JsonObject frame) {
        token = frame.getString("token", token);
        if (epoch == null) {
            socket.send("{\"type\":\"join\",\"id\":\"join\",\"group\":\"" + group + "\"}");
        } else {
            following = true;
        }
    }

    private void joined(JsonObject ack) {
        epoch = ack.getString("epoch");
        seq = ack.getLong("seq");
        following = true;
        if (stopsAtOnce) {
            socket.read(false);
        }
    }

    private void gap(JsonObject gap) {
        if (gap.getString("channel").equals("group/" + group)) {
            if (gap.getLong("from") != seq + 1) {
                fault(gap.encode());
            }
            gaps.add(new Gap(gap.getLong("from"), gap.getLong("to"), gap.getString("reason")));
            seq = gap.getLong("to");
        }
    }

    private void fault(String frame) {
        if (faults.size() < 10) {
            faults.add("stood at " + seq + " and got " + frame);
        }
    }

    private static boolean startsWith(byte[] wanted, byte[] utf8, int from) {
        for (int i = 0; i < wanted.length; i++) {
            if (from + i >= utf8.length || utf8[from + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static long numberAfter(byte[] name, byte[] utf8, int from, int end) {
        int at = from;
        while (at < end && !startsWith(name, utf8, at)) {
            at++;
        }
        long number = 0;
        for (at += name.length; utf8[at] >= '0' && utf8[at] <= '9'; at++) {
            number = 10 * number + utf8[at] - '0';
        }
        return number;
    }
}
