package dev.parley.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.group.About;
import dev.parley.server.group.Groups;
import dev.parley.server.group.Managers;
import dev.parley.server.group.Namespaces;
import dev.parley.server.group.Policies;
import dev.parley.server.security.Action;
import dev.parley.server.security.Identity;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a group is and who belongs to it; runs on the request's event loop. */
@Path("/v1/groups/{group}")
@SecurityRequirement(name = ServiceGate.SCHEME_NAME)
@Tag(name = "Groups")
public final class MemberResource {
    private final Groups groups;
    private final Managers managers;
    private final Policies policies;
    private final Namespaces namespaces;
    private final Body body;

    MemberResource(Groups groups, Managers managers, Policies policies, Namespaces namespaces, Body body) {
        this.groups = groups;
        this.managers = managers;
        this.policies = policies;
        this.namespaces = namespaces;
        this.body = body;
    }

    @GET
    @Operation(summary = "Describes a group", description = "A session group exists by being asked for.")
    @APIResponse(
            responseCode = "200",
            description =
                    "Its namespace, to whom membership belongs, and in a durable group how many members there are",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Group")))
    public CompletionStage<Response> group(@PathParam("group") String group) {
        Address.Group address = new Address.Group(group);
        boolean durable = namespaces.isDurable(address);
        CompletionStage<About> said = durable
                ? groups.about(address).thenApply(about -> {
                    if (!about.exists()) {
                        throw new ProtocolException(ErrorCode.UNKNOWN_GROUP, "no such group");
                    }
                    return about;
                })
                : CompletableFuture.completedStage(null);
        return said.thenApply(about -> Json.answer(200, json -> {
                    json.writeStringField("group", address.name());
                    json.writeStringField("namespace", namespaces.of(address).name());
                    json.writeStringField("membership", durable ? "durable" : "session");
                    if (about != null) {
                        json.writeNumberField("members", about.members());
                        text(json, "title", about.description().title());
                        text(json, "topic", about.description().topic());
                    }
                }))
                .toCompletableFuture();
    }

    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    @PATCH
    @ForPeople
    @Operation(
            summary = "Changes a durable group's title or topic",
            description =
                    "A field that is absent stays as it is, an empty one takes away what there is. Also with the token of a person who may manage the"
                            + " group's members, such as its owner.")
    @RequestBody(
            required = true,
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Description")))
    @APIResponse(responseCode = "204", description = "The group is described so, and its members are told")
    public CompletionStage<Void> describe(@PathParam("group") String group, @Context RoutingContext call) {
        Address.Group address = new Address.Group(group);
        Identity by = ServiceGate.person(call);
        return body.read(call.request())
                .thenCompose(bytes -> {
                    String title = Json.stringField(bytes, "title");
                    String topic = Json.stringField(bytes, "topic");
                    return by == null
                            ? groups.describe(address, title, topic, null)
                            : managers.describe(by, address, title, topic);
                })
                .toCompletableFuture();
    }

    @GET
    @ForPeople
    @Path("/members")
    @Operation(
            summary = "Lists the members of a durable group",
            description = "In the order of their ids. Also with the token of a person who may read the group.")
    @APIResponse(
            responseCode = "200",
            description = "A page of them, and with next the cursor of the following one",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Members")))
    public CompletionStage<Response> members(
            @PathParam("group") String group,
            @Parameter(description = "What a page before gave as next") @QueryParam("cursor") String cursor,
            @Parameter(schema = @Schema(ref = "Limit")) @QueryParam("limit") String limit,
            @Context RoutingContext call) {
        Address.Group address = new Address.Group(group);
        int most = PageQuery.of(null, null, limit).limit();
        CompletionStage<Void> permitted = ServiceGate.isService(call)
                ? Policies.PERMITTED
                : policies.require(ServiceGate.person(call), Action.READ, address);
        return permitted
                .thenCompose(may -> groups.members(address, cursor, most))
                .thenApply(page -> Json.answer(200, FrameWriter.result(page)))
                .toCompletableFuture();
    }

    @GET
    @Path("/members/{user}")
    @Operation(summary = "Describes a membership")
    @APIResponse(
            responseCode = "200",
            description = "The member's role",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Member")))
    public CompletionStage<Response> member(@PathParam("group") String group, @PathParam("user") String user) {
        String id = new Address.User(user).id();
        Address.Group address = new Address.Group(group);
        if (!namespaces.isDurable(address)) {
            throw new ProtocolException(ErrorCode.CONFLICT, "membership of this group belongs to connections");
        }
        return groups.standing(id, address)
                .thenApply(standing -> {
                    if (!standing.exists()) {
                        throw new ProtocolException(ErrorCode.UNKNOWN_GROUP, "no such group");
                    }
                    if (standing.role() == null) {
                        throw new ProtocolException(ErrorCode.UNKNOWN_USER, "no such member");
                    }
                    return Json.answer(200, json -> {
                        json.writeStringField("user", id);
                        json.writeStringField("role", standing.role().wire());
                    });
                })
                .toCompletableFuture();
    }
}
