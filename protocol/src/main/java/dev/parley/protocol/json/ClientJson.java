package dev.parley.protocol.json;

import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Envelope;

/** Writes each kind of client frame. Called by {@link FrameWriter} on any thread. */
final class ClientJson {

    private ClientJson() {}

    static byte[] write(ClientFrame frame) {
        if (frame instanceof ClientFrame.Send send) {
            return send(send);
        }
        return small(frame).close('}').toBytes();
    }

    /** The frames without a payload, still open. */
    private static JsonBytes small(ClientFrame frame) {
        if (frame instanceof ClientFrame.Hello hello) {
            return hello(hello);
        } else if (frame instanceof ClientFrame.Join join) {
            return since(start("join", join).text("group", join.group().name()), join.since());
        } else if (frame instanceof ClientFrame.Leave leave) {
            return start("leave", leave).text("group", leave.group().name());
        } else if (frame instanceof ClientFrame.Member member) {
            return start("member", member)
                    .text("group", member.group().name())
                    .text("user", member.user())
                    .text("role", member.role() == null ? null : member.role().wire());
        } else if (frame instanceof ClientFrame.Remove remove) {
            return start("remove", remove).text("group", remove.group().name()).text("user", remove.user());
        } else if (frame instanceof ClientFrame.Members members) {
            return start("members", members)
                    .text("group", members.group().name())
                    .text("cursor", members.cursor())
                    .number("limit", members.limit());
        } else if (frame instanceof ClientFrame.History history) {
            return start("history", history)
                    .text("channel", history.channel().channel())
                    .numberIfAny("before", history.before())
                    .numberIfAny("after", history.after())
                    .number("limit", history.limit());
        } else if (frame instanceof ClientFrame.PresenceQuery query) {
            return start("presence", query).text("group", query.group().name());
        } else if (frame instanceof ClientFrame.Conversations conversations) {
            return start("conversations", conversations)
                    .text(
                            "group",
                            conversations.group() == null
                                    ? null
                                    : conversations.group().name())
                    .text("after", conversations.after())
                    .number("limit", conversations.limit());
        } else if (frame instanceof ClientFrame.Describe describe) {
            return start("group", describe)
                    .text("group", describe.group().name())
                    .text("title", describe.title())
                    .text("topic", describe.topic());
        } else if (frame instanceof ClientFrame.Receipts receipts) {
            return start("receipts", receipts).text("group", receipts.group().name());
        } else if (frame instanceof ClientFrame.Search search) {
            return start("search", search)
                    .text("channel", search.channel().channel())
                    .text("text", search.text())
                    .numberIfAny("before", search.before())
                    .number("limit", search.limit());
        } else if (frame instanceof ClientFrame.Settings settings) {
            return start("settings", settings)
                    .text("group", settings.group().name())
                    .raw("value", settings.value());
        } else if (frame instanceof ClientFrame.Read read) {
            return start("read", read).text("channel", read.channel().channel()).number("seq", read.seq());
        } else if (frame instanceof ClientFrame.Typing typing) {
            return start("typing", typing).address("to", typing.to()).flag("active", typing.active());
        } else if (frame instanceof ClientFrame.Refresh refresh) {
            return start("refresh", refresh).text("token", refresh.token());
        } else if (frame instanceof ClientFrame.Ping) {
            return start("ping", frame);
        }
        return start("pong", frame);
    }

    private static JsonBytes start(String type, ClientFrame frame) {
        return JsonBytes.frame(type, 128).id(frame.id());
    }

    private static byte[] send(ClientFrame.Send send) {
        // A send is written in one piece without growing: about 190 bytes go around its payload.
        JsonBytes json = JsonBytes.frame("send", 192 + send.data().length())
                .id(send.id())
                .address("to", send.to())
                .raw("data", send.data());
        if (!send.event().equals(Envelope.DEFAULT_EVENT)) {
            json.text("event", send.event());
        }
        json.text("messageId", send.messageId());
        if (!send.echo()) {
            json.flag("echo", false);
        }
        if (send.isVolatile()) {
            json.flag("volatile", true);
        }
        if (!send.except().isEmpty()) {
            json.open("except", '[');
            send.except().forEach(json::element);
            json.close(']');
        }
        ServerJson.ref(json, send.ref());
        ServerJson.mentions(json, send.mentions());
        return json.close('}').toBytes();
    }

    private static JsonBytes hello(ClientFrame.Hello hello) {
        JsonBytes json = start("hello", hello).text("token", hello.token());
        if (hello.client() != null) {
            json.open("client", '{')
                    .text("name", hello.client().name())
                    .text("version", hello.client().version())
                    .close('}');
        }
        if (!hello.resume().isEmpty()) {
            json.open("resume", '{');
            for (ClientFrame.Resume resume : hello.resume()) {
                json.foreignName(resume.channel())
                        .open('{')
                        .cursor(resume.cursor())
                        .close('}');
            }
            json.close('}');
        }
        return json;
    }

    private static JsonBytes since(JsonBytes json, ClientFrame.Since since) {
        if (since instanceof ClientFrame.Since.After after) {
            json.open("since", '{').cursor(after.cursor()).close('}');
        } else if (since instanceof ClientFrame.Since.Last last) {
            json.open("since", '{').number("last", last.entries()).close('}');
        }
        return json;
    }
}
