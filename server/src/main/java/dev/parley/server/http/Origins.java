package dev.parley.server.http;

import dev.parley.protocol.ErrorCode;
import dev.parley.server.config.ParleyConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decides which pages may use the hub: those of its own origin, and of the origins in {@code parley.http.origins}. Asked before every call under {@code /v1}, the
 * upgrade of a WebSocket included, on the request's event loop. A caller that names no origin is no browser, and not held up by this.
 *
 * <p>Nothing here rests on cookies, so a foreign page could do no more than its reader's own programs; it is refused all the same, before anything is done for it.
 */
@Singleton
public final class Origins {
    private static final String PROPERTY = "parley.http.origins";
    private static final String EVERY = "*";
    private static final String METHODS = "GET, POST, PUT, DELETE";
    private static final String HEADERS = "Authorization, Content-Type, Idempotency-Key, Last-Event-ID";
    private static final String EXPOSED = "Retry-After, WWW-Authenticate, Location";
    private static final String MAX_AGE_SECONDS = "600";

    /** After the calls are counted, and before everything else. */
    private static final int FIRST = Integer.MIN_VALUE + 1;

    private final Set<String> listed = new HashSet<>();

    Origins(ParleyConfig config) {
        for (String origin : config.http().origins().orElse(List.of())) {
            listed.add(checked(origin.strip()));
        }
    }

    void register(@Observes Router router) {
        router.route("/v1/*").order(FIRST).handler(this::judge);
    }

    private void judge(RoutingContext context) {
        String origin = context.request().getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            context.next();
            return;
        }
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (isListed(origin)) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        } else if (!isOwn(origin, context.request().authority())) {
            Problem.of(ErrorCode.FORBIDDEN, "pages of this origin may not use the hub (parley.http.origins)")
                    .answer(response);
            return;
        }
        if (isPreflight(context)) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, HEADERS)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS)
                    .setStatusCode(204)
                    .end();
        } else {
            context.next();
        }
    }

    private static boolean isPreflight(RoutingContext context) {
        return context.request().method() == HttpMethod.OPTIONS
                && context.request().getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) != null;
    }

    private boolean isListed(String origin) {
        return listed.contains(EVERY) || listed.contains(origin.toLowerCase(Locale.ROOT));
    }

    /** The scheme is not compared: before a proxy that ends TLS the page has another one than the request here. */
    static boolean isOwn(String origin, HostAndPort host) {
        URI page = uri(origin);
        if (page == null || page.getHost() == null || host == null) {
            return false;
        }
        int standard = "https".equals(page.getScheme()) ? 443 : 80;
        int port = page.getPort() < 0 ? standard : page.getPort();
        boolean samePort = host.port() < 0 ? port == standard : port == host.port();
        return samePort && page.getHost().equalsIgnoreCase(host.host());
    }

    private static URI uri(String origin) {
        try {
            return URI.create(origin);
        } catch (IllegalArgumentException e) {
            return null; // "null", or nothing that a browser sends
        }
    }

    private static String checked(String origin) {
        URI page = uri(origin);
        boolean wellFormed = origin.equals(EVERY)
                || page != null && page.getScheme() != null && page.getHost() != null && isBare(page);
        if (!wellFormed) {
            throw new ConfigurationException(PROPERTY + " has '" + origin
                    + "', which is no origin: write each as scheme://host or scheme://host:port, such as"
                    + " https://app.example.com, or * for every page.");
        }
        return origin.toLowerCase(Locale.ROOT);
    }

    private static boolean isBare(URI page) {
        return page.getRawPath().isEmpty() && page.getRawQuery() == null && page.getRawUserInfo() == null;
    }
}
