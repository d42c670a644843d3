package dev.parley.server.api;

import dev.parley.protocol.ClientFrame.Send;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.json.FrameReader;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.routing.Router;
import dev.parley.server.trace.CallersTrace;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
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

/** Messages into the hub, from backends; runs on the request's event loop. */
@Path("/v1/messages")
@SecurityRequirement(name = ServiceGate.SCHEME_NAME)
@Tag(name = "Messages")
public final class MessageResource {
    static final String TRACEPARENT =
            "The caller's trace, as W3C Trace Context has it: where the hub traces, the message is part of it if the"
                    + " caller records it, and not traced if it does not. What is malformed is ignored";

    static final String TRACESTATE =
            "What systems of tracing on the way added to the trace; passed on to all spans of the message. What is malformed"
                    + " or has over 512 characters is ignored";

    private final Router router;
    private final Body body;
    private final FrameReader reader;

    MessageResource(Router router, Body body, ParleyConfig config) {
        this.router = router;
        this.body = body;
        this.reader = new FrameReader(config.limits().message());
    }

    @POST
    @Operation(
            summary = "Sends a message",
            description =
                    "To everyone, a group, a user or one connection. With an Idempotency-Key (or messageId) a repeat within"
                            + " ten minutes is not sent again but gets the first answer, with duplicate: true.")
    @RequestBody(
            required = true,
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Send")))
    @APIResponse(
            responseCode = "202",
            description = "Where the message stands",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(ref = "Sent")))
    public CompletionStage<Response> send(
            @Context RoutingContext call,
            @Parameter(
                            description =
                                    "The message's id, 1 to 64 printable characters; wins over messageId in the body",
                            schema = @Schema(maxLength = Names.ID_MAX))
                    @HeaderParam("Idempotency-Key")
                    String key,
            @Parameter(description = TRACEPARENT) @HeaderParam("traceparent") String traceparent,
            @Parameter(description = TRACESTATE, schema = @Schema(type = SchemaType.STRING)) @HeaderParam("tracestate")
                    List<String> tracestate) {
        return body.read(call.request())
                .thenCompose(bytes -> router.send(
                        ServiceGate.caller(call),
                        named(reader.readMessageBody(bytes, 0, bytes.length), key),
                        CallersTrace.of(traceparent, tracestate)))
                .thenApply(sent -> Json.answer(202, FrameWriter.result(sent)))
                .toCompletableFuture();
    }

    private static Send named(Send send, String key) {
        if (key == null) {
            return send;
        }
        if (key.isEmpty() || key.length() > Names.ID_MAX || !isPrintable(key)) {
            throw new ProtocolException(
                    ErrorCode.BAD_FRAME, "an Idempotency-Key has 1 to " + Names.ID_MAX + " printable ASCII characters");
        }
        return send.withMessageId(key);
    }

    static boolean isPrintable(String key) {
        return key.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }
}
