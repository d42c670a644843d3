package dev.parley.client.bench;

import dev.parley.client.bench.Listener.Fault;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.json.FrameReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One connection to a Parley hub. Messages and acks of sends are recognised by their bytes; everything else, which is rare, is read with the protocol's reader.
 * Each entry's {@code seq} is held against its channel's. Belongs to its reactor's thread.
 */
final class ParleySession implements Dialect.Session {
    private static final byte[] MESSAGE = ascii("{\"type\":\"message\",\"channel\":\"");
    private static final byte[] ACK = ascii("{\"type\":\"ack\",\"id\":");
    private static final byte[] PRESENCE = ascii("{\"type\":\"presence\"");
    private static final byte[] SEND = ascii("{\"type\":\"send\",\"id\":");
    private static final byte[] TO = ascii(",\"to\":");
    private static final byte[] DATA = ascii(",\"data\":\"");
    private static final byte[] END = ascii("\"}");
    private static final byte[] END_WITH_ID = ascii("\",\"messageId\":\"");

    /** Joins under way at once: half of what servers allow by default. */
    private static final int JOINS_AT_ONCE = 16;

    private static final RequestId HELLO = new RequestId.Text("h");

    /** Before one comes back who was not told when. */
    private static final long PAUSE_MILLIS = 1_000;

    private static final FrameReader READER = new FrameReader(Integer.MAX_VALUE);

    private final ParleyDialect dialect;
    private final Member member;
    private final List<Track> before;
    private final Map<String, Track> tracks = new LinkedHashMap<>();
    private final Map<Integer, byte[]> addresses = new HashMap<>(2);
    private final Sent sent = new Sent();
    private final byte[] idPrefix =
            ascii(Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), 36) + "-");
    private WebSocket socket;
    private Track last;
    private String user;
    private String token;
    private int joinsSent;
    private int joinsDone;

    /** One that takes up where {@code previous} ended, which may itself not have been let in; null to begin anew. */
    ParleySession(ParleyDialect dialect, Member member, ParleySession previous) {
        this.dialect = dialect;
        this.member = member;
        if (previous == null) {
            before = List.of();
            token = dialect.token(member.number());
        } else {
            before = previous.tracks.isEmpty() ? previous.before : List.copyOf(previous.tracks.values());
            token = previous.token;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void opened(WebSocket opened) {
        socket = opened;
        StringBuilder hello = new StringBuilder(
                "{\"type\":\"hello\",\"id\":\"h\",\"client\":{\"name\":\"parley-bench\",\"version\":\"1\"}");
        if (token != null) {
            hello.append(",\"token\":\"").append(token).append('"');
        }
        if (!before.isEmpty()) {
            hello.append(",\"resume\":{");
            for (Track track : before) {
                Cursor at = track.cursor();
                hello.append('"').append(track.channel()).append("\":{\"epoch\":\"");
                hello.append(at.epoch()).append("\",\"seq\":").append(at.seq()).append("},");
            }
            hello.setCharAt(hello.length() - 1, '}');
        }
        socket.text(hello.append('}').toString());
    }

    @Override
    public void received(ByteBuffer in, int from, int to) {
        int seqAt = last == null ? -1 : last.seqAt(in, from, to);
        if (seqAt >= 0 && last.fills(in, from, to)) {
            message(last, in, to, seqAt);
            return;
        }
        int at = from;
        while (at < to) {
            int end = Bytes.indexOf(in, at, to, (byte) '\n');
            object(in, at, end);
            if (at == from && end == to && last != null && last.seqAt(in, from, to) >= 0) {
                last.filled(to - from);
            }
            at = end + 1;
        }
    }

    private void object(ByteBuffer in, int from, int to) {
        int seqAt = last == null ? -1 : last.seqAt(in, from, to);
        if (seqAt < 0 && Bytes.startsWith(in, from, to, MESSAGE)) {
            int name = from + MESSAGE.length;
            last = tracks.get(text(in, name, Bytes.indexOf(in, name, to, (byte) '"')));
            seqAt = last == null ? -1 : last.seqAt(in, from, to);
        }
        if (seqAt >= 0) {
            message(last, in, to, seqAt);
        } else if (Bytes.startsWith(in, from, to, ACK) && Bytes.number(in, from + ACK.length, to) > 0) {
            answered(Bytes.number(in, from + ACK.length, to));
        } else if (!Bytes.startsWith(in, from, to, PRESENCE)) {
            other(in, from, to);
        }
    }

    private void answered(long id) {
        if (!sent.waits(id)) {
            member.fault(Fault.MALFORMED, 1);
            return;
        }
        int channel = sent.channel(id);
        long due = sent.due(id);
        sent.forget(id);
        member.acknowledged(channel, due);
    }

    private void message(Track track, ByteBuffer in, int to, int seqAt) {
        long missing = track.take(Bytes.number(in, seqAt, to));
        if (missing > 0) {
            member.fault(Fault.HOLE, missing);
        } else if (missing < 0) {
            member.fault(Fault.DUPLICATE, 1);
            return;
        }
        if (track.index() != Track.UNCOUNTED) {
            member.delivered(track.index(), track.due(in, seqAt, to));
        }
    }

    private void other(ByteBuffer in, int from, int to) {
        byte[] json = new byte[to - from];
        in.get(from, json);
        if (json.length == 0) {
            return;
        }
        try {
            ServerFrame frame = READER.readServer(json, 0, json.length);
            if (frame instanceof ServerFrame.Welcome welcome) {
                welcomed(welcome);
            } else if (frame instanceof ServerFrame.Ack ack
                    && ack.result() instanceof ServerFrame.Result.Joined joined) {
                joined(joined);
            } else if (frame instanceof ServerFrame.Ping) {
                socket.text("{\"type\":\"pong\"}");
            } else if (frame instanceof ServerFrame.Error error) {
                refused(error);
            } else if (frame instanceof ServerFrame.Skip skip) {
                skipped(skip.channel(), skip.epoch(), skip.from(), skip.to());
            } else if (frame instanceof ServerFrame.Gap gap) {
                gap(gap);
            } else if (frame instanceof ServerFrame.Message) {
                member.fault(Fault.MALFORMED, 1); // of a channel that is not followed, or of another epoch
            }
        } catch (ProtocolException e) {
            member.fault(Fault.MALFORMED, 1);
        }
    }

    private void welcomed(ServerFrame.Welcome welcome) {
        user = welcome.user().id();
        token = welcome.token() == null ? token : welcome.token();
        Map<String, Track> known = new HashMap<>();
        before.forEach(track -> known.put(track.channel(), track));
        for (ServerFrame.Followed followed : welcome.channels()) {
            Track track = known.get(followed.channel());
            if (followed.error() != null) {
                member.refused(followed.error().wire());
            } else if (track != null && followed.recovered() != null) {
                tracks.put(track.channel(), track); // goes on from its cursor, with what was missed
            } else {
                follow(followed.channel(), followed.head());
            }
        }
        join();
    }

    private void follow(String channel, Cursor at) {
        int index = Track.UNCOUNTED;
        if (dialect.joins() && channel.startsWith("group/")) {
            index = dialect.index(channel.substring("group/".length()));
        } else if (!dialect.joins() && channel.startsWith("user/") && member.channels() > 0) {
            index = member.channel(0);
        }
        tracks.put(channel, new Track(channel, index, at));
    }

    /** Joins the next groups; after the last one the member is ready. */
    private void join() {
        int all = dialect.joins() ? member.channels() : 0;
        if (!before.isEmpty() || joinsDone == all) {
            member.ready(user);
            return;
        }
        while (joinsSent < all && joinsSent - joinsDone < JOINS_AT_ONCE) {
            socket.text("{\"type\":\"join\",\"id\":\"j\",\"group\":\"" + dialect.group(member.channel(joinsSent++))
                    + "\"}");
        }
    }

    private void joined(ServerFrame.Result.Joined joined) {
        follow("group/" + joined.group(), joined.at());
        joinsDone++;
        join();
    }

    private void refused(ServerFrame.Error error) {
        String code = error.code().wire();
        if (error.id() instanceof RequestId.Number number && sent.waits(number.value())) {
            int channel = sent.channel(number.value());
            sent.forget(number.value());
            member.refused(channel, code);
        } else if (HELLO.equals(error.id()) && error.code().retryable()) {
            member.turnedAway(error.retryAfter() == null ? PAUSE_MILLIS : error.retryAfter());
        } else {
            member.refused(code);
        }
    }

    private void skipped(String channel, String epoch, long from, long to) {
        Track track = tracks.get(channel);
        if (track == null || !track.cursor().epoch().equals(epoch) || to < from) {
            member.fault(Fault.MALFORMED, 1);
            return;
        }
        long missing = track.take(from);
        if (missing != 0) {
            member.fault(missing < 0 ? Fault.DUPLICATE : Fault.HOLE, Math.abs(missing));
        }
        track.move(new Cursor(epoch, to));
    }

    private void gap(ServerFrame.Gap gap) {
        Track track = tracks.get(gap.channel());
        if (track == null) {
            member.fault(Fault.MALFORMED, 1);
            return;
        }
        member.fault(Fault.GAP, Math.max(1, gap.to() - gap.from() + 1));
        track.move(new Cursor(gap.epoch(), gap.to()));
    }

    @Override
    public void send(Channel channel, long due, int size) {
        ByteBuffer out = socket.reactor().scratch();
        out.put(SEND);
        long id = sent.add(channel.index(), due);
        Bytes.putNumber(out, id);
        out.put(TO).put(addresses.computeIfAbsent(channel.index(), index -> ascii(dialect.address(index))));
        out.put(DATA);
        Payload.put(out, due, 0, size);
        if (dialect.messageIds()) {
            out.put(END_WITH_ID).put(idPrefix);
            Bytes.putNumber(out, id);
        }
        out.put(END);
        socket.text(out.flip());
    }

    private static String text(ByteBuffer in, int from, int to) {
        byte[] text = new byte[to - from];
        in.get(from, text);
        return new String(text, StandardCharsets.US_ASCII);
    }
}
