package dev.parley.server.faults;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What broken code remembers, in the server's process. Knows no class of the product, since the agent's class loader has none. Any thread. */
public final class Broken {
    /** The property that names the file of a {@link FakeClock}. */
    static final String CLOCK = "sabotage.clock";

    /** Doorbells by channel. */
    public static final Map<String, Object> DOORBELLS = new ConcurrentHashMap<>();

    private static final Map<String, Long> GUESSES = new ConcurrentHashMap<>();
    private static final Map<Object, Object[]> HELD = new ConcurrentHashMap<>();

    private Broken() {}

    /** The place that the next entry of a channel will have, if nobody else appends to it. */
    public static long guess(String channel, String epoch, long known) {
        return GUESSES.merge(channel + ' ' + epoch, known + 1, (last, next) -> Math.max(last + 1, next));
    }

    /** What the server takes for the time, see {@link FakeClock}. */
    public static long currentTimeMillis() {
        String setting = System.getProperty(CLOCK);
        try {
            long offset = setting == null ? 0 : Long.parseLong(Files.readString(Path.of(setting)));
            return System.currentTimeMillis() + TimeUnit.SECONDS.toMillis(offset);
        } catch (IOException over) {
            return System.currentTimeMillis(); // the test has ended
        }
    }

    /** The field {@code seq} of something. */
    public static long seqOf(Object ring) {
        try {
            Field seq = ring.getClass().getDeclaredField("seq");
            seq.setAccessible(true);
            return seq.getLong(ring);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keeps a call back until {@link #makeUp}; false where one is kept back already. */
    public static boolean holdBack(Object callee, Object... arguments) {
        return HELD.putIfAbsent(callee, arguments) == null;
    }

    /** Makes the call that was kept back. */
    public static void makeUp(Object callee, Method method) {
        Object[] arguments = HELD.remove(callee);
        if (arguments != null) {
            call(method, callee, arguments);
        }
    }

    private static Object call(Method method, Object callee, Object... arguments) {
        try {
            method.setAccessible(true);
            return method.invoke(callee, arguments);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
