package dev.parley.server.http;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.Failures;
import dev.parley.server.log.LogUnavailableException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * A refusal over HTTP, as RFC 9457 describes problems: {@code type} and {@code code} stay the same for good, {@code detail} is for people. Made for every error under
 * {@code /v1}; any thread.
 *
 * @param status the HTTP status
 * @param code what an {@code error} frame would carry
 * @param detail one sentence for the caller
 */
public record Problem(int status, ErrorCode code, String detail) {

    /** The content type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** What stands before the code in {@code type}. */
    static final String TYPE = "urn:parley:error:";

    private static final Logger LOG = Logger.getLogger(Problem.class);
    private static final String SERVER_FAULT = "a fault of the server's own, which it has logged";
    private static final String RETRY_AFTER_SECONDS = "1";

    /** Nobody serves this path. */
    public static final Problem NO_SUCH_PATH = new Problem(404, ErrorCode.UNSUPPORTED, "there is nothing at this path");

    /** Nobody can tell what was asked for. */
    public static final Problem MALFORMED = new Problem(400, ErrorCode.BAD_FRAME, "the request is malformed");

    /** A path that takes other methods. */
    public static final Problem METHOD_NOT_ALLOWED =
            new Problem(405, ErrorCode.UNSUPPORTED, "this path does not take this method");

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(406, "Not Acceptable"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Content Too Large"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(426, "Upgrade Required"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"));

    /** A refusal with the status that goes with its code. */
    public static Problem of(ErrorCode code, String detail) {
        return new Problem(code.httpStatus(), code, detail);
    }

    /**
     * What to tell about a failure, in an error frame as well: people's own mistakes by their code, the log's absence as such, and of our own faults, which alone
     * are logged, nothing but that there was one.
     */
    public static Problem of(Throwable failure) {
        Throwable cause = Failures.causeOf(failure);
        if (cause instanceof ProtocolException refusal) {
            return of(refusal.code(), refusal.detail());
        } else if (isUnavailable(cause)) {
            return of(ErrorCode.UNAVAILABLE, "the log is out of reach; a retry with the same messageId is safe");
        }
        LOG.error("A request failed by a fault of the server", cause);
        return of(ErrorCode.INTERNAL, SERVER_FAULT);
    }

    /** Whether a failure is the log's absence. */
    public static boolean isUnavailable(Throwable failure) {
        Throwable cause = Failures.causeOf(failure);
        return cause instanceof LogUnavailableException || cause instanceof TimeoutException;
    }

    /** The problem as JSON. */
    public byte[] json() {
        return new JsonObject()
                .put("type", TYPE + code.wire())
                .put("title", TITLES.getOrDefault(status, "Refused"))
                .put("status", status)
                .put("detail", detail)
                .put("code", code.wire())
                .toBuffer()
                .getBytes();
    }

    /** The headers that go with it, the content type among them. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", MEDIA_TYPE);
        headers.put("Cache-Control", "no-store");
        if (status == 401) {
            headers.put("WWW-Authenticate", "Bearer realm=\"parley\"");
        } else if (code == ErrorCode.UNAVAILABLE || code == ErrorCode.RATE_LIMITED) {
            headers.put("Retry-After", RETRY_AFTER_SECONDS);
        }
        return headers;
    }

    /** Answers a method that a path does not take. */
    public static void notAllowed(HttpServerResponse response, String allowed) {
        response.putHeader("Allow", allowed);
        METHOD_NOT_ALLOWED.answer(response);
    }

    /** Answers with it, unless there is an answer already. */
    public void answer(HttpServerResponse response) {
        if (!response.ended() && !response.headWritten()) {
            headers().forEach(response::putHeader);
            response.setStatusCode(status).end(Buffer.buffer(json()));
        }
    }
}
