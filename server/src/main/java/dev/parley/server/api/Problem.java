package dev.parley.server.api;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.log.LogUnavailableException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/**
 * A refusal over HTTP, as RFC 9457 describes problems. Made for every error under {@code /v1}; any thread.
 *
 * @param status the HTTP status
 * @param code what an {@code error} frame would carry
 * @param detail one sentence for the caller
 */
record Problem(int status, ErrorCode code, String detail) {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final Logger LOG = Logger.getLogger(Problem.class);
    private static final String SERVER_FAULT = "a fault of the server's own, which it has logged";
    private static final String RETRY_AFTER_SECONDS = "1";

    static final Problem NO_SUCH_PATH = new Problem(404, ErrorCode.UNSUPPORTED, "there is nothing at this path");

    private static final Problem MALFORMED = new Problem(400, ErrorCode.BAD_FRAME, "the request is malformed");

    private static final Problem METHOD_NOT_ALLOWED =
            new Problem(405, ErrorCode.UNSUPPORTED, "this path does not take this method");
    /** What to tell about a failure. What is a fault of ours, and only that, is logged here. */
    static Problem of(Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return of(failure.getCause());
        } else if (failure instanceof ProtocolException refusal) {
            return new Problem(refusal.code().httpStatus(), refusal.code(), refusal.detail());
        } else if (failure instanceof LogUnavailableException) {
            return new Problem(
                    ErrorCode.UNAVAILABLE.httpStatus(),
                    ErrorCode.UNAVAILABLE,
                    "the log is out of reach; a retry with the same message id is safe");
        } else if (failure instanceof WebApplicationException refusal
                && refusal.getResponse().getStatus() < 500) {
            return ofStatus(refusal.getResponse().getStatus());
        }
        LOG.error("The HTTP API could not answer", failure);
        return new Problem(ErrorCode.INTERNAL.httpStatus(), ErrorCode.INTERNAL, SERVER_FAULT);
    }

    private static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> NO_SUCH_PATH;
            case 405 -> METHOD_NOT_ALLOWED;
            default -> MALFORMED;
        };
    }

    /** The problem as an answer. */
    Response response() {
        Response.ResponseBuilder answer =
                Response.status(status).type(MEDIA_TYPE).entity(json());
        if (status == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"parley\"");
        } else if (code == ErrorCode.UNAVAILABLE || code == ErrorCode.RATE_LIMITED) {
            answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return answer.build();
    }

    byte[] json() {
        return Json.object(json -> {
            json.writeStringField("type", "about:blank");
            json.writeStringField("title", title());
            json.writeNumberField("status", status);
            json.writeStringField("detail", detail);
            json.writeStringField("code", code.wire());
        });
    }

    private String title() {
        Response.Status known = Response.Status.fromStatusCode(status);
        return known == null ? "Refused" : known.getReasonPhrase();
    }
}
