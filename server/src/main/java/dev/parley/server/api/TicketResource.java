package dev.parley.server.api;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.limit.TicketRate;
import dev.parley.server.security.Entrance;
import dev.parley.server.security.Tickets;
import dev.parley.server.security.Tokens;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tickets for people, who show their own tokens; runs on the request's event loop. */
@Open
@Path("/v1/tickets")
@Tag(name = "Tickets")
public final class TicketResource {
    private final Tokens tokens;
    private final Tickets tickets;
    private final TicketRate rate;

    TicketResource(Tokens tokens, Tickets tickets, TicketRate rate) {
        this.rate = rate;
        this.tokens = tokens;
        this.tickets = tickets;
    }

    @POST
    @Operation(
            summary = "Makes a ticket",
            description =
                    "In exchange for a person's token (Authorization: Bearer). It connects once, within 30 seconds, as"
                            + " the parameter ticket of the URL: for browsers, which can set no header on a WebSocket.")
    @APIResponse(
            responseCode = "201",
            description = "The ticket, and when it ends (milliseconds since 1970)",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            example =
                                    "{\"ticket\": \"oR4tBzW9mC0yL6aXqf3s1uVnKj7hEd2gPi8wTxQ5MZk\", \"expires\": 1760000030000}"))
    @APIResponse(responseCode = "401", description = "unauthenticated or token_expired")
    public CompletionStage<Response> create(@Context HttpServerRequest request) {
        Optional<String> token = Entrance.bearer(request);
        if (token.isEmpty()) {
            return CompletableFuture.failedFuture(new ProtocolException(
                    ErrorCode.UNAUTHENTICATED, "the header Authorization must be 'Bearer ' and a person's token"));
        }
        return tokens.verify(token.get())
                .thenCompose(who -> rate.take(who.user())
                        ? tickets.issue(token.get())
                        : CompletableFuture.failedStage(
                                new ProtocolException(ErrorCode.RATE_LIMITED, "too many tickets for this user")))
                .thenApply(TicketResource::created)
                .toCompletableFuture();
    }

    private static Response created(Tickets.Ticket ticket) {
        byte[] answer = Json.object(json -> {
            json.writeStringField("ticket", ticket.ticket());
            json.writeNumberField("expires", ticket.expires());
        });
        return Response.status(Response.Status.CREATED)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(answer)
                .build();
    }
}
