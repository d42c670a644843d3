package dev.parley.server.api;

import dev.parley.server.Failures;
import dev.parley.server.http.Problem;
import io.vertx.core.VertxException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every failure under {@code /v1} into a {@link Problem}; called by the framework on the thread where it failed. */
@Singleton
final class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);

    /** Before all other routes. */
    private static final int FIRST = Integer.MIN_VALUE;

    /** After all other routes. */
    private static final int LAST = Integer.MAX_VALUE;

    @ServerExceptionMapper
    Response any(Throwable failure, RoutingContext call) {
        return response(failure, call);
    }

    /** Named apart, since the framework has its own page for it, which a nearer type overrides. */
    @ServerExceptionMapper
    Response notFound(NotFoundException failure, RoutingContext call) {
        return response(failure, call);
    }

    /** Paths under {@code /v1} that nobody serves, which would otherwise get the framework's page, and those that the router itself cannot make sense of. */
    void unknownPaths(@Observes Router router) {
        router.errorHandler(400, call -> Problem.MALFORMED.answer(call.response()));
        router.route("/v1/*").order(LAST).handler(call -> Problem.NO_SUCH_PATH.answer(call.response()));
    }

    /**
     * Requests that the router refuses before it looks for a route, such as one without a {@code Host}, and those whose sender is gone. Quarkus would log each as an error
     * of ours, and anybody can send them.
     */
    void strangersFaults(@Observes Router router) {
        router.route().order(FIRST).failureHandler(call -> {
            if (call.response().closed()) {
                LOG.debug("A call failed whose caller has gone", call.failure());
            } else if (call.statusCode() == 400 && call.failure() instanceof VertxException) {
                Problem.MALFORMED.answer(call.response());
            } else {
                call.next();
            }
        });
    }

    private static Response response(Throwable failure, RoutingContext call) {
        if (Failures.causeOf(failure) instanceof WebApplicationException refusal
                && refusal.getResponse().getStatus() < 500) {
            return ofFramework(refusal.getResponse().getStatus(), call);
        }
        return builder(Problem.of(failure)).build();
    }

    private static Response ofFramework(int status, RoutingContext call) {
        return switch (status) {
            case 404 -> builder(Problem.NO_SUCH_PATH).build();
            case 405 ->
                builder(Problem.METHOD_NOT_ALLOWED)
                        .header(HttpHeaders.ALLOW, Methods.of(call.normalizedPath()))
                        .build();
            default -> builder(Problem.MALFORMED).build();
        };
    }

    private static Response.ResponseBuilder builder(Problem problem) {
        Response.ResponseBuilder answer = Response.status(problem.status()).entity(problem.json());
        problem.headers().forEach(answer::header);
        return answer;
    }
}
