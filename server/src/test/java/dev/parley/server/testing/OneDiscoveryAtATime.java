package dev.parley.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.platform.launcher.LauncherDiscoveryListener;
import org.junit.platform.launcher.LauncherDiscoveryRequest;

/**
 * Has the processes that run tests side by side look for them one after the other. Quarkus builds the application of a
 * {@code @QuarkusTest} then, and writes and reads {@code target/test-classes/test-classes.idx} for it, which all of them
 * share: who read while another wrote had a test class that could not be loaded. JUnit finds this by its name under
 * {@code META-INF/services} and calls it on the thread that looks.
 */
public final class OneDiscoveryAtATime implements LauncherDiscoveryListener {
    private final Path lock;
    private FileChannel held;

    /** Beside the test classes, wherever the process was started. */
    public OneDiscoveryAtATime() throws URISyntaxException {
        var classes =
                OneDiscoveryAtATime.class.getProtectionDomain().getCodeSource().getLocation();
        lock = Path.of(classes.toURI()).resolveSibling("discovery.lock");
    }

    /** Waits for the others. The lock goes with the process, however that ends. */
    @Override
    public void launcherDiscoveryStarted(LauncherDiscoveryRequest request) {
        try {
            held = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            held.lock();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void launcherDiscoveryFinished(LauncherDiscoveryRequest request) {
        try {
            held.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
