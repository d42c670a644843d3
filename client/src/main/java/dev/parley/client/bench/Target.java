package dev.parley.client.bench;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Where members connect to: to the addresses in turn. Immutable; any thread. */
public final class Target {
    private static final int PORT = 80;

    private final List<URI> urls;
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    /**
     * A target.
     *
     * @param urls at least one, {@code ws://host[:port]/path}
     * @throws IllegalArgumentException with a sentence, if one of them is none
     */
    public Target(List<URI> urls) {
        this.urls = List.copyOf(urls);
        for (URI url : urls) {
            if (!"ws".equalsIgnoreCase(url.getScheme()) || url.getHost() == null) {
                throw new IllegalArgumentException(
                        url + ": a bench takes ws:// addresses only; go past the proxy that speaks TLS.");
            }
            InetSocketAddress address = new InetSocketAddress(url.getHost(), url.getPort() < 0 ? PORT : url.getPort());
            if (address.isUnresolved()) {
                throw new IllegalArgumentException(url.getHost() + ": no such host.");
            }
            addresses.add(address);
        }
    }

    /** The addresses. */
    public List<URI> urls() {
        return urls;
    }

    InetSocketAddress address(int member) {
        return addresses.get(member % addresses.size());
    }

    /** The head of the request for an upgrade; a server only hashes the key, so one is enough for all. */
    String request(int member, List<String> headers) {
        URI url = urls.get(member % urls.size());
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        StringBuilder head = new StringBuilder("GET " + path + query + " HTTP/1.1\r\nHost: " + url.getRawAuthority()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        return head.append("\r\n").toString();
    }
}
