package dev.parley.server.gateway;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.ServerFrame;
import dev.parley.server.log.LogUnavailableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** What a client is told of a failure: its own mistakes by their code, the log's absence as such, and of our own faults nothing but that there was one. */
final class Refusals {
    private static final Logger LOG = Logger.getLogger(Refusals.class);
    private static final long RETRY_MILLIS = 1000;

    private Refusals() {}

    static ServerFrame.Error of(RequestId id, Throwable failure) {
        Throwable cause = causeOf(failure);
        if (cause instanceof ProtocolException refusal) {
            Long retryAfter = refusal.code().retryable() ? RETRY_MILLIS : null;
            return new ServerFrame.Error(id, refusal.code(), refusal.detail(), retryAfter);
        }
        if (isUnavailable(cause)) {
            return new ServerFrame.Error(
                    id,
                    ErrorCode.UNAVAILABLE,
                    "the log is out of reach; a retry with the same messageId is safe",
                    RETRY_MILLIS);
        }
        LOG.error("a request failed by a fault of the server", cause);
        return new ServerFrame.Error(id, ErrorCode.INTERNAL, "the server failed", RETRY_MILLIS);
    }

    static boolean isUnavailable(Throwable failure) {
        Throwable cause = causeOf(failure);
        return cause instanceof LogUnavailableException || cause instanceof TimeoutException;
    }

    static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
