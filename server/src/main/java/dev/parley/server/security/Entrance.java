package dev.parley.server.security;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Says who makes a request, by what it carries: {@code Authorization: Bearer <token>}, or a ticket in the query. Asked by whatever takes people in, on the
 * request's event loop; stages may complete on another thread.
 */
@Singleton
public final class Entrance {

    /** The parameter of the query that carries a ticket. */
    public static final String TICKET = "ticket";

    private static final String SCHEME = "bearer";

    private final Tokens tokens;
    private final Tickets tickets;

    Entrance(Tokens tokens, Tickets tickets) {
        this.tokens = tokens;
        this.tickets = tickets;
    }

    /**
     * Identifies.
     *
     * @return the identity, null where nothing was offered; fails with {@code unauthenticated} or {@code token_expired} for what is not good, with
     *     {@code bad_frame} for two things at once, and with {@code unavailable} when it cannot be judged now
     */
    public CompletionStage<Identity> identify(HttpServerRequest request) {
        List<String> given = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        List<String> inQuery = request.params().getAll(TICKET);
        if (given.size() + inQuery.size() > 1) {
            return CompletableFuture.failedStage(new ProtocolException(
                    ErrorCode.BAD_FRAME, "give one header Authorization or one ticket, not both"));
        }
        if (!inQuery.isEmpty()) {
            return tickets.redeem(inQuery.get(0)).thenCompose(tokens::verify);
        }
        Optional<String> token = bearer(request);
        return token.isPresent() ? tokens.verify(token.get()) : CompletableFuture.completedStage(null);
    }

    /** What stands after {@code Bearer}; empty where there is no header, or one of another scheme, which is for somebody else. */
    public static Optional<String> bearer(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        boolean ours = header != null
                && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && (header.length() == SCHEME.length() || header.charAt(SCHEME.length()) == ' ');
        return ours ? Optional.of(header.substring(SCHEME.length()).strip()) : Optional.empty();
    }
}
