package dev.parley.server.proof;

import io.vertx.core.json.JsonObject;

/** The four kinds of address, as they stand in {@code to}. */
public final class To {
    private To() {}

    public static JsonObject all() {
        return new JsonObject().put("all", true);
    }

    public static JsonObject group(String name) {
        return new JsonObject().put("group", name);
    }

    public static JsonObject user(RawClient client) {
        return new JsonObject().put("user", client.user());
    }

    public static JsonObject connection(RawClient client) {
        return new JsonObject().put("connection", client.connection());
    }
}
