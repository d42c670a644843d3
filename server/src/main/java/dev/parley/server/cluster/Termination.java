package dev.parley.server.cluster;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.reflect.Proxy;
import org.jboss.logging.Logger;

/**
 * Has SIGTERM end the process in order and with status 0, for whoever asked it to go is to see that it did as asked. A JVM by itself runs its shutdown hooks and
 * then ends with 143. Called once at the start, and by the JVM's signal thread.
 *
 * <p>Further SIGTERMs change nothing: some supervisors send one to each process of a group and another to its leader.
 */
@Singleton
final class Termination {
    private static final Logger LOG = Logger.getLogger(Termination.class);

    void install(@Observes StartupEvent event) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            onTerm(() -> Quarkus.asyncExit(0));
        }
    }

    /** By reflection: the compiler warns of each mention of {@code sun.misc} in a way that cannot be suppressed, and there is no other way to hear a signal. */
    private static void onTerm(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object term = signal.getConstructor(String.class).newInstance("TERM");
            Object acting = Proxy.newProxyInstance(
                    Termination.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler).invoke(null, term, acting);
        } catch (ReflectiveOperationException unsupported) {
            // A JVM started with -Xrs, or one without jdk.unsupported: it drains all the same, and says 143.
            LOG.debug("SIGTERM is left to the JVM", unsupported);
        }
    }
}
