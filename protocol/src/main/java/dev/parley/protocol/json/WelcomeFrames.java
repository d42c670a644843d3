package dev.parley.protocol.json;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame;
import java.util.List;

/** Makes a {@code welcome}. Called by {@link ServerFrames} on any thread. */
final class WelcomeFrames {

    private WelcomeFrames() {}

    static ServerFrame.Welcome read(Fields fields) {
        RequestId id = null;
        String connection = null;
        ServerFrame.User user = null;
        String node = null;
        List<ServerFrame.Followed> channels = null;
        ServerFrame.Heartbeat heartbeat = null;
        Limits limits = null;
        Long time = null;
        Long expires = null;
        String token = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.requestId();
                case "connection" -> connection = fields.text();
                case "user" -> user = user(fields.object());
                case "node" -> node = fields.text();
                case "channels" -> channels = fields.list(Integer.MAX_VALUE, element -> followed(element.object()));
                case "ping" -> heartbeat = heartbeat(fields.object());
                case "limits" -> limits = limits(fields.object());
                case "time" -> time = fields.count();
                case "expires" -> expires = fields.count();
                case "token" -> token = fields.text();
                default -> fields.skip();
            }
        }
        return new ServerFrame.Welcome(
                id,
                fields.require(connection, "connection"),
                fields.require(user, "user"),
                fields.require(node, "node"),
                fields.require(channels, "channels"),
                fields.require(heartbeat, "ping"),
                fields.require(limits, "limits"),
                fields.require(time, "time"),
                expires,
                token);
    }

    private static ServerFrame.User user(Fields fields) {
        if (fields == null) {
            return null;
        }
        String id = null;
        String name = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "id" -> id = fields.text();
                case "name" -> name = fields.text();
                default -> fields.skip();
            }
        }
        return new ServerFrame.User(fields.require(id, "id"), fields.require(name, "name"));
    }

    private static ServerFrame.Followed followed(Fields fields) {
        String channel = null;
        String epoch = null;
        Long seq = null;
        Long read = null;
        Role role = null;
        Boolean recovered = null;
        String error = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "channel" -> channel = fields.text();
                case "epoch" -> epoch = fields.text();
                case "seq" -> seq = fields.count();
                case "read" -> read = fields.count();
                case "role" -> role = ServerFrames.role(fields);
                case "recovered" -> recovered = fields.flag();
                case "error" -> error = fields.text();
                default -> fields.skip();
            }
        }
        return new ServerFrame.Followed(
                fields.require(channel, "channel"),
                ServerFrames.cursor(fields, epoch, seq),
                read,
                role,
                recovered,
                error == null ? null : ErrorCode.ofWire(error));
    }

    private static ServerFrame.Heartbeat heartbeat(Fields fields) {
        if (fields == null) {
            return null;
        }
        Long interval = null;
        Long timeout = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "interval" -> interval = fields.count();
                case "timeout" -> timeout = fields.count();
                default -> fields.skip();
            }
        }
        return new ServerFrame.Heartbeat(fields.require(interval, "interval"), fields.require(timeout, "timeout"));
    }

    private static Limits limits(Fields fields) {
        if (fields == null) {
            return null;
        }
        Integer frame = null;
        Integer message = null;
        Integer sendsPerSecond = null;
        Integer sendBurst = null;
        Integer inFlight = null;
        Integer groups = null;
        while (fields.next()) {
            switch (fields.name()) {
                case "frame" -> frame = fields.smallCount();
                case "message" -> message = fields.smallCount();
                case "sendsPerSecond" -> sendsPerSecond = fields.smallCount();
                case "sendBurst" -> sendBurst = fields.smallCount();
                case "inFlight" -> inFlight = fields.smallCount();
                case "groups" -> groups = fields.smallCount();
                default -> fields.skip();
            }
        }
        return new Limits(
                fields.require(frame, "frame"),
                fields.require(message, "message"),
                fields.require(sendsPerSecond, "sendsPerSecond"),
                fields.require(sendBurst, "sendBurst"),
                fields.require(inFlight, "inFlight"),
                fields.require(groups, "groups"));
    }
}
