package dev.parley.server.api;

import dev.parley.protocol.Address;
import dev.parley.protocol.CloseReason;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.cluster.Cluster;
import dev.parley.server.cluster.ConnectionInfo;
import dev.parley.server.cluster.NodeInfo;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The open connections and the instances that hold them, for operators; runs on the request's event loop. */
@Path("/v1")
@SecurityRequirement(name = ServiceGate.SCHEME_NAME)
@Tag(name = "Connections")
public final class ConnectionResource {
    private final Cluster cluster;

    ConnectionResource(Cluster cluster) {
        this.cluster = cluster;
    }

    @GET
    @Path("/users/{user}/connections")
    @Operation(summary = "Lists a user's connections", description = "On all instances; empty for a user who has none.")
    @APIResponse(
            responseCode = "200",
            description = "The connections, each with its instance and since when it is open",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Connections")))
    public CompletionStage<Response> list(@PathParam("user") String user) {
        return cluster.connectionsOf(new Address.User(user).id())
                .thenApply(ConnectionResource::connections)
                .toCompletableFuture();
    }

    @DELETE
    @Path("/users/{user}/connections")
    @Operation(summary = "Closes all connections of a user", description = "With close code 4201: clients stay away.")
    @APIResponse(responseCode = "204", description = "The user has no connection that was open before")
    public CompletionStage<Void> disconnectUser(@PathParam("user") String user) {
        return cluster.disconnectUser(new Address.User(user).id(), CloseReason.DISCONNECTED)
                .thenAccept(closed -> {})
                .toCompletableFuture();
    }

    @DELETE
    @Path("/connections/{connection}")
    @Operation(summary = "Closes a connection", description = "With close code 4201: the client stays away.")
    @APIResponse(responseCode = "204", description = "The connection is closed")
    public CompletionStage<Void> disconnect(@PathParam("connection") String connection) {
        return cluster.disconnect(new Address.Connection(connection).id(), CloseReason.DISCONNECTED)
                .thenAccept(known -> {
                    if (!known) {
                        throw new ProtocolException(ErrorCode.UNKNOWN_CONNECTION, "there is no such connection");
                    }
                })
                .toCompletableFuture();
    }

    @GET
    @Path("/cluster")
    @Operation(summary = "Lists the living instances")
    @APIResponse(
            responseCode = "200",
            description = "The instances, each with its open connections and since when it runs",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Nodes")))
    public CompletionStage<Response> cluster() {
        return cluster.nodes().thenApply(ConnectionResource::nodes).toCompletableFuture();
    }

    @GET
    @Path("/cluster/report")
    @Operation(
            summary = "Tells what goes on at each living instance",
            description =
                    "Figures since its start, up to 200 of its connections, and up to 200 of the channels that they follow, those with news first.")
    @APIResponse(
            responseCode = "200",
            description = "A report of each instance",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Reports")))
    public CompletionStage<Response> report() {
        return cluster.reports("").thenApply(ConnectionResource::reports).toCompletableFuture();
    }

    @GET
    @Path("/cluster/deliveries")
    @Operation(
            summary = "Tells how far a message got",
            description =
                    "To each connection that follows its group now: written to its socket, excepted by its sender, behind (being read from the log), or full (its socket takes no more).")
    @APIResponse(
            responseCode = "200",
            description = "A report of each instance",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Deliveries")))
    public CompletionStage<Response> deliveries(
            @Parameter(required = true, schema = @Schema(ref = "GroupName")) @QueryParam("group") String group,
            @Parameter(required = true, schema = @Schema(ref = "Count")) @QueryParam("seq") String seq) {
        if (group == null || seq == null || !seq.matches("[0-9]{1,15}")) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "group and seq are needed, and seq is a number");
        }
        String channel = new Address.Group(group).channel();
        return cluster.reports(channel + " " + seq)
                .thenApply(ConnectionResource::reports)
                .toCompletableFuture();
    }

    /** Each instance has written its own. */
    private static Response reports(List<String> nodes) {
        return Json.answer(200, json -> {
            json.writeArrayFieldStart("nodes");
            for (String node : nodes) {
                json.writeRawValue(node);
            }
            json.writeEndArray();
        });
    }

    private static Response connections(List<ConnectionInfo> connections) {
        return Json.answer(200, json -> {
            json.writeArrayFieldStart("connections");
            for (ConnectionInfo connection : connections) {
                json.writeStartObject();
                json.writeStringField("connection", connection.connection());
                json.writeStringField("node", connection.node());
                json.writeNumberField("since", connection.since());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static Response nodes(List<NodeInfo> nodes) {
        return Json.answer(200, json -> {
            json.writeArrayFieldStart("nodes");
            for (NodeInfo node : nodes) {
                json.writeStartObject();
                json.writeStringField("node", node.node());
                json.writeNumberField("connections", node.connections());
                json.writeNumberField("since", node.since());
                json.writeStringField("version", node.version());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
