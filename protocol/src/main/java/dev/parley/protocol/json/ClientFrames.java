package dev.parley.protocol.json;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Ref;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Makes a client's frame from its type and fields. Called by {@link FrameReader} on any thread. */
final class ClientFrames {

    /** Most entries of {@code hello.resume}, malformed ones included. */
    private static final int RESUME_MAX = 4096;

    /** Longest name or version of a client's program. */
    private static final int PROGRAM_MAX = 128;

    private ClientFrames() {}

    static ClientFrame read(String type, Fields fields) {
        return switch (type) {
            case "send" -> send(fields, true);
            case "hello" -> hello(fields);
            case "join" -> join(fields);
            case "leave" -> ofGroup(fields, ClientFrame.Leave::new);
            case "member" -> member(fields);
            case "remove" -> remove(fields);
            case "members" -> members(fields);
            case "history" -> history(fields);
            case "presence" -> ofGroup(fields, ClientFrame.PresenceQuery::new);
            case "conversations" -> conversations(fields);
            case "group" -> describe(fields);
            case "receipts" -> ofGroup(fields, ClientFrame.Receipts::new);
            case "search" -> search(fields);
            case "settings" -> settings(fields);
            case "read" -> readUpTo(fields);
            case "typing" -> typing(fields);
            case "refresh" -> refresh(fields);
            case "ping" -> new ClientFrame.Ping(onlyId(fields));
            case "pong" -> new ClientFrame.Pong(onlyId(fields));
            default -> {
                fields.skipAll(); // what is no JSON at all is told so first
                throw new ProtocolException(ErrorCode.UNKNOWN_TYPE, "there is no request of this type");
            }
        };
    }

    /** A send over HTTP, to which {@code type} and {@code id} mean nothing. */
    static ClientFrame.Send messageBody(Fields fields) {
        return send(fields, false);
    }

    private static ClientFrame.Send send(Fields fields, boolean withId) {
        RequestId id = null;
        Address to = null;
        RawJson data = null;
        String event = null;
        String messageId = null;
        Boolean echo = null;
        Boolean isVolatile = null;
        List<String> except = null;
        Ref ref = null;
        List<String> mentions = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> {
                    if (withId) {
                        id = fields.requestId();
                    } else {
                        fields.skip();
                    }
                }
                case "to" -> to = EnvelopeFields.address(fields);
                case "data" -> data = fields.raw();
                case "event" -> event = fields.label();
                case "messageId" -> messageId = fields.label();
                case "echo" -> echo = fields.flag();
                case "volatile" -> isVolatile = fields.flag();
                case "except" -> except = fields.list(Limits.EXCEPT_MAX, EnvelopeFields::listedUser);
                case "ref" -> ref = EnvelopeFields.ref(fields);
                case "mentions" -> mentions = EnvelopeFields.mentions(fields);
                default -> fields.skip();
            }
        }
        return new ClientFrame.Send(
                id,
                fields.require(to, "to"),
                fields.require(data, "data"),
                event == null ? Envelope.DEFAULT_EVENT : event,
                messageId,
                echo == null || echo,
                isVolatile != null && isVolatile,
                except == null ? List.of() : except,
                ref,
                mentions == null ? List.of() : mentions);
    }

    private static ClientFrame hello(Fields fields) {
        RequestId id = null;
        String token = null;
        ClientFrame.Client client = null;
        List<ClientFrame.Resume> resume = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "token" -> token = fields.text(Limits.TOKEN_MAX);
                case "client" -> client = client(fields.object());
                case "resume" -> resume = resume(fields.object());
                default -> fields.skip();
            }
        }
        return new ClientFrame.Hello(id, token, client, resume == null ? List.of() : resume);
    }

    private static ClientFrame.Client client(Fields fields) {
        if (fields == null) {
            return null;
        }
        String name = null;
        String version = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "name" -> name = fields.text(PROGRAM_MAX);
                case "version" -> version = fields.text(PROGRAM_MAX);
                default -> fields.skip();
            }
        }
        return new ClientFrame.Client(name, version);
    }

    private static List<ClientFrame.Resume> resume(Fields fields) {
        if (fields == null) {
            return null;
        }
        Map<String, Cursor> cursors = new LinkedHashMap<>();
        while (fields.next()) {
            String channel = fields.name();
            Cursor cursor = fields.cursorOrNull();
            // A channel given twice stands nowhere: like any malformed entry, it spoils only itself.
            cursors.put(channel, cursors.containsKey(channel) ? null : cursor);
            if (cursors.size() > RESUME_MAX) {
                throw new ProtocolException(ErrorCode.BAD_FRAME, "resume has more than " + RESUME_MAX + " entries");
            }
        }
        List<ClientFrame.Resume> entries = new ArrayList<>(cursors.size());
        cursors.forEach((channel, cursor) -> entries.add(new ClientFrame.Resume(channel, cursor)));
        return List.copyOf(entries);
    }

    private static ClientFrame join(Fields fields) {
        RequestId id = null;
        Address.Group group = null;
        ClientFrame.Since since = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "group" -> group = fields.group();
                case "since" -> since = since(fields.object());
                default -> fields.skip();
            }
        }
        return new ClientFrame.Join(id, fields.require(group, "group"), since);
    }

    private static ClientFrame.Since since(Fields fields) {
        if (fields == null) {
            return null;
        }
        String epoch = null;
        Long seq = null;
        Long last = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "epoch" -> epoch = fields.text(Names.ID_MAX);
                case "seq" -> seq = fields.count();
                case "last" -> last = fields.count();
                default -> fields.skip();
            }
        }
        if (last == null) {
            return new ClientFrame.Since.After(new Cursor(fields.require(epoch, "epoch"), fields.require(seq, "seq")));
        }
        if (epoch != null || seq != null) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "since has either epoch and seq, or last");
        }
        return new ClientFrame.Since.Last(last);
    }

    /** A request that says no more than which group it is about. */
    private static ClientFrame ofGroup(Fields fields, BiFunction<RequestId, Address.Group, ClientFrame> kind) {
        RequestId id = null;
        Address.Group group = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "group" -> group = fields.group();
                default -> fields.skip();
            }
        }
        return kind.apply(id, fields.require(group, "group"));
    }

    private static ClientFrame member(Fields fields) {
        RequestId id = null;
        Address.Group group = null;
        String user = null;
        Role role = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "group" -> group = fields.group();
                case "user" -> user = user(fields);
                case "role" -> role = role(fields);
                default -> fields.skip();
            }
        }
        return new ClientFrame.Member(id, fields.require(group, "group"), fields.require(user, "user"), role);
    }

    private static ClientFrame remove(Fields fields) {
        RequestId id = null;
        Address.Group group = null;
        String user = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "group" -> group = fields.group();
                case "user" -> user = user(fields);
                default -> fields.skip();
            }
        }
        return new ClientFrame.Remove(id, fields.require(group, "group"), fields.require(user, "user"));
    }

    private static ClientFrame members(Fields fields) {
        RequestId id = null;
        Address.Group group = null;
        String cursor = null;
        Long limit = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "group" -> group = fields.group();
                case "cursor" -> cursor = fields.text(Limits.CURSOR_MAX);
                case "limit" -> limit = fields.count();
                default -> fields.skip();
            }
        }
        int most = clamped(limit, Limits.MEMBERS_DEFAULT, Limits.MEMBERS_MAX);
        return new ClientFrame.Members(id, fields.require(group, "group"), cursor, most);
    }

    private static String user(Fields fields) {
        String user = fields.text();
        return user == null ? null : new Address.User(user).id();
    }

    private static Role role(Fields fields) {
        String role = fields.text();
        return role == null ? null : Role.ofWire(role);
    }

    private static ClientFrame history(Fields fields) {
        RequestId id = null;
        Address channel = null;
        Long before = null;
        Long after = null;
        Long limit = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "channel" -> channel = channel(fields);
                case "before" -> before = fields.count();
                case "after" -> after = fields.count();
                case "limit" -> limit = fields.count();
                default -> fields.skip();
            }
        }
        if (before != null && after != null) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "give either before or after, not both");
        }
        int entries = clamped(limit, Limits.HISTORY_DEFAULT, Limits.HISTORY_MAX);
        return new ClientFrame.History(id, fields.require(channel, "channel"), before, after, entries);
    }

    private static ClientFrame conversations(Fields fields) {
        RequestId id = null;
        Address.Group group = null;
        Address.Group after = null;
        Long limit = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "group" -> group = fields.group();
                case "after" -> after = fields.group();
                case "limit" -> limit = fields.count();
                default -> fields.skip();
            }
        }
        return new ClientFrame.Conversations(
                id,
                group,
                after == null ? null : after.name(),
                clamped(limit, Limits.HISTORY_DEFAULT, Limits.HISTORY_MAX));
    }

    private static ClientFrame describe(Fields fields) {
        RequestId id = null;
        Address.Group group = null;
        String title = null;
        String topic = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "group" -> group = fields.group();
                case "title" -> title = fields.line(Limits.TITLE_MAX);
                case "topic" -> topic = fields.line(Limits.TOPIC_MAX);
                default -> fields.skip();
            }
        }
        return new ClientFrame.Describe(id, fields.require(group, "group"), title, topic);
    }

    private static ClientFrame search(Fields fields) {
        RequestId id = null;
        Address channel = null;
        String text = null;
        Long before = null;
        Long limit = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "channel" -> channel = channel(fields);
                case "text" -> text = fields.text(Limits.SEARCH_TEXT_MAX);
                case "before" -> before = fields.count();
                case "limit" -> limit = fields.count();
                default -> fields.skip();
            }
        }
        if (fields.require(text, "text").isBlank()) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "text is blank");
        }
        return new ClientFrame.Search(
                id,
                fields.require(channel, "channel"),
                text,
                before,
                clamped(limit, Limits.SEARCH_DEFAULT, Limits.SEARCH_MAX));
    }

    private static ClientFrame settings(Fields fields) {
        RequestId id = null;
        Address.Group group = null;
        RawJson value = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "group" -> group = fields.group();
                case "value" -> value = fields.raw();
                default -> fields.skip();
            }
        }
        if (fields.require(value, "value").length() > Limits.SETTINGS_MAX) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "value has more than " + Limits.SETTINGS_MAX + " bytes");
        }
        return new ClientFrame.Settings(id, fields.require(group, "group"), value);
    }

    private static int clamped(Long limit, int usual, int most) {
        return limit == null ? usual : (int) Math.max(1, Math.min(limit, most));
    }

    private static ClientFrame readUpTo(Fields fields) {
        RequestId id = null;
        Address channel = null;
        Long seq = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "channel" -> channel = channel(fields);
                case "seq" -> seq = fields.count();
                default -> fields.skip();
            }
        }
        return new ClientFrame.Read(id, fields.require(channel, "channel"), fields.require(seq, "seq"));
    }

    private static Address channel(Fields fields) {
        String channel = fields.text();
        return channel == null ? null : Address.ofChannel(channel);
    }

    private static ClientFrame typing(Fields fields) {
        RequestId id = null;
        Address to = null;
        Boolean active = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "to" -> to = EnvelopeFields.address(fields);
                case "active" -> active = fields.flag();
                default -> fields.skip();
            }
        }
        return new ClientFrame.Typing(id, fields.require(to, "to"), fields.require(active, "active"));
    }

    private static ClientFrame refresh(Fields fields) {
        RequestId id = null;
        String token = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "token" -> token = fields.text(Limits.TOKEN_MAX);
                default -> fields.skip();
            }
        }
        return new ClientFrame.Refresh(id, fields.require(token, "token"));
    }

    static RequestId onlyId(Fields fields) {
        RequestId id = null;
        while (fields.next()) {
            if (fields.name().equals("id")) {
                id = fields.requestId();
            } else {
                fields.skip();
            }
        }
        return id;
    }
}
