package dev.parley.server.frontend;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Sends whoever types a page's address without its last slash to the page. Asked on event loops. */
@Singleton
final class Pages {
    void register(@Observes Router router) {
        for (String page : new String[] {"/live", "/admin"}) {
            router.get(page).handler(context -> {
                if (context.normalizedPath().endsWith("/")) {
                    context.next();
                } else {
                    context.response()
                            .setStatusCode(308)
                            .putHeader(HttpHeaders.LOCATION, page + "/")
                            .end();
                }
            });
        }
    }
}
