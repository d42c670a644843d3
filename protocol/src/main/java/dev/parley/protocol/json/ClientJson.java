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
        JsonBytes json = JsonBytes.frame(type(frame), 128).id(frame.id());
        if (frame instanceof ClientFrame.Hello hello) {
            hello(json, hello);
        } else if (frame instanceof ClientFrame.Join join) {
            json.text("group", join.group().name());
            since(json, join.since());
        } else if (frame instanceof ClientFrame.Leave leave) {
            json.text("group", leave.group().name());
        } else if (frame instanceof ClientFrame.History history) {
            json.text("channel", history.channel().channel())
                    .numberIfAny("before", history.before())
                    .numberIfAny("after", history.after())
                    .number("limit", history.limit());
        } else if (frame instanceof ClientFrame.PresenceQuery query) {
            json.text("group", query.group().name());
        } else if (frame instanceof ClientFrame.Read read) {
            json.text("channel", read.channel().channel()).number("seq", read.seq());
        } else if (frame instanceof ClientFrame.Typing typing) {
            json.address("to", typing.to()).flag("active", typing.active());
        } else if (frame instanceof ClientFrame.Refresh refresh) {
            json.text("token", refresh.token());
        }
        return json.close('}').toBytes();
    }

    private static byte[] send(ClientFrame.Send send) {
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
        return json.close('}').toBytes();
    }

    private static void hello(JsonBytes json, ClientFrame.Hello hello) {
        json.text("token", hello.token());
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
    }

    private static void since(JsonBytes json, ClientFrame.Since since) {
        if (since instanceof ClientFrame.Since.After after) {
            json.open("since", '{').cursor(after.cursor()).close('}');
        } else if (since instanceof ClientFrame.Since.Last last) {
            json.open("since", '{').number("last", last.entries()).close('}');
        }
    }

    private static String type(ClientFrame frame) {
        if (frame instanceof ClientFrame.Hello) {
            return "hello";
        } else if (frame instanceof ClientFrame.Join) {
            return "join";
        } else if (frame instanceof ClientFrame.Leave) {
            return "leave";
        } else if (frame instanceof ClientFrame.History) {
            return "history";
        } else if (frame instanceof ClientFrame.PresenceQuery) {
            return "presence";
        } else if (frame instanceof ClientFrame.Read) {
            return "read";
        } else if (frame instanceof ClientFrame.Typing) {
            return "typing";
        } else if (frame instanceof ClientFrame.Refresh) {
            return "refresh";
        }
        return frame instanceof ClientFrame.Ping ? "ping" : "pong";
    }
}
