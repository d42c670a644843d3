package dev.parley.server.proof;

import io.vertx.core.json.JsonObject;

/** The server answered a request with an {@code error}. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    RefusedException(JsonObject error) {
        super(error.encode());
        this.code = error.getString("code");
    }

    /** The error's code as on the wire. */
    public String code() {
        return code;
    }
}
