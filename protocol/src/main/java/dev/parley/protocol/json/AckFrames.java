package dev.parley.protocol.json;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import java.util.List;

/** Makes an ack, whose fields alone tell what it answers. Called by {@link ServerFrames}; used by one thread, for one ack. */
final class AckFrames {
    private RequestId id;
    private String messageId;
    private String channel;
    private String epoch;
    private Long seq;
    private Long time;
    private Boolean duplicate;
    private String group;
    private Role role;
    private Long members;
    private List<ServerFrame.GroupMember> memberPage;
    private String next;
    private List<ServerFrame.Message> messages;
    private List<ServerFrame.PresentUser> users;
    private List<ServerFrame.AwayUser> away = List.of();
    private List<ServerFrame.Conversation> conversations;
    private List<ServerFrame.Position> receipts;
    private String title;
    private String topic;
    private Long before;
    private Long unread;
    private Long mentions;
    private Long count;
    private Boolean more;
    private Long expires;
    private boolean tellsExpiry;

    private AckFrames() {}

    static ServerFrame.Ack read(Fields fields) {
        AckFrames ack = new AckFrames();
        while (fields.next()) {
            ack.take(fields);
        }
        return new ServerFrame.Ack(ack.id, ack.result(fields));
    }

    private void take(Fields fields) {
        switch (fields.name()) {
            case "id" -> id = fields.requestId();
            case "messageId" -> messageId = fields.text();
            case "channel" -> channel = fields.text();
            case "epoch" -> epoch = fields.text();
            case "seq" -> seq = fields.count();
            case "time" -> time = fields.count();
            case "duplicate" -> duplicate = fields.flag();
            case "group" -> group = fields.text();
            case "role" -> role = ServerFrames.role(fields);
            case "members" -> members(fields);
            case "next" -> next = fields.text();
            case "messages" ->
                messages = fields.list(Integer.MAX_VALUE, element -> ServerFrames.message(element.object()));
            case "users" -> users = fields.list(Integer.MAX_VALUE, element -> presentUser(element.object()));
            case "away" ->
                away = ServerFrames.orNone(
                        fields.list(Integer.MAX_VALUE, element -> ConversationFrames.away(element.object())));
            case "conversations" ->
                conversations =
                        fields.list(Integer.MAX_VALUE, element -> ConversationFrames.conversation(element.object()));
            case "receipts" ->
                receipts = fields.list(Integer.MAX_VALUE, element -> ConversationFrames.position(element.object()));
            case "title" -> title = fields.text();
            case "topic" -> topic = fields.text();
            case "before" -> before = fields.count();
            case "unread" -> unread = fields.count();
            case "mentions" -> mentions = fields.count();
            case "count" -> count = fields.count();
            case "more" -> more = fields.flag();
            case "expires" -> {
                expires = fields.count();
                tellsExpiry = true;
            }
            default -> fields.skip();
        }
    }

    private Result result(Fields fields) {
        if (messages != null) {
            return new Result.Page(messages, fields.require(more, "more"), before);
        }
        if (users != null) {
            return new Result.Present(users, fields.require(count, "count"), more != null && more, away);
        }
        if (conversations != null) {
            return new Result.Conversations(conversations, fields.require(more, "more"));
        }
        if (receipts != null) {
            return new Result.Receipts(receipts);
        }
        if (unread != null) {
            return new Result.Marked(unread, fields.require(mentions, "mentions"));
        }
        if (memberPage != null) {
            return new Result.Members(memberPage, fields.require(count, "count"), next);
        }
        Cursor at = ServerFrames.cursor(fields, epoch, seq);
        if (group != null) {
            return new Result.Joined(group, fields.require(at, "epoch"), role, members, title, topic);
        }
        if (messageId != null) {
            return new Result.Sent(
                    messageId,
                    fields.require(channel, "channel"),
                    at,
                    fields.require(time, "time"),
                    duplicate != null && duplicate);
        }
        return tellsExpiry ? new Result.Refreshed(expires) : new Result.Done();
    }

    /** How many there are, in the answer to a join; and in that to the request of the same name, who. */
    private void members(Fields fields) {
        if (fields.isList()) {
            memberPage = fields.list(Integer.MAX_VALUE, element -> groupMember(element.object()));
        } else {
            members = fields.count();
        }
    }

    private static ServerFrame.GroupMember groupMember(Fields fields) {
        String user = null;
        String name = null;
        Role role = null;
        Long since = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "user" -> user = fields.text();
                case "name" -> name = fields.text();
                case "role" -> role = ServerFrames.role(fields);
                case "since" -> since = fields.count();
                default -> fields.skip();
            }
        }
        return new ServerFrame.GroupMember(
                fields.require(user, "user"), name, fields.require(role, "role"), fields.require(since, "since"));
    }

    private static ServerFrame.PresentUser presentUser(Fields fields) {
        String user = null;
        String name = null;
        Integer devices = null;
        Long since = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "user" -> user = fields.text();
                case "name" -> name = fields.text();
                case "devices" -> devices = fields.smallCount();
                case "since" -> since = fields.count();
                default -> fields.skip();
            }
        }
        return new ServerFrame.PresentUser(
                fields.require(user, "user"), name, fields.require(devices, "devices"), fields.require(since, "since"));
    }
}
