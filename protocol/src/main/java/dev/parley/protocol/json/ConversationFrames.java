package dev.parley.protocol.json;

import dev.parley.protocol.RawJson;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame;
import java.util.List;

/** Makes what acks tell of conversations and of those who are in them. Called by {@link AckFrames} on any thread. */
final class ConversationFrames {

    private ConversationFrames() {}

    static ServerFrame.Conversation conversation(Fields fields) {
        String group = null;
        Role role = null;
        String title = null;
        String topic = null;
        Long members = null;
        String epoch = null;
        Long seq = null;
        Long read = null;
        Long unread = null;
        Long mentions = null;
        RawJson settings = null;
        List<ServerFrame.Message> last = null;
        ServerFrame.Other other = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "group" -> group = fields.text();
                case "role" -> role = ServerFrames.role(fields);
                case "title" -> title = fields.text();
                case "topic" -> topic = fields.text();
                case "members" -> members = fields.count();
                case "epoch" -> epoch = fields.text();
                case "seq" -> seq = fields.count();
                case "read" -> read = fields.count();
                case "unread" -> unread = fields.count();
                case "mentions" -> mentions = fields.count();
                case "settings" -> settings = fields.raw();
                case "last" -> last = fields.list(Integer.MAX_VALUE, each -> ServerFrames.message(each.object()));
                case "other" -> other = other(fields.object());
                default -> fields.skip();
            }
        }
        return new ServerFrame.Conversation(
                fields.require(group, "group"),
                role,
                title,
                topic,
                fields.require(members, "members"),
                fields.require(ServerFrames.cursor(fields, epoch, seq), "epoch"),
                read,
                fields.require(unread, "unread"),
                fields.require(mentions, "mentions"),
                settings,
                ServerFrames.orNone(last),
                other);
    }

    private static ServerFrame.Other other(Fields fields) {
        if (fields == null) {
            return null;
        }
        String user = null;
        String name = null;
        Long lastSeen = null;
        Long read = null;
        Long delivered = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "user" -> user = fields.text();
                case "name" -> name = fields.text();
                case "lastSeen" -> lastSeen = fields.count();
                case "read" -> read = fields.count();
                case "delivered" -> delivered = fields.count();
                default -> fields.skip();
            }
        }
        return new ServerFrame.Other(fields.require(user, "user"), name, lastSeen, read, delivered);
    }

    static ServerFrame.Position position(Fields fields) {
        String user = null;
        Long read = null;
        Long delivered = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "user" -> user = fields.text();
                case "read" -> read = fields.count();
                case "delivered" -> delivered = fields.count();
                default -> fields.skip();
            }
        }
        return new ServerFrame.Position(fields.require(user, "user"), fields.require(read, "read"), delivered);
    }

    static ServerFrame.AwayUser away(Fields fields) {
        String user = null;
        String name = null;
        Long lastSeen = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "user" -> user = fields.text();
                case "name" -> name = fields.text();
                case "lastSeen" -> lastSeen = fields.count();
                default -> fields.skip();
            }
        }
        return new ServerFrame.AwayUser(fields.require(user, "user"), name, lastSeen);
    }
}
