package dev.parley.server.proof;

import io.vertx.core.json.JsonObject;

/** The server answered a request with an {@code error}. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean retryable;

    RefusedException(JsonObject error) {
        super(error.encode());
        this.code = error.getString("code");
        this.retryable = error.getBoolean("retryable");
    }

    /** The error's code as on the wire. */
    public String code() {
        return code;
    }

    /** Whether the client may try again. */
    public boolean retryable() {
        return retryable;
    }
}
