package dev.parley.client;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ServerFrame;
import java.util.Optional;

/** Why something asked of a {@link ParleyClient} did not come about. Its message is a sentence that can be shown to people. */
public final class ParleyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, by what the caller can do about it. */
    public enum Kind {
        /** The server said no; {@link ParleyException#code()} tells why, where it gave a code. */
        REFUSED,
        /** No connection could be made. */
        UNREACHABLE,
        /** There is no connection now, and the request is of a kind that does not wait for one. */
        OFFLINE,
        /** The connection was lost before the answer came: it may or may not have taken effect. */
        OUTCOME_UNKNOWN,
        /** No answer within the request timeout: it may or may not have taken effect. */
        TIMEOUT,
        /** Too many sends wait already. */
        QUEUE_FULL,
        /** The client was closed. */
        CLOSED
    }

    private final Kind kind;
    private final ErrorCode code;

    /**
     * A failure that the server gave no code for.
     *
     * @param kind what went wrong
     * @param message a sentence
     */
    public ParleyException(Kind kind, String message) {
        this(kind, null, message, null);
    }

    ParleyException(Kind kind, String message, Throwable cause) {
        this(kind, null, message, cause);
    }

    private ParleyException(Kind kind, ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
    }

    static ParleyException refused(ServerFrame.Error error) {
        return refused(error.code(), error.detail());
    }

    static ParleyException refused(ErrorCode code, String detail) {
        return new ParleyException(Kind.REFUSED, code, detail, null);
    }

    static ParleyException closed() {
        return new ParleyException(Kind.CLOSED, "the client is closed");
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** The server's error code; empty where it refused without one, or did not refuse at all. */
    public Optional<ErrorCode> code() {
        return Optional.ofNullable(code);
    }
}
