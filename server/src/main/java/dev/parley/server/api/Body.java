package dev.parley.server.api;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.limit.Limit;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads request bodies up to {@code parley.limits.body}, and keeps nothing of longer ones. Called by the resources, on the request's event loop. */
@Singleton
final class Body {
    private static final int PASSED_OVER_MAX = 32 << 20;

    private final int max;
    private final Exceeded exceeded;

    Body(ParleyConfig config, Exceeded exceeded) {
        this.max = config.limits().body();
        this.exceeded = exceeded;
    }

    /**
     * Reads the whole body.
     *
     * @param request paused until now, as every request is that nobody has read
     * @return its bytes; fails with {@code unsupported} where it says to be no JSON, with {@code too_large}, or with {@code bad_frame} when the caller goes away in the middle
     */
    CompletionStage<byte[]> read(HttpServerRequest request) {
        return read(request, max);
    }

    /** Likewise, up to a limit of the caller's own. */
    CompletionStage<byte[]> read(HttpServerRequest request, int limit) {
        if (!isEmpty(request) && !mayBeJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            return CompletableFuture.failedStage(
                    new ProtocolException(ErrorCode.UNSUPPORTED, "a body must be application/json"));
        }
        if (announced(request) > limit) {
            request.handler(chunk -> passOver(request));
            request.resume();
            return CompletableFuture.failedStage(tooLarge(limit));
        }
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        Buffer read = Buffer.buffer();
        request.handler(chunk -> {
            if (body.isDone()) {
                passOver(request);
            } else if (read.length() + chunk.length() > limit) {
                body.completeExceptionally(tooLarge(limit));
            } else {
                read.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> body.complete(read.getBytes()));
        request.exceptionHandler(lost -> body.completeExceptionally(
                new ProtocolException(ErrorCode.BAD_FRAME, "the body ended before its end")));
        request.resume();
        return body;
    }

    /** Callers hear a refusal only once their body is out, so it is read to its end, unless that is too far off. */
    private static void passOver(HttpServerRequest request) {
        if (request.bytesRead() > PASSED_OVER_MAX) {
            request.connection().close();
        }
    }

    /** Some clients name a type with every request, with one that has no body too. */
    private static boolean isEmpty(HttpServerRequest request) {
        return "0".equals(request.getHeader(HttpHeaders.CONTENT_LENGTH));
    }

    /** Besides JSON, none at all and what {@code curl -d} says of any body: it is read as JSON, and refused as {@code bad_frame} when it is none. */
    private static boolean mayBeJson(String contentType) {
        if (contentType == null) {
            return true;
        }
        int parameters = contentType.indexOf(';');
        String type = (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip();
        return type.equalsIgnoreCase("application/json") || type.equalsIgnoreCase("application/x-www-form-urlencoded");
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length); // Netty has refused what is no number
    }

    private ProtocolException tooLarge(int limit) {
        exceeded.count(Limit.BODY);
        return new ProtocolException(
                ErrorCode.TOO_LARGE, "the body has more than the " + limit + " bytes that are taken");
    }
}
