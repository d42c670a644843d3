package dev.parley.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The live heap of a Java server, as {@code jcmd} tells it: what is resident beyond it depends on how the collector is set. The run's thread. */
final class Heap {
    private static final Pattern USED = Pattern.compile("\\bused (\\d+)K");

    private Heap() {}

    /** Bytes in use after a collection. */
    static long live(Server server) {
        jcmd(server, "GC.run");
        Matcher used = USED.matcher(jcmd(server, "GC.heap_info"));
        if (!used.find()) {
            throw new IllegalStateException("jcmd does not tell the heap");
        }
        return Long.parseLong(used.group(1)) * 1024;
    }

    /** Live objects and their bytes, by class, after a collection. */
    static String histogram(Server server) {
        return jcmd(server, "GC.class_histogram");
    }

    private static String jcmd(Server server, String command) {
        try {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                            Long.toString(server.pid()),
                            command)
                    .redirectErrorStream(true)
                    .start();
            return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
