package dev.parley.server.proof;

import io.vertx.core.json.JsonObject;

/** The four kinds of address, as they stand in {@code to}. */
final class To {
    private To() {}

    static JsonObject all() {
        return new JsonObject().put("all", true);
    }

    static JsonObject group(String name) {
        return new JsonObject().put("group", name);
    }

    static JsonObject user(RawClient client) {
        return new JsonObject().put("user", client.user());
    }

    static JsonObject connection(RawClient client) {
        return new JsonObject().put("connection", client.connection());
    }
}
