package dev.parley.load;

import dev.parley.client.bench.Channel;
import dev.parley.client.bench.Dialect;
import dev.parley.client.bench.Listener.Fault;
import dev.parley.client.bench.Member;
import dev.parley.client.bench.Bytes;
import dev.parley.client.bench.Payload;
import dev.parley.client.bench.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What another server speaks, as far as a bench needs it: payloads are found by their mark in whatever a frame holds. Immutable; any thread.
 *
 * @param greeting what a member says first, by the channel it follows; null for nothing
 * @param readyAt what the frame begins with or holds after which it is ready; null for at once
 * @param ping what a heartbeat begins with; null for none but WebSocket's own
 * @param pong how it is answered
 * @param before what stands before a payload that is sent, by channel and the payload's size
 * @param after what stands behind it
 * @param binary whether frames are binary
 */
record PeerDialect(
        IntFunction<String> greeting,
        String readyAt,
        String ping,
        String pong,
        Before before,
        String after,
        boolean binary)
        implements Dialect {

    /** What stands before a payload. */
    interface Before {
        String of(int channel, int size);
    }

    /** Text and nothing else. */
    static PeerDialect plain() {
        return new PeerDialect(null, null, null, null, (channel, size) -> "", "", false);
    }

    static PeerDialect socketIo(String event) {
        return new PeerDialect(
                channel -> "40", "40", "2", "3", (channel, size) -> "42[\"" + event + "\",\"", "\"]", false);
    }

    static PeerDialect nats() {
        return new PeerDialect(
                channel -> "CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":true}\r\nSUB bench." + channel
                        + " 1\r\nPING\r\n",
                "PONG",
                "PING",
                "PONG\r\n",
                (channel, size) -> "PUB bench." + channel + " " + size + "\r\n",
                "\r\n",
                true);
    }

    static PeerDialect centrifugo() {
        return new PeerDialect(
                channel -> "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"bench" + channel + "\"}}",
                "\"id\":2,",
                "{}",
                "{}",
                (channel, size) -> "{\"id\":3,\"publish\":{\"channel\":\"bench" + channel + "\",\"data\":\"",
                "\"}}",
                false);
    }

    @Override
    public List<String> headers() {
        return List.of();
    }

    @Override
    public Session session(Member member) {
        return new PeerSession(member);
    }

    /** A connection that follows one channel. On its reactor's thread. */
    private final class PeerSession implements Session {
        private final Member member;
        private final byte[] ready = bytes(readyAt);
        private final byte[] heartbeat = bytes(ping);
        private WebSocket socket;
        private boolean greeted;
        private long sent;
        private long last;
        private int first;
        private int stride;
        private byte[] head;
        private byte[] tail;

        PeerSession(Member member) {
            this.member = member;
        }

        private int channel() {
            return member.channels() == 0 ? 0 : member.channel(0);
        }

        @Override
        public void opened(WebSocket opened) {
            socket = opened;
            if (greeting != null) {
                say(greeting.apply(channel()));
            }
            if (ready == null) {
                member.ready(Integer.toString(member.number()));
            }
        }

        private void say(String text) {
            if (binary) {
                socket.binary(socket.reactor().scratch().put(bytes(text)).flip());
            } else {
                socket.text(text);
            }
        }

        @Override
        public void received(ByteBuffer in, int from, int to) {
            int at = from + first;
            if (!Payload.at(in, at, to)) {
                at = Bytes.indexOf(in, from, to, Payload.MARK);
                first = at - from;
            }
            if (at == to) {
                first = 0;
                other(in, from, to);
            }
            while (at < to) {
                message(in, at, to);
                int next = at + stride;
                if (stride == 0 || !Payload.at(in, next, to)) {
                    next = Bytes.indexOf(in, at + 1, to, Payload.MARK);
                    stride = next == to ? stride : next - at;
                }
                at = next;
            }
        }

        /** Each member sends to one channel of its own or is the only one to send, so numbers rise by one. */
        private void message(ByteBuffer in, int at, int to) {
            if (!Payload.at(in, at, to)) {
                member.fault(Fault.MALFORMED, 1);
                return;
            }
            long number = Payload.number(in, at);
            if (number <= last) {
                member.fault(Fault.DUPLICATE, 1);
                return;
            }
            if (number > last + 1) {
                member.fault(Fault.HOLE, number - last - 1);
            }
            last = number;
            member.delivered(channel(), Payload.due(in, at));
        }

        private void other(ByteBuffer in, int from, int to) {
            if (ready != null && !greeted && Bytes.indexOf(in, from, to, ready) < to) {
                greeted = true;
                member.ready(Integer.toString(member.number()));
            } else if (heartbeat != null && Bytes.startsWith(in, from, to, heartbeat)) {
                say(pong);
            }
        }

        @Override
        public void send(Channel channel, long due, int size) {
            if (head == null) {
                head = bytes(before.of(channel.index(), size));
                tail = bytes(after);
            }
            ByteBuffer out = socket.reactor().scratch();
            out.put(head);
            Payload.put(out, due, ++sent, size);
            out.put(tail).flip();
            if (binary) {
                socket.binary(out);
            } else {
                socket.text(out);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.US_ASCII);
    }
}
