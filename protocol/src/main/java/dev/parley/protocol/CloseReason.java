package dev.parley.protocol;

/** Why a connection was closed, and what a client does then. */
public enum CloseReason {
    SHUTDOWN(1001, "shutdown", Reconnect.JITTER),
    BAD_DATA(1007, "not UTF-8", Reconnect.PAUSE),
    POLICY(1008, "policy", Reconnect.PAUSE),
    TOO_LARGE(1009, "frame too large", Reconnect.PAUSE),
    DRAINING(1012, "draining", Reconnect.JITTER),
    OVERLOADED(1013, "overloaded or log out of reach", Reconnect.JITTER),
    NO_SIGN_OF_LIFE(4000, "no sign of life", Reconnect.AT_ONCE),
    TOKEN(4100, "token bad or expired", Reconnect.NEW_TOKEN),
    REVOKED(4101, "revoked", Reconnect.NEW_TOKEN),
    BAD_PROTOCOL(4200, "bad protocol", Reconnect.NEVER),
    DISCONNECTED(4201, "disconnected by an operator", Reconnect.NEVER),
    TOO_MANY_CONNECTIONS(4202, "too many connections", Reconnect.NEVER);

    /** What a client does after a close. */
    public enum Reconnect {
        /** Come back with full jitter, and resume. */
        JITTER,
        /** Come back at once, and resume. */
        AT_ONCE,
        /** Come back after a pause of the longest back-off. */
        PAUSE,
        /** Come back with a new token. */
        NEW_TOKEN,
        /** Stay away until the user asks for it. */
        NEVER
    }

    private final int code;
    private final String text;
    private final Reconnect reconnect;

    CloseReason(int code, String text, Reconnect reconnect) {
        this.code = code;
        this.text = text;
        this.reconnect = reconnect;
    }

    /** The close code of RFC 6455, section 7.4. */
    public int code() {
        return code;
    }

    /** The reason as written in the close frame. */
    public String text() {
        return text;
    }

    /** What the client does then. */
    public Reconnect reconnect() {
        return reconnect;
    }

    /**
     * What a client does after a close with this code; codes that are not Parley's (1000, 1006 …) mean {@link Reconnect#JITTER}.
     *
     * @param code as received, or 1006 where the connection was lost without one
     * @return the advice
     */
    public static Reconnect reconnectAfter(int code) {
        for (CloseReason reason : values()) {
            if (reason.code == code) {
                return reason.reconnect;
            }
        }
        return Reconnect.JITTER;
    }
}
