package dev.parley.server.observe;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Bounds how many time series HTTP requests make: methods and paths are whatever strangers write, and each pair of them would be one for ever. Asked by Micrometer for each
 * new pair, on any thread.
 */
@Singleton
final class HttpTags {
    private static final String REQUESTS = "http.server.requests";
    private static final String OTHER = "OTHER";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");
    private static final Set<String> FIXED = Set.of(
            "/v1/cluster",
            "/v1/cluster/deliveries",
            "/v1/cluster/report",
            "/v1/connect",
            "/v1/guests",
            "/v1/messages",
            "/v1/messages:batch",
            "/v1/stream",
            "/v1/tickets",
            "NOT_FOUND",
            "REDIRECTION",
            "UNKNOWN",
            "root");

    @Produces
    @Singleton
    MeterFilter bounded() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().equals(REQUESTS) ? bounded(id) : id;
            }
        };
    }

    static Meter.Id bounded(Meter.Id id) {
        Tags tags = Tags.of(id.getTags());
        String method = id.getTag("method");
        if (method != null && !METHODS.contains(method)) {
            tags = tags.and(Tag.of("method", OTHER));
        }
        String path = id.getTag("uri");
        if (path != null && !isOurs(path, "SUCCESS".equals(id.getTag("outcome")))) {
            tags = tags.and(Tag.of("uri", OTHER));
        }
        return id.replaceTags(tags);
    }

    /** A route's template, one of the paths there are, or outside of the API a file that was found. */
    private static boolean isOurs(String path, boolean served) {
        return FIXED.contains(path)
                || path.startsWith("/v1/") && path.contains("/{")
                || served && !path.startsWith("/v1/");
    }
}
