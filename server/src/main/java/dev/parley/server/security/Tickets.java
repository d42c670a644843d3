package dev.parley.server.security;

import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tickets: what a browser can put into the URL of a WebSocket or an event stream, where it can set no header, without showing its token to every log on the
 * way. Each is good once, for {@link TokenStore#TICKET}, on any instance. Called by the HTTP API and {@link Entrance}, on any thread.
 */
@Singleton
public final class Tickets {
    private static final int BYTES = 32;

    /** Of what Base64 makes of so many bytes. */
    private static final int LENGTH = 43;

    private final TokenStore store;
    private final SecureRandom random = new SecureRandom();

    Tickets(TokenStore store) {
        this.store = store;
    }

    /**
     * A ticket, and its end.
     *
     * @param expires milliseconds since 1970
     */
    public record Ticket(String ticket, long expires) {}

    /**
     * Makes a ticket for a token that was verified.
     *
     * @param token the token as it came
     */
    public CompletionStage<Ticket> issue(String token) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        long expires = System.currentTimeMillis() + TokenStore.TICKET.toMillis();
        return store.issue(ticket, token).thenApply(kept -> new Ticket(ticket, expires));
    }

    /**
     * Takes a ticket.
     *
     * @return the token that it stands for, to be verified again: it may have ended since; fails with {@code unauthenticated} for none, a used or an old one
     */
    CompletionStage<String> redeem(String ticket) {
        if (ticket.length() != LENGTH) {
            return refused();
        }
        return store.redeem(ticket)
                .thenCompose(token -> token == null ? refused() : CompletableFuture.completedStage(token));
    }

    private static CompletionStage<String> refused() {
        return CompletableFuture.failedStage(
                Claims.refused("there is no such ticket, or it was used, or it is older than 30 seconds"));
    }
}
