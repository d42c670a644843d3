package dev.parley.server.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * The client's end of TLS for clients that know none: takes plain connections on the loopback and carries each to a TLS port, both ways, no faster than either end reads.
 * Any thread.
 */
public final class Tunnel implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;

    /** So that who does not read is noticed soon. */
    private static final int KERNEL_BUFFER = 64 * 1024;

    private final SSLContext context;
    private final int target;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Opens it, to a port of the loopback. */
    public Tunnel(SSLContext context, int target) {
        this.context = context;
        this.target = target;
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        closeQuietly(server);
        open.forEach(Tunnel::closeQuietly);
    }

    private void accept() {
        try {
            while (true) {
                Socket plain = server.accept();
                start(() -> carry(plain));
            }
        } catch (IOException closed) {
            // Then that is all.
        }
    }

    private void carry(Socket plain) {
        open.add(plain);
        try (plain;
                Socket secure = context.getSocketFactory().createSocket()) {
            open.add(secure);
            secure.setReceiveBufferSize(KERNEL_BUFFER);
            secure.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            plain.setSendBufferSize(KERNEL_BUFFER);
            plain.setTcpNoDelay(true);
            secure.setTcpNoDelay(true);
            start(() -> pump(plain, secure));
            pump(secure, plain);
            open.remove(secure);
        } catch (IOException refused) {
            // The client sees its connection end.
        } finally {
            open.remove(plain);
        }
    }

    /** Until either side ends; then both do. */
    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                out.write(buffer, 0, got);
            }
        } catch (IOException broken) {
            // An end like any other.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "tunnel");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception gone) {
            // As wished.
        }
    }
}
