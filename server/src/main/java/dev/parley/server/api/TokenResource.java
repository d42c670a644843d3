package dev.parley.server.api;

import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.security.Revocations;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Takes tokens back, for operators; runs on the request's event loop. */
@Path("/v1/users/{user}/tokens")
@SecurityRequirement(name = ServiceGate.SCHEME_NAME)
@Tag(name = "Tokens")
public final class TokenResource {
    private static final int TOKEN_ID_MAX = 256;

    private final Revocations revocations;

    TokenResource(Revocations revocations) {
        this.revocations = revocations;
    }

    @DELETE
    @Operation(
            summary = "Revokes tokens of a user",
            description =
                    "All that were made before now, or one. They are good nowhere any more, and connections that came by"
                            + " them are closed with 4101 on every instance within two seconds.")
    @APIResponse(responseCode = "204", description = "The tokens are revoked")
    public CompletionStage<Void> revoke(
            @PathParam("user") String user,
            @Parameter(
                            description =
                                    "The claim jti of the one token, not blank and given once; without it, all of them",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            minLength = 1,
                                            maxLength = TOKEN_ID_MAX,
                                            pattern = "\\S"))
                    @QueryParam("jti")
                    String tokenId,
            @Context HttpServerRequest request) {
        // The framework takes an empty parameter for none, and that would revoke all.
        List<String> given = request.params().getAll("jti");
        if (given.size() > 1 || given.stream().anyMatch(TokenResource::isNone)) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "jti has 1 to " + TOKEN_ID_MAX + " characters");
        }
        return revocations.revoke(new Address.User(user).id(), tokenId).toCompletableFuture();
    }

    private static boolean isNone(String tokenId) {
        return tokenId.isBlank() || tokenId.codePointCount(0, tokenId.length()) > TOKEN_ID_MAX;
    }
}
