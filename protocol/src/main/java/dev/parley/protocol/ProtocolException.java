package dev.parley.protocol;

/**
 * A frame or request that cannot be taken, with the code and the sentence its sender is told.
 *
 * <p>It is an answer, not an accident: it carries no stack trace, is thrown once per bad frame and is not logged.
 */
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient RequestId id;

    /**
     * A refusal of a frame whose {@code id} is not known (yet).
     *
     * @param code what kind of refusal
     * @param detail one sentence for the sender; no class names, no content of others
     */
    public ProtocolException(ErrorCode code, String detail) {
        this(code, detail, null);
    }

    /**
     * A refusal of a request.
     *
     * @param code what kind of refusal
     * @param detail one sentence for the sender
     * @param id the request's id, or null
     */
    public ProtocolException(ErrorCode code, String detail, RequestId id) {
        super(detail, null, false, false);
        this.code = code;
        this.id = id;
    }

    /** What kind of refusal. */
    public ErrorCode code() {
        return code;
    }

    /** The sentence for the sender. */
    public String detail() {
        return getMessage();
    }

    /** The id of the refused request where it could be read, or null. */
    public RequestId id() {
        return id;
    }
}
