package dev.parley.server.frontend;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Sends whoever types a page's address without its last slash to the page. */
@Singleton
final class Pages {
    void register(@Observes Router router) {
        router.get("/live").handler(context -> {
            if (context.normalizedPath().endsWith("/")) {
                context.next();
            } else {
                context.response()
                        .setStatusCode(308)
                        .putHeader(HttpHeaders.LOCATION, "/live/")
                        .end();
            }
        });
    }
}
