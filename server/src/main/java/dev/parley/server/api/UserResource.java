package dev.parley.server.api;

import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.group.Groups;
import dev.parley.server.group.Known;
import dev.parley.server.group.Users;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What is known of a user; runs on the request's event loop. */
@Path("/v1")
@SecurityRequirement(name = ServiceGate.SCHEME_NAME)
@Tag(name = "Users")
public final class UserResource {
    private final Groups groups;
    private final Users users;

    UserResource(Groups groups, Users users) {
        this.groups = groups;
        this.users = users;
    }

    @GET
    @Path("/users/{user}")
    @Operation(summary = "Describes a user", description = "Known is who has connected or is a member somewhere.")
    @APIResponse(
            responseCode = "200",
            description =
                    "The user's durable groups and the role in each, and of who has connected the name and when they last came or went",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "User")))
    public CompletionStage<Response> user(@PathParam("user") String user) {
        String id = new Address.User(user).id();
        return users.known(id)
                .thenCompose(known -> known
                        ? groups.of(id)
                        : CompletableFuture.failedStage(new ProtocolException(ErrorCode.UNKNOWN_USER, "no such user")))
                .thenCombine(users.about(id), (mine, known) -> described(id, mine, known))
                .toCompletableFuture();
    }

    private static Response described(String user, List<Groups.Mine> mine, Known known) {
        return Json.answer(200, json -> {
            json.writeStringField("user", user);
            if (known != null) {
                json.writeStringField("name", known.name());
                json.writeNumberField("lastSeen", known.lastSeen());
            }
            json.writeArrayFieldStart("groups");
            for (Groups.Mine each : mine) {
                json.writeStartObject();
                json.writeStringField("group", each.group().name());
                json.writeStringField("role", each.role().wire());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
