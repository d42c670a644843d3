package dev.parley.protocol.json;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame;
import java.util.List;

/** Makes a server's frame from its type and fields; {@link WelcomeFrames} and {@link AckFrames} take the two large ones. Called by {@link FrameReader} on any thread. */
final class ServerFrames {

    private ServerFrames() {}

    static ServerFrame read(String type, Fields fields) {
        return switch (type) {
            case "message" -> message(fields);
            case "ack" -> AckFrames.read(fields);
            case "error" -> error(fields);
            case "welcome" -> WelcomeFrames.read(fields);
            case "skip", "gap" -> range(type, fields);
            case "presence" -> presence(fields);
            case "typing" -> typing(fields);
            case "receipt" -> receipt(fields);
            case "settings" -> settings(fields);
            case "membership" -> membership(fields);
            case "expiring" -> new ServerFrame.Expiring(onlyCount(fields, "in"));
            case "draining" -> new ServerFrame.Draining(onlyCount(fields, "reconnectAfter"));
            case "ping" -> {
                fields.skipAll();
                yield new ServerFrame.Ping();
            }
            case "pong" -> new ServerFrame.Pong(ClientFrames.onlyId(fields));
            default -> {
                fields.skipAll(); // what is no JSON at all is told so first
                throw new ProtocolException(ErrorCode.UNKNOWN_TYPE, "there is no server frame of this type");
            }
        };
    }

    /** A message, by itself or in a page of history. */
    static ServerFrame.Message message(Fields fields) {
        String channel = null;
        String epoch = null;
        Long seq = null;
        EnvelopeFields envelope = new EnvelopeFields();
        while (fields.next()) {
            if (!envelope.take(fields)) {
                switch (fields.name()) {
                    case "channel" -> channel = fields.text();
                    case "epoch" -> epoch = fields.text();
                    case "seq" -> seq = fields.count();
                    default -> fields.skip();
                }
            }
        }
        return new ServerFrame.Message(
                fields.require(channel, "channel"), cursor(fields, epoch, seq), envelope.build(fields));
    }

    /** Up to the first field of the envelope. */
    static MessageHead messageHead(Fields fields) {
        String channel = null;
        String epoch = null;
        Long seq = null;
        while (fields.next() && !fields.name().equals("to")) {
            switch (fields.name()) {
                case "channel" -> channel = fields.text();
                case "epoch" -> epoch = fields.text();
                case "seq" -> seq = fields.count();
                default -> fields.skip();
            }
        }
        return new MessageHead(fields.require(channel, "channel"), cursor(fields, epoch, seq));
    }

    /** Both of {@code epoch} and {@code seq} are a place, neither is none, and one alone is wrong. */
    static Cursor cursor(Fields fields, String epoch, Long seq) {
        if (epoch == null && seq == null) {
            return null;
        }
        return new Cursor(fields.require(epoch, "epoch"), fields.require(seq, "seq"));
    }

    /** A list, which is as good as empty where it is null. */
    static <T> List<T> orNone(List<T> list) {
        return list == null ? List.of() : list;
    }

    /** The role of a field, or null. */
    static Role role(Fields fields) {
        return fields.choice(Role.values(), Role::wire);
    }

    private static ServerFrame error(Fields fields) {
        RequestId id = null;
        String code = null;
        String detail = null;
        Long retryAfter = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "code" -> code = fields.text();
                case "detail" -> detail = fields.text();
                case "retryAfter" -> retryAfter = fields.count();
                default -> fields.skip();
            }
        }
        return new ServerFrame.Error(
                id, ErrorCode.ofWire(fields.require(code, "code")), fields.require(detail, "detail"), retryAfter);
    }

    private static ServerFrame range(String type, Fields fields) {
        String channel = null;
        String epoch = null;
        Long from = null;
        Long to = null;
        ServerFrame.GapReason reason = null;
        boolean gap = type.equals("gap");
        while (fields.next()) {
            switch (fields.name()) {
                case "channel" -> channel = fields.text();
                case "epoch" -> epoch = fields.text(Names.ID_MAX);
                case "from" -> from = fields.count();
                case "to" -> to = fields.count();
                case "reason" -> {
                    if (gap) {
                        reason = fields.choice(ServerFrame.GapReason.values(), ServerFrame.GapReason::wire);
                    } else {
                        fields.skip();
                    }
                }
                default -> fields.skip();
            }
        }
        fields.require(channel, "channel");
        fields.require(epoch, "epoch");
        fields.require(from, "from");
        fields.require(to, "to");
        return gap
                ? new ServerFrame.Gap(channel, epoch, from, to, fields.require(reason, "reason"))
                : new ServerFrame.Skip(channel, epoch, from, to);
    }

    private static ServerFrame presence(Fields fields) {
        String group = null;
        String user = null;
        String name = null;
        ServerFrame.PresenceState state = null;
        Integer devices = null;
        Long count = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "group" -> group = fields.text();
                case "user" -> user = fields.text();
                case "name" -> name = fields.text();
                case "state" ->
                    state = fields.choice(ServerFrame.PresenceState.values(), ServerFrame.PresenceState::wire);
                case "devices" -> devices = fields.smallCount();
                case "count" -> count = fields.count();
                default -> fields.skip();
            }
        }
        return new ServerFrame.Presence(fields.require(group, "group"), user, name, state, devices, count);
    }

    private static ServerFrame typing(Fields fields) {
        Address to = null;
        String user = null;
        String name = null;
        Boolean active = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "to" -> to = EnvelopeFields.address(fields);
                case "user" -> user = fields.text();
                case "name" -> name = fields.text();
                case "active" -> active = fields.flag();
                default -> fields.skip();
            }
        }
        return new ServerFrame.Typing(
                fields.require(to, "to"), fields.require(user, "user"), name, fields.require(active, "active"));
    }

    private static ServerFrame receipt(Fields fields) {
        String channel = null;
        String user = null;
        Long seq = null;
        Long unread = null;
        Long mentions = null;
        Long delivered = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "channel" -> channel = fields.text();
                case "user" -> user = fields.text();
                case "seq" -> seq = fields.count();
                case "unread" -> unread = fields.count();
                case "mentions" -> mentions = fields.count();
                case "delivered" -> delivered = fields.count();
                default -> fields.skip();
            }
        }
        return new ServerFrame.Receipt(
                fields.require(channel, "channel"),
                fields.require(user, "user"),
                fields.require(seq, "seq"),
                unread,
                mentions,
                delivered);
    }

    private static ServerFrame settings(Fields fields) {
        String group = null;
        RawJson value = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "group" -> group = fields.text();
                case "value" -> value = fields.raw();
                default -> fields.skip();
            }
        }
        return new ServerFrame.Settings(fields.require(group, "group"), fields.require(value, "value"));
    }

    private static ServerFrame membership(Fields fields) {
        String group = null;
        ServerFrame.MembershipState state = null;
        Role role = null;
        String epoch = null;
        Long seq = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "group" -> group = fields.text();
                case "state" ->
                    state = fields.choice(ServerFrame.MembershipState.values(), ServerFrame.MembershipState::wire);
                case "role" -> role = role(fields);
                case "epoch" -> epoch = fields.text();
                case "seq" -> seq = fields.count();
                default -> fields.skip();
            }
        }
        return new ServerFrame.Membership(
                fields.require(group, "group"),
                fields.require(state, "state"),
                role,
                new Cursor(fields.require(epoch, "epoch"), fields.require(seq, "seq")));
    }

    private static long onlyCount(Fields fields, String name) {
        Long count = null;
        while (fields.next()) {
            if (fields.name().equals(name)) {
                count = fields.count();
            } else {
                fields.skip();
            }
        }
        return fields.require(count, name);
    }
}
