package dev.parley.server.api;

import dev.parley.protocol.ClientFrame.Send;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.json.FrameReader;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.http.Problem;
import dev.parley.server.routing.Origin;
import dev.parley.server.routing.Router;
import dev.parley.server.trace.CallersTrace;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Many messages in one call, each with a result of its own; runs on the request's event loop. */
@Path("/v1")
@SecurityRequirement(name = ServiceGate.SCHEME_NAME)
@Tag(name = "Messages")
public final class BatchResource {
    static final int MESSAGES_MAX = 100;

    /** A key leaves room for the number of a message. */
    private static final int KEY_MAX = Names.ID_MAX - 4;

    private final Router router;
    private final Body body;
    private final FrameReader reader;
    private final int bytesMax;

    BatchResource(Router router, Body body, ParleyConfig config) {
        this.router = router;
        this.body = body;
        this.reader = new FrameReader(config.limits().message());
        this.bytesMax = config.limits().frame();
    }

    @POST
    @Path("/messages:batch")
    @Operation(
            summary = "Sends up to 100 messages",
            description =
                    "In their order, each for itself: one that is refused does not hold up the others, and its result is a problem."
                            + " With an Idempotency-Key, a message without a messageId gets one made of the key and its number,"
                            + " so that the whole call may be repeated.")
    @RequestBody(
            required = true,
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Batch")))
    @APIResponse(
            responseCode = "200",
            description = "A result for each message, in their order",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "BatchResults")))
    public CompletionStage<Response> send(
            @Context RoutingContext call,
            @Parameter(description = "1 to 60 printable characters", schema = @Schema(maxLength = KEY_MAX))
                    @HeaderParam("Idempotency-Key")
                    String key,
            @Parameter(description = MessageResource.TRACEPARENT) @HeaderParam("traceparent") String traceparent,
            @Parameter(description = MessageResource.TRACESTATE, schema = @Schema(type = SchemaType.STRING))
                    @HeaderParam("tracestate")
                    List<String> tracestate) {
        if (key != null && (key.isEmpty() || key.length() > KEY_MAX || !MessageResource.isPrintable(key))) {
            throw new ProtocolException(
                    ErrorCode.BAD_FRAME,
                    "the Idempotency-Key of a batch has 1 to " + KEY_MAX + " printable ASCII characters");
        }
        Origin.Service caller = ServiceGate.caller(call);
        CallersTrace trace = CallersTrace.of(traceparent, tracestate);
        return body.read(call.request(), bytesMax)
                .thenCompose(bytes -> {
                    List<byte[]> messages = Json.objects(bytes, "messages", MESSAGES_MAX);
                    List<byte[]> results = new ArrayList<>();
                    CompletionStage<Void> before = CompletableFuture.completedStage(null);
                    for (int i = 0; i < messages.size(); i++) {
                        byte[] message = messages.get(i);
                        String id = key == null ? null : key + ':' + i;
                        before = before.thenCompose(done -> sendOne(caller, message, id, trace))
                                .thenAccept(results::add);
                    }
                    return before.thenApply(done -> Json.answer(200, joined(results)));
                })
                .toCompletableFuture();
    }

    /** Never fails: what is wrong with one message is its result. */
    private CompletionStage<byte[]> sendOne(Origin.Service caller, byte[] message, String id, CallersTrace trace) {
        CompletionStage<byte[]> sent;
        try {
            Send send = reader.readMessageBody(message, 0, message.length);
            Send named = id == null || send.messageId() != null ? send : send.withMessageId(id);
            sent = router.send(caller, named, trace).thenApply(FrameWriter::result);
        } catch (ProtocolException refusal) {
            sent = CompletableFuture.failedStage(refusal);
        }
        return sent.exceptionally(failure -> Problem.of(failure).json());
    }

    private static byte[] joined(List<byte[]> results) {
        StringBuilder json = new StringBuilder("{\"results\":[");
        for (int i = 0; i < results.size(); i++) {
            json.append(i == 0 ? "" : ",").append(new String(results.get(i), StandardCharsets.UTF_8));
        }
        return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
