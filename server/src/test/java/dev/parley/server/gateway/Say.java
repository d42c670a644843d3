package dev.parley.server.gateway;

import io.vertx.core.json.JsonObject;

/** What clients say. Further fields are {@code put} to what these give. */
final class Say {
    private Say() {}

    static JsonObject hello() {
        return JsonObject.of("type", "hello");
    }

    static JsonObject hello(String token) {
        return hello().put("token", token);
    }

    static JsonObject send(JsonObject to, Object data) {
        return JsonObject.of("type", "send", "to", to, "data", data);
    }

    static JsonObject join(String group) {
        return JsonObject.of("type", "join", "group", group);
    }

    static JsonObject leave(String group) {
        return JsonObject.of("type", "leave", "group", group);
    }

    static JsonObject history(String channel) {
        return JsonObject.of("type", "history", "channel", channel);
    }

    static JsonObject ping() {
        return JsonObject.of("type", "ping");
    }

    static JsonObject everyone() {
        return JsonObject.of("all", true);
    }

    static JsonObject group(String name) {
        return JsonObject.of("group", name);
    }

    static JsonObject user(String id) {
        return JsonObject.of("user", id);
    }

    static JsonObject connection(String id) {
        return JsonObject.of("connection", id);
    }

    static JsonObject cursor(String epoch, long seq) {
        return JsonObject.of("epoch", epoch, "seq", seq);
    }
}
