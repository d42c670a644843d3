package dev.parley.server.api;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.hook.Connecting;
import dev.parley.server.hook.Hooks;
import dev.parley.server.limit.ClientAddress;
import dev.parley.server.routing.Origin;
import dev.parley.server.security.Identity;
import dev.parley.server.security.ServiceKeys;
import dev.parley.server.security.Tokens;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Lets in who may use the HTTP API: the bearer of a service key, or of a token with the role {@code admin}, who then acts as a service of the name of
 * their user id. Methods {@link ForPeople} take every token that is good, and some of them none at all. Asked before each call except those of {@link Open} resources, on the request's event loop, before a byte of the body is read.
 */
@Singleton
final class ServiceGate {
    /** What the OpenAPI document calls the way in; described in application.properties. */
    static final String SCHEME_NAME = "service";

    private static final String CALLER = "parley.caller";
    private static final String PERSON = "parley.person";
    private static final String SCHEME = "bearer ";

    private final ServiceKeys keys;
    private final Tokens tokens;
    private final Instance<Hooks> hooks;
    private final Instance<ClientAddress> addresses;

    /** Made while the server is built, when there are no settings yet that hooks and addresses could be made of. */
    ServiceGate(ServiceKeys keys, Tokens tokens, Instance<Hooks> hooks, Instance<ClientAddress> addresses) {
        this.hooks = hooks;
        this.addresses = addresses;
        this.keys = keys;
        this.tokens = tokens;
    }

    /** Who makes this call, once let in. */
    static Origin.Service caller(RoutingContext call) {
        return call.get(CALLER);
    }

    /** The person who makes this call, of a method {@link ForPeople}; null where it is a service, or somebody without a token. */
    static Identity person(RoutingContext call) {
        return call.get(PERSON);
    }

    /** Whether a service makes this call, which may do everything. */
    static boolean isService(RoutingContext call) {
        return caller(call) != null;
    }

    @ServerRequestFilter
    Uni<Response> enter(ResourceInfo resource, RoutingContext call) {
        if (resource.getResourceClass().isAnnotationPresent(Open.class)) {
            return Uni.createFrom().nullItem();
        }
        String authorization = call.request().getHeader(HttpHeaders.AUTHORIZATION);
        ForPeople people = resource.getResourceMethod().getAnnotation(ForPeople.class);
        if (people != null && people.anonymous() && authorization == null) {
            return Uni.createFrom().nullItem();
        }
        return Uni.createFrom()
                .completionStage(() -> identify(authorization, people != null, call))
                .map(identified -> null);
    }

    private CompletionStage<Void> identify(String authorization, boolean people, RoutingContext call) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return refused(
                    ErrorCode.UNAUTHENTICATED, "the header Authorization must be 'Bearer ' and a service key" + hint());
        }
        String bearer = authorization.substring(SCHEME.length()).strip();
        Optional<String> service = keys.service(bearer);
        if (service.isPresent()) {
            call.put(CALLER, new Origin.Service(service.get()));
            return CompletableFuture.completedStage(null);
        }
        if (bearer.indexOf('.') < 0) {
            return refused(ErrorCode.UNAUTHENTICATED, "this is no service key" + hint());
        }
        return tokens.verify(bearer).thenCompose(identity -> {
            if (identity.admin()) {
                call.put(CALLER, new Origin.Service(identity.user()));
                return CompletableFuture.completedStage(null);
            }
            return people
                    ? person(identity, call)
                    : refused(ErrorCode.FORBIDDEN, "the HTTP API needs the role admin, or a service key");
        });
    }

    /** People come in as the team's own code decides, as they do over a socket. */
    private CompletionStage<Void> person(Identity identity, RoutingContext call) {
        return hooks.get()
                .connect(identity, addresses.get().of(call.request()), Connecting.BY_CALL)
                .thenAccept(decided -> call.put(PERSON, decided));
    }

    private String hint() {
        return keys.any()
                ? ""
                : "; none is set in parley.api.keys, so the HTTP API takes only tokens with the role admin";
    }

    private static <T> CompletionStage<T> refused(ErrorCode code, String why) {
        return CompletableFuture.failedStage(new ProtocolException(code, why));
    }
}
