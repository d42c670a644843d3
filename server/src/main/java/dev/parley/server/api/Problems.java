package dev.parley.server.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every failure under {@code /v1} into a {@link Problem}; called by the framework on the thread where it failed. */
@Singleton
final class Problems {

    /** After all other routes. */
    private static final int LAST = Integer.MAX_VALUE;

    @ServerExceptionMapper
    Response any(Throwable failure) {
        return Problem.of(failure).response();
    }

    /** Named apart, since the framework has its own page for it, which a nearer type overrides. */
    @ServerExceptionMapper
    Response notFound(NotFoundException failure) {
        return Problem.of(failure).response();
    }

    /** Paths under {@code /v1} that nobody serves, which would otherwise get the framework's page. */
    void unknownPaths(@Observes Router router) {
        router.route("/v1/*").order(LAST).handler(call -> {
            Problem problem = Problem.NO_SUCH_PATH;
            call.response()
                    .setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .end(Buffer.buffer(problem.json()));
        });
    }
}
