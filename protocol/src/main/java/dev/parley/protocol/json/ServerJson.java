package dev.parley.protocol.json;

import dev.parley.protocol.Envelope;
import dev.parley.protocol.Limits;
import dev.parley.protocol.Ref;
import dev.parley.protocol.Role;
import dev.parley.protocol.Sender;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import java.util.List;

/** Writes each kind of server frame. Called by {@link FrameWriter} on any thread. */
final class ServerJson {

    private ServerJson() {}

    static byte[] write(ServerFrame frame) {
        if (frame instanceof ServerFrame.Message message) {
            JsonBytes json = new JsonBytes(384 + message.envelope().data().length());
            message(json, message);
            return json.toBytes();
        } else if (frame instanceof ServerFrame.Ack ack) {
            return ack(ack);
        } else if (frame instanceof ServerFrame.Welcome welcome) {
            return welcome(welcome);
        }
        return small(frame).close('}').toBytes();
    }

    private static void message(JsonBytes json, ServerFrame.Message message) {
        json.open('{')
                .text("type", "message")
                .text("channel", message.channel())
                .cursor(message.at());
        envelope(json, message.envelope());
        json.close('}');
    }

    /** The fields of an envelope, without its brackets. */
    static void envelope(JsonBytes json, Envelope envelope) {
        json.address("to", envelope.to()).open("from", '{');
        if (envelope.from() instanceof Sender.Person person) {
            json.text("user", person.user()).text("name", person.name()).text("connection", person.connection());
        } else if (envelope.from() instanceof Sender.Service service) {
            json.text("service", service.service());
        }
        json.close('}')
                .text("messageId", envelope.messageId())
                .text("event", envelope.event())
                .number("time", envelope.time())
                .raw("data", envelope.data());
        ref(json, envelope.ref());
        mentions(json, envelope.mentions());
    }

    static void mentions(JsonBytes json, List<String> mentions) {
        if (!mentions.isEmpty()) {
            json.open("mentions", '[');
            mentions.forEach(json::element);
            json.close(']');
        }
    }

    static void ref(JsonBytes json, Ref ref) {
        if (ref != null) {
            json.open("ref", '{')
                    .text("messageId", ref.messageId())
                    .text("kind", ref.kind().wire())
                    .numberIfAny("seq", ref.seq())
                    .close('}');
        }
    }

    private static byte[] ack(ServerFrame.Ack ack) {
        JsonBytes json = JsonBytes.frame("ack", 256).id(ack.id());
        result(json, ack.result());
        return json.close('}').toBytes();
    }

    /** The fields of a result, without its brackets. */
    static void result(JsonBytes json, Result result) {
        if (result instanceof Result.Sent sent) {
            json.text("messageId", sent.messageId())
                    .text("channel", sent.channel())
                    .cursor(sent.at())
                    .number("time", sent.time())
                    .flag("duplicate", sent.duplicate());
        } else if (result instanceof Result.Joined joined) {
            json.text("group", joined.group())
                    .cursor(joined.at())
                    .text("role", role(joined.role()))
                    .numberIfAny("members", joined.members())
                    .text("title", joined.title())
                    .text("topic", joined.topic());
        } else if (result instanceof Result.Page page) {
            json.open("messages", '[');
            page.messages().forEach(message -> message(json, message));
            json.close(']').flag("more", page.more()).numberIfAny("before", page.before());
        } else if (result instanceof Result.Conversations conversations) {
            json.open("conversations", '[');
            conversations.conversations().forEach(each -> conversation(json, each));
            json.close(']').flag("more", conversations.more());
        } else if (result instanceof Result.Marked marked) {
            json.number("unread", marked.unread()).number("mentions", marked.mentions());
        } else if (result instanceof Result.Receipts receipts) {
            json.open("receipts", '[');
            for (ServerFrame.Position position : receipts.receipts()) {
                json.open('{')
                        .text("user", position.user())
                        .number("read", position.read())
                        .numberIfAny("delivered", position.delivered())
                        .close('}');
            }
            json.close(']');
        } else if (result instanceof Result.Present present) {
            present(json, present);
        } else if (result instanceof Result.Members members) {
            members(json, members);
        } else if (result instanceof Result.Refreshed refreshed) {
            // Written even where the token never ends: it is what tells this ack from an empty one.
            if (refreshed.expires() == null) {
                json.nothing("expires");
            } else {
                json.number("expires", refreshed.expires());
            }
        }
    }

    private static void conversation(JsonBytes json, ServerFrame.Conversation conversation) {
        json.open('{')
                .text("group", conversation.group())
                .text("role", role(conversation.role()))
                .text("title", conversation.title())
                .text("topic", conversation.topic())
                .number("members", conversation.members())
                .cursor(conversation.at())
                .numberIfAny("read", conversation.read())
                .number("unread", conversation.unread())
                .number("mentions", conversation.mentions());
        if (conversation.settings() != null) {
            json.raw("settings", conversation.settings());
        }
        json.open("last", '[');
        conversation.last().forEach(message -> message(json, message));
        json.close(']');
        ServerFrame.Other other = conversation.other();
        if (other != null) {
            json.open("other", '{')
                    .text("user", other.user())
                    .text("name", other.name())
                    .numberIfAny("lastSeen", other.lastSeen())
                    .numberIfAny("read", other.read())
                    .numberIfAny("delivered", other.delivered())
                    .close('}');
        }
        json.close('}');
    }

    private static void present(JsonBytes json, Result.Present present) {
        json.open("users", '[');
        for (ServerFrame.PresentUser user : present.users()) {
            json.open('{')
                    .text("user", user.user())
                    .text("name", user.name())
                    .number("devices", user.devices())
                    .number("since", user.since())
                    .close('}');
        }
        json.close(']').number("count", present.count());
        if (present.more()) {
            json.flag("more", true);
        }
        if (!present.away().isEmpty()) {
            json.open("away", '[');
            for (ServerFrame.AwayUser user : present.away()) {
                json.open('{')
                        .text("user", user.user())
                        .text("name", user.name())
                        .numberIfAny("lastSeen", user.lastSeen())
                        .close('}');
            }
            json.close(']');
        }
    }

    private static void members(JsonBytes json, Result.Members members) {
        json.open("members", '[');
        for (ServerFrame.GroupMember member : members.members()) {
            json.open('{')
                    .text("user", member.user())
                    .text("name", member.name())
                    .text("role", role(member.role()))
                    .number("since", member.since())
                    .close('}');
        }
        json.close(']').number("count", members.count()).text("next", members.next());
    }

    private static byte[] welcome(ServerFrame.Welcome welcome) {
        JsonBytes json = JsonBytes.frame("welcome", 1024)
                .id(welcome.id())
                .text("connection", welcome.connection())
                .open("user", '{')
                .text("id", welcome.user().id())
                .text("name", welcome.user().name())
                .close('}')
                .text("node", welcome.node())
                .open("channels", '[');
        welcome.channels().forEach(followed -> followed(json, followed));
        Limits limits = welcome.limits();
        return json.close(']')
                .open("ping", '{')
                .number("interval", welcome.heartbeat().interval())
                .number("timeout", welcome.heartbeat().timeout())
                .close('}')
                .open("limits", '{')
                .number("frame", limits.frame())
                .number("message", limits.message())
                .number("sendsPerSecond", limits.sendsPerSecond())
                .number("sendBurst", limits.sendBurst())
                .number("inFlight", limits.inFlight())
                .number("groups", limits.groups())
                .close('}')
                .number("time", welcome.time())
                .numberIfAny("expires", welcome.expires())
                .text("token", welcome.token())
                .close('}')
                .toBytes();
    }

    private static void followed(JsonBytes json, ServerFrame.Followed followed) {
        json.open('{')
                .text("channel", followed.channel())
                .cursor(followed.head())
                .numberIfAny("read", followed.read())
                .text("role", role(followed.role()));
        if (followed.recovered() != null) {
            json.flag("recovered", followed.recovered());
        }
        if (followed.error() != null) {
            json.text("error", followed.error().wire());
        }
        json.close('}');
    }

    /** The frames of a few plain fields, still open. */
    private static JsonBytes small(ServerFrame frame) {
        if (frame instanceof ServerFrame.Error error) {
            return start("error")
                    .id(error.id())
                    .text("code", error.code().wire())
                    .text("detail", error.detail())
                    .flag("retryable", error.code().retryable())
                    .numberIfAny("retryAfter", error.retryAfter());
        } else if (frame instanceof ServerFrame.Skip skip) {
            return range("skip", skip.channel(), skip.epoch(), skip.from(), skip.to());
        } else if (frame instanceof ServerFrame.Gap gap) {
            return range("gap", gap.channel(), gap.epoch(), gap.from(), gap.to())
                    .text("reason", gap.reason().wire());
        } else if (frame instanceof ServerFrame.Presence presence) {
            return start("presence")
                    .text("group", presence.group())
                    .text("user", presence.user())
                    .text("name", presence.name())
                    .text(
                            "state",
                            presence.state() == null ? null : presence.state().wire())
                    .numberIfAny("devices", presence.devices())
                    .numberIfAny("count", presence.count());
        } else if (frame instanceof ServerFrame.Typing typing) {
            return start("typing")
                    .address("to", typing.to())
                    .text("user", typing.user())
                    .text("name", typing.name())
                    .flag("active", typing.active());
        } else if (frame instanceof ServerFrame.Receipt receipt) {
            return start("receipt")
                    .text("channel", receipt.channel())
                    .text("user", receipt.user())
                    .number("seq", receipt.seq())
                    .numberIfAny("unread", receipt.unread())
                    .numberIfAny("mentions", receipt.mentions())
                    .numberIfAny("delivered", receipt.delivered());
        } else if (frame instanceof ServerFrame.Settings settings) {
            return start("settings").text("group", settings.group()).raw("value", settings.value());
        } else if (frame instanceof ServerFrame.Membership membership) {
            return start("membership")
                    .text("group", membership.group())
                    .text("state", membership.state().wire())
                    .text("role", role(membership.role()))
                    .cursor(membership.at());
        } else if (frame instanceof ServerFrame.Expiring expiring) {
            return start("expiring").number("in", expiring.in());
        } else if (frame instanceof ServerFrame.Draining draining) {
            return start("draining").number("reconnectAfter", draining.reconnectAfter());
        } else if (frame instanceof ServerFrame.Pong pong) {
            return start("pong").id(pong.id());
        }
        return start("ping");
    }

    private static JsonBytes range(String type, String channel, String epoch, long from, long to) {
        return start(type)
                .text("channel", channel)
                .text("epoch", epoch)
                .number("from", from)
                .number("to", to);
    }

    private static JsonBytes start(String type) {
        return JsonBytes.frame(type, 192);
    }

    private static String role(Role role) {
        return role == null ? null : role.wire();
    }
}
