package dev.parley.server.log;

/** The log is out of reach or did not answer in time; whether what was asked took effect is unknown. Carries no stack trace: it is an answer to clients. */
public final class LogUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason for the log of the instance, not for clients */
    public LogUnavailableException(String reason) {
        super(reason, null, false, false);
    }
}
