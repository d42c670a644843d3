package dev.parley.protocol;

import java.util.HashMap;
import java.util.Map;

/** Why a request was refused: the same codes in {@code error} frames and in HTTP problems. */
public enum ErrorCode {
    /** Not JSON, a field missing or of the wrong kind, a malformed name. */
    BAD_FRAME("bad_frame", 400),
    /** A {@code type} this protocol does not have. */
    UNKNOWN_TYPE("unknown_type", 400),
    /** Understood, but not offered (binary frames). */
    UNSUPPORTED("unsupported", 415),
    /** A JSON object over {@code limits.message} bytes. */
    TOO_LARGE("too_large", 413),
    /** Over a rate or an in-flight limit; try again after {@code retryAfter}. */
    RATE_LIMITED("rate_limited", 429),
    /** No identity yet, or a token that does not verify. */
    UNAUTHENTICATED("unauthenticated", 401),
    /** A token that was good once. */
    TOKEN_EXPIRED("token_expired", 401),
    /** Known, but not allowed to. */
    FORBIDDEN("forbidden", 403),
    /** A durable group that does not exist. */
    UNKNOWN_GROUP("unknown_group", 404),
    /** A user who never connected and is a member nowhere. */
    UNKNOWN_USER("unknown_user", 404),
    /** A connection that does not exist, or no longer. */
    UNKNOWN_CONNECTION("unknown_connection", 404),
    /** An earlier message that the group does not keep, or never had. */
    UNKNOWN_MESSAGE("unknown_message", 404),
    /** A group that must be joined first. */
    NOT_JOINED("not_joined", 403),
    /** Against the present state: a second {@code hello}, one group too many. */
    CONFLICT("conflict", 409),
    /** The log is out of reach; a retry with the same message id is safe. */
    UNAVAILABLE("unavailable", 503),
    /** A fault of the server's own. */
    INTERNAL("internal", 500);

    private static final Map<String, ErrorCode> BY_WIRE = new HashMap<>();

    static {
        for (ErrorCode code : values()) {
            BY_WIRE.put(code.wire, code);
        }
    }

    private final String wire;
    private final int httpStatus;

    ErrorCode(String wire, int httpStatus) {
        this.wire = wire;
        this.httpStatus = httpStatus;
    }

    /** The code as written on the wire. */
    public String wire() {
        return wire;
    }

    /** The HTTP status that goes with it. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the same request may succeed later without a change. */
    public boolean retryable() {
        return this == RATE_LIMITED || this == UNAVAILABLE || this == INTERNAL;
    }

    /**
     * The code of a wire name.
     *
     * @param wire as {@link #wire()} gives it
     * @return the code; {@link #INTERNAL} for one that this version does not know
     */
    public static ErrorCode ofWire(String wire) {
        return BY_WIRE.getOrDefault(wire, INTERNAL);
    }
}
