package dev.parley.server.redis;

import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Where a Redis server listens; of one behind a Unix socket the path and port 0. */
record Endpoint(String host, int port) {
    private static final int USUAL_PORT = 6379;

    /** The first of the configured hosts. */
    static Endpoint of(String connectionString) {
        URI uri = URI.create(connectionString);
        return uri.getHost() == null
                ? new Endpoint(uri.getPath(), 0)
                : new Endpoint(unbracketed(uri.getHost()), uri.getPort() < 0 ? USUAL_PORT : uri.getPort());
    }

    /**
     * Reads {@code host:port} of a redirection.
     *
     * @param asked the server that gave it; where it names no host, it means its own
     */
    static Endpoint redirected(String text, Endpoint asked) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon);
        return new Endpoint(
                host.isEmpty() || host.equals("?") ? asked.host : unbracketed(host),
                Integer.parseInt(text, colon + 1, text.length(), 10));
    }

    /** How to connect to this one server: as configured, credentials and TLS included. */
    RedisOptions in(RedisOptions configured) {
        URI given = URI.create(configured.getEndpoint());
        String user = given.getRawUserInfo() == null ? "" : given.getRawUserInfo() + "@";
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        String path = given.getRawPath() == null ? "" : given.getRawPath();
        String query = given.getRawQuery() == null ? "" : "?" + given.getRawQuery();
        String uri = given.getScheme() + "://" + user + name + ":" + port + path + query;
        return new RedisOptions(configured)
                .setType(RedisClientType.STANDALONE)
                .setEndpoints(new ArrayList<>(List.of(uri)));
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
