package dev.parley.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.group.Groups;
import dev.parley.server.group.Groups.Member;
import dev.parley.server.group.Namespaces;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a group is and who belongs to it; runs on the request's event loop. */
@Path("/v1/groups/{group}")
@SecurityRequirement(name = ServiceGate.SCHEME_NAME)
@Tag(name = "Groups")
public final class MemberResource {
    private final Groups groups;
    private final Namespaces namespaces;

    MemberResource(Groups groups, Namespaces namespaces) {
        this.groups = groups;
        this.namespaces = namespaces;
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
        boolean durable = namespaces.of(address).durable();
        CompletionStage<Long> members = durable
                ? groups.standing("", address).thenApply(standing -> {
                    if (!standing.exists()) {
                        throw new ProtocolException(ErrorCode.UNKNOWN_GROUP, "no such group");
                    }
                    return standing.members();
                })
                : CompletableFuture.completedStage(null);
        return members.thenApply(count -> Json.answer(200, json -> {
            json.writeStringField("group", address.name());
            json.writeStringField("namespace", namespaces.of(address).name());
            json.writeStringField("membership", durable ? "durable" : "session");
            if (count != null) {
                json.writeNumberField("members", count);
            }
        }));
    }

    @GET
    @Path("/members")
    @Operation(summary = "Lists the members of a durable group", description = "In the order of their ids.")
    @APIResponse(
            responseCode = "200",
            description = "A page of them, and with next the cursor of the following one",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Members")))
    public CompletionStage<Response> members(
            @PathParam("group") String group,
            @Parameter(description = "What a page before gave as next") @QueryParam("cursor") String cursor,
            @Parameter(schema = @Schema(ref = "Limit")) @QueryParam("limit") String limit) {
        Address.Group address = new Address.Group(group);
        int most = PageQuery.of(null, null, limit).limit();
        String behind = cursor == null ? "" : OpaqueCursor.name(cursor);
        return groups.members(address).thenApply(all -> page(all, behind, most));
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
        if (!namespaces.of(address).durable()) {
            throw new ProtocolException(ErrorCode.CONFLICT, "membership of this group belongs to connections");
        }
        return groups.standing(id, address).thenApply(standing -> {
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
        });
    }

    private static Response page(SortedMap<String, Member> all, String behind, int most) {
        // Ids that begin with the cursor's id and go on are behind it as well.
        Iterator<Map.Entry<String, Member>> rest =
                all.tailMap(behind + '\0').entrySet().iterator();
        return Json.answer(200, json -> {
            String last = behind;
            json.writeArrayFieldStart("members");
            for (int i = 0; i < most && rest.hasNext(); i++) {
                Map.Entry<String, Member> each = rest.next();
                last = each.getKey();
                json.writeStartObject();
                fields(json, last, each.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberField("count", all.size());
            if (rest.hasNext()) {
                json.writeStringField("next", OpaqueCursor.behind(last));
            }
        });
    }

    private static void fields(JsonGenerator json, String user, Member member) throws IOException {
        json.writeStringField("user", user);
        json.writeStringField("role", member.role().wire());
        json.writeNumberField("since", member.since());
    }
}
