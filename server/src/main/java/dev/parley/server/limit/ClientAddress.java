package dev.parley.server.limit;

import dev.parley.server.config.ParleyConfig;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * From which address somebody calls, as far as limits go: the other end of the connection, or where that is a trusted proxy, whom it names. Asked by every
 * entrance, on any thread.
 *
 * <p>Each proxy appends whom it heard from, so the list is read from its end, and only as long as the one who says so is trusted: what stands before that was
 * written by the client. Of IPv6 the first half of the address counts, for that is what one customer of a provider has.
 */
@Startup
@Singleton
public final class ClientAddress {
    private static final String PROPERTY = "parley.proxies.trusted";
    private static final int HALF = 8;

    private final List<Network> trusted;
    private final ParleyConfig.ForwardedBy by;

    ClientAddress(ParleyConfig config) {
        this.trusted = config.proxies().trusted().orElse(List.of()).stream()
                .map(ClientAddress::network)
                .toList();
        this.by = config.proxies().header();
    }

    /** The address of a request, in a form that is the same for all that count as one. */
    public String of(HttpServerRequest request) {
        String peer = request.connection().remoteAddress().hostAddress();
        return trusted.isEmpty() ? key(peer) : of(peer, request.headers().getAll(by.header()));
    }

    /**
     * The address, from the connection and what stands in the header.
     *
     * @param peer the other end of the connection
     * @param headers all that are there of the header, in their order
     */
    String of(String peer, List<String> headers) {
        List<String> hops = hops(headers);
        String address = peer;
        for (int i = hops.size() - 1; i >= 0 && isTrusted(address); i--) {
            String before =
                    by == ParleyConfig.ForwardedBy.FORWARDED ? forParameter(hops.get(i)) : withoutPort(hops.get(i));
            if (Network.address(before).isEmpty()) {
                break; // unknown, hidden or nonsense: then the proxy itself is all that is known
            }
            address = before;
        }
        return key(address);
    }

    private boolean isTrusted(String address) {
        Optional<byte[]> bytes = Network.address(address);
        return bytes.isPresent() && trusted.stream().anyMatch(network -> network.contains(bytes.get()));
    }

    private static List<String> hops(List<String> headers) {
        List<String> hops = new ArrayList<>();
        headers.forEach(
                header -> Arrays.stream(header.split(",")).map(String::strip).forEach(hops::add));
        return hops;
    }

    /** What stands behind {@code for=} in an element of {@code Forwarded} (RFC 7239), or nothing. */
    private static String forParameter(String element) {
        for (String pair : element.split(";")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equalsIgnoreCase("for")) {
                return withoutPort(pair.substring(equals + 1).strip().replace("\"", ""));
            }
        }
        return "";
    }

    private static String withoutPort(String address) {
        if (address.startsWith("[")) {
            int end = address.indexOf(']');
            return end < 0 ? "" : address.substring(1, end);
        }
        int colon = address.indexOf(':');
        boolean port = colon >= 0 && colon == address.lastIndexOf(':');
        return port ? address.substring(0, colon) : address;
    }

    private static String key(String address) {
        return Network.address(address)
                .map(bytes ->
                        bytes.length > HALF ? HexFormat.of().formatHex(bytes, 0, HALF) + "/64" : Network.written(bytes))
                .orElse(address);
    }

    private static Network network(String text) {
        return Network.parse(text.strip())
                .orElseThrow(() -> new ConfigurationException(PROPERTY + " has '" + text
                        + "', which is no address or network: write each like 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32."));
    }
}
