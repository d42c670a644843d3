package dev.parley.protocol.json;

import dev.parley.protocol.Address;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Ref;
import dev.parley.protocol.Sender;
import java.util.List;

/** Gathers the fields of an envelope, which stand alone in the log and among others in a {@code message}. Used by one thread, for one envelope. */
final class EnvelopeFields {
    private Address to;
    private Sender from;
    private String messageId;
    private String event;
    private Long time;
    private RawJson data;
    private Ref ref;
    private List<String> mentions = List.of();

    /** Reads an object that is an envelope and nothing else. */
    static Envelope readAll(Fields fields) {
        EnvelopeFields envelope = new EnvelopeFields();
        while (fields.next()) {
            if (!envelope.take(fields)) {
                fields.skip();
            }
        }
        return envelope.build(fields);
    }

    /** Takes the present field when it belongs to an envelope; false, and the field is left as it is, when it does not. */
    boolean take(Fields fields) {
        switch (fields.name()) {
            case "to" -> to = address(fields);
            case "from" -> from = sender(fields.object());
            case "messageId" -> messageId = fields.label();
            case "event" -> event = fields.label();
            case "time" -> time = fields.count();
            case "data" -> data = fields.raw();
            case "ref" -> ref = ref(fields);
            case "mentions" -> mentions = mentions(fields);
            default -> {
                return false;
            }
        }
        return true;
    }

    Envelope build(Fields fields) {
        return new Envelope(
                fields.require(to, "to"),
                fields.require(from, "from"),
                fields.require(messageId, "messageId"),
                fields.require(event, "event"),
                fields.require(time, "time"),
                fields.require(data, "data"),
                ref,
                mentions);
    }

    /** Users, perhaps none; the value null is as good as an empty list. */
    static List<String> mentions(Fields fields) {
        List<String> users = fields.list(Limits.MENTIONS_MAX, EnvelopeFields::listedUser);
        return users == null ? List.of() : users;
    }

    /** An element of a list of users. */
    static String listedUser(Fields element) {
        String user = element.text();
        if (!Names.isUser(user)) {
            throw element.bad("has an element that is no user id");
        }
        return user;
    }

    /** {@code {"all":true}}, {@code {"group":…}}, {@code {"user":…}} or {@code {"connection":…}}. */
    static Address address(Fields parent) {
        Fields fields = parent.object();
        if (fields == null) {
            return null;
        }
        Address address = null;
        while (fields.next()) {
            Address next = switch (fields.name()) {
                case "all" -> everyone(fields);
                case "group" -> fields.group();
                case "user" -> {
                    String user = fields.text();
                    yield user == null ? null : new Address.User(user);
                }
                case "connection" -> {
                    String connection = fields.text();
                    yield connection == null ? null : new Address.Connection(connection);
                }
                default -> {
                    fields.skip();
                    yield null;
                }
            };
            if (next != null && address != null) {
                throw notOne(parent);
            }
            address = next == null ? address : next;
        }
        if (address == null) {
            throw notOne(parent);
        }
        return address;
    }

    private static Address everyone(Fields fields) {
        Boolean all = fields.flag();
        if (all == null) {
            return null;
        }
        if (!all) {
            throw fields.bad("can only be true");
        }
        return Address.EVERYONE;
    }

    private static ProtocolException notOne(Fields parent) {
        return parent.bad("is not exactly one of all, group, user and connection");
    }

    /** {@code {"messageId":…,"kind":…}}. */
    static Ref ref(Fields parent) {
        Fields fields = parent.object();
        if (fields == null) {
            return null;
        }
        String messageId = null;
        Ref.Kind kind = null;
        Long seq = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "messageId" -> messageId = fields.label();
                case "kind" -> kind = fields.choice(Ref.Kind.values(), Ref.Kind::wire);
                case "seq" -> seq = fields.count();
                default -> fields.skip();
            }
        }
        return new Ref(fields.require(messageId, "messageId"), fields.require(kind, "kind"), seq);
    }

    private static Sender sender(Fields fields) {
        if (fields == null) {
            return null;
        }
        String user = null;
        String name = null;
        String connection = null;
        String service = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "user" -> user = fields.text();
                case "name" -> name = fields.text();
                case "connection" -> connection = fields.text();
                case "service" -> service = fields.text();
                default -> fields.skip();
            }
        }
        if (service == null) {
            return new Sender.Person(
                    fields.require(user, "user"),
                    fields.require(name, "name"),
                    fields.require(connection, "connection"));
        }
        if (user != null) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "from is either a user or a service");
        }
        return new Sender.Service(service);
    }
}
