package dev.parley.server.browser;

import dev.parley.server.proof.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A load balancer of a few lines: each connection goes to the first of its servers that serves, and ends with either end.
 * Made and closed by the test's thread, works on threads of its own.
 */
final class Front implements AutoCloseable {
    private final List<ServerProcess> servers;
    private final ServerSocket entrance;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "front");
        thread.setDaemon(true);
        return thread;
    });

    Front(List<ServerProcess> servers) {
        this.servers = servers;
        try {
            entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Where it listens, as {@code http://127.0.0.1:<port>/}. */
    String root() {
        return "http://127.0.0.1:" + entrance.getLocalPort() + "/";
    }

    private void accept() {
        try {
            while (true) {
                var client = entrance.accept();
                threads.execute(() -> join(client));
            }
        } catch (IOException e) {
            // Closed: no more come in.
        }
    }

    private void join(Socket client) {
        var chosen = servers.stream().filter(ServerProcess::isServing).findFirst();
        try (client;
                var server = new Socket(
                        InetAddress.getLoopbackAddress(),
                        chosen.orElseThrow().uri().getPort())) {
            threads.execute(() -> pipe(server, client));
            pipe(client, server);
        } catch (IOException e) {
            // The server has just gone: the client sees its connection end, as with any load balancer.
        }
    }

    private static void pipe(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One end is gone, and so both are.
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdown();
    }
}
