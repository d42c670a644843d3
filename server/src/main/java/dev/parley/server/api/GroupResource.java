package dev.parley.server.api;

import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Role;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.group.Groups;
import dev.parley.server.group.Managers;
import dev.parley.server.group.Namespaces;
import dev.parley.server.group.Policies;
import dev.parley.server.presence.Presence;
import dev.parley.server.routing.Histories;
import dev.parley.server.routing.Searches;
import dev.parley.server.routing.Viewer;
import dev.parley.server.security.Action;
import dev.parley.server.security.Identity;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
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

/** What was said in a group, who belongs to it, and who is on; runs on the request's event loop. */
@Path("/v1/groups/{group}")
@SecurityRequirement(name = ServiceGate.SCHEME_NAME)
@Tag(name = "Groups")
public final class GroupResource {

    /** Users listed at most; the count is of all. */
    private static final int PRESENT_MAX = Limits.HISTORY_MAX;

    private final Histories histories;
    private final Searches searches;
    private final Groups groups;
    private final Managers managers;
    private final Policies policies;
    private final Namespaces namespaces;
    private final Presence presence;
    private final Body body;

    GroupResource(
            Histories histories,
            Searches searches,
            Groups groups,
            Managers managers,
            Policies policies,
            Namespaces namespaces,
            Presence presence,
            Body body) {
        this.histories = histories;
        this.searches = searches;
        this.groups = groups;
        this.managers = managers;
        this.policies = policies;
        this.namespaces = namespaces;
        this.presence = presence;
        this.body = body;
    }

    @GET
    @ForPeople(anonymous = true)
    @Path("/messages")
    @Operation(
            summary = "Reads a page of a group's messages",
            description =
                    "In rising seq; without a bound the newest. Both bounds are exclusive, and only one may be given. A page that"
                            + " has more says with next which cursor goes on. Also with the token of a person who may read the group, and"
                            + " without any in a namespace that is anonymous.")
    @APIResponse(
            responseCode = "200",
            description = "The page, and whether there is more on its far side",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Messages")))
    public CompletionStage<Response> history(
            @PathParam("group") String group,
            @Parameter(description = "Only smaller seq", schema = @Schema(ref = "Count")) @QueryParam("before")
                    String before,
            @Parameter(description = "Only greater seq", schema = @Schema(ref = "Count")) @QueryParam("after")
                    String after,
            @Parameter(schema = @Schema(ref = "Limit")) @QueryParam("limit") String limit,
            @Parameter(description = "What a page before gave as next; with neither before nor after")
                    @QueryParam("cursor")
                    String cursor,
            @Parameter(
                            description =
                                    "Only messages whose text has this in it, the newest; may go with before, which the answer names where there is more",
                            schema = @Schema(minLength = 1, maxLength = Limits.SEARCH_TEXT_MAX))
                    @QueryParam("search")
                    String search,
            @Context RoutingContext call) {
        PageQuery page = PageQuery.of(before, after, limit).from(cursor);
        Address.Group channel = new Address.Group(group);
        Identity by = ServiceGate.person(call);
        Viewer viewer = by == null ? Viewer.SERVICE : Viewer.elsewhere(by.user());
        if (search != null) {
            String text = searched(search, page);
            return permitted(Action.READ, channel, call)
                    .thenCompose(may -> searches.find(channel, text, page.before(), page.found(limit), viewer))
                    .thenApply(found -> Json.answer(200, FrameWriter.result(found)))
                    .toCompletableFuture();
        }
        return permitted(Action.READ, channel, call)
                .thenCompose(may -> histories.page(channel, page.before(), page.after(), page.limit(), viewer))
                .thenApply(messages -> Json.answer(200, page.answer(messages)))
                .toCompletableFuture();
    }

    private static String searched(String text, PageQuery page) {
        if (text.isBlank() || text.length() > Limits.SEARCH_TEXT_MAX || page.after() != null) {
            throw new ProtocolException(
                    ErrorCode.BAD_FRAME,
                    "search has 1 to " + Limits.SEARCH_TEXT_MAX + " characters, and goes with before and limit only");
        }
        return text;
    }

    @GET
    @ForPeople
    @Path("/presence")
    @Operation(
            summary = "Lists who is on in a group",
            description = "At most 200 users; count is of all of them. Also with the token of a person who may see it.")
    @APIResponse(
            responseCode = "200",
            description = "The users, with the number of their connections and when the first came",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Presence")))
    public CompletionStage<Response> presence(@PathParam("group") String group, @Context RoutingContext call) {
        Address.Group in = new Address.Group(group);
        CompletionStage<Void> permitted = ServiceGate.isService(call)
                ? Policies.PERMITTED
                : policies.require(ServiceGate.person(call), Action.PRESENCE, in);
        return permitted
                .thenCompose(may -> presence.who(in, PRESENT_MAX))
                .thenApply(present -> Json.answer(200, FrameWriter.result(present)))
                .toCompletableFuture();
    }

    @PUT
    @ForPeople
    @Path("/members/{user}")
    @Operation(
            summary = "Adds a member, or changes a member's role",
            description =
                    "Creates the group where it does not exist. Without a role, a new member becomes member, and the role of one who is there stays."
                            + " Also with the token of a person who may manage the group's members, such as its owner; nobody gives or takes a role above their own.")
    @RequestBody(
            required = false,
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Membership")))
    @APIResponse(responseCode = "204", description = "The user is a member with this role")
    public CompletionStage<Void> put(
            @PathParam("group") String group, @PathParam("user") String user, @Context RoutingContext call) {
        Address.Group to = new Address.Group(group);
        String member = new Address.User(user).id();
        Identity by = ServiceGate.person(call);
        return body.read(call.request())
                .thenCompose(bytes -> {
                    Role role = role(Json.stringField(bytes, "role"));
                    return by == null ? groups.put(to, member, role) : managers.put(by, to, member, role);
                })
                .toCompletableFuture();
    }

    @DELETE
    @ForPeople
    @Path("/members/{user}")
    @Operation(
            summary = "Removes a member",
            description = "Also with the token of a person who may manage the group's members, such as its owner.")
    @APIResponse(responseCode = "204", description = "The user is no member")
    public CompletionStage<Void> remove(
            @PathParam("group") String group, @PathParam("user") String user, @Context RoutingContext call) {
        Address.Group from = new Address.Group(group);
        String member = new Address.User(user).id();
        Identity by = ServiceGate.person(call);
        return (by == null ? groups.remove(from, member) : managers.remove(by, from, member)).toCompletableFuture();
    }

    /** People, and those without a token, as the group's policy says; a service in every group that exists. */
    private CompletionStage<Void> permitted(Action action, Address.Group group, RoutingContext call) {
        if (!ServiceGate.isService(call)) {
            return policies.require(ServiceGate.person(call), action, group);
        }
        if (!namespaces.isDurable(group)) {
            return Policies.PERMITTED; // it exists by being asked for
        }
        return groups.exists(group)
                .thenCompose(exists -> exists
                        ? Policies.PERMITTED
                        : CompletableFuture.failedStage(
                                new ProtocolException(ErrorCode.UNKNOWN_GROUP, "there is no such group")));
    }

    /** Without a role, a new member becomes {@code member} and another one's role stays. */
    private static Role role(String wire) {
        return wire == null ? null : Role.ofWire(wire);
    }
}
