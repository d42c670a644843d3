package dev.parley.server.api;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.limit.ClientAddress;
import dev.parley.server.limit.GuestRate;
import dev.parley.server.security.Issued;
import dev.parley.server.security.Tokens;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tokens for people who have none. Open to everybody where guests are allowed; runs on the request's event loop. */
@Open
@Path("/v1/guests")
@Tag(name = "Guests")
public final class GuestResource {
    private final ParleyConfig config;
    private final Tokens tokens;
    private final GuestRate rate;
    private final ClientAddress addresses;
    private final Body body;

    GuestResource(ParleyConfig config, Tokens tokens, GuestRate rate, ClientAddress addresses, Body body) {
        this.rate = rate;
        this.addresses = addresses;
        this.config = config;
        this.tokens = tokens;
        this.body = body;
    }

    @POST
    @Operation(summary = "Makes a guest", description = "Without a name, one is made up. No authorization is needed.")
    @RequestBody(
            required = false,
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Guest")))
    @APIResponse(
            responseCode = "201",
            description = "The token, whose it is, and when it ends (milliseconds since 1970)",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "GuestToken")))
    public CompletionStage<Response> create(@Context HttpServerRequest request) {
        if (!config.guests().enabled()) {
            return CompletableFuture.failedFuture(new ProtocolException(
                    ErrorCode.FORBIDDEN, "guests are not allowed here (parley.guests.enabled is false)"));
        }
        if (rate.take(addresses.of(request)) > 0) {
            return CompletableFuture.failedFuture(
                    new ProtocolException(ErrorCode.RATE_LIMITED, "too many guests from this address"));
        }
        return body.read(request)
                .thenApply(bytes -> created(tokens.guest(Json.stringField(bytes, "name"))))
                .toCompletableFuture();
    }

    private static Response created(Issued issued) {
        byte[] answer = Json.object(json -> {
            json.writeStringField("token", issued.token());
            json.writeObjectFieldStart("user");
            json.writeStringField("id", issued.identity().user());
            json.writeStringField("name", issued.identity().name());
            json.writeEndObject();
            json.writeNumberField("expires", issued.identity().expires());
        });
        return Response.status(Response.Status.CREATED)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(answer)
                .build();
    }
}
