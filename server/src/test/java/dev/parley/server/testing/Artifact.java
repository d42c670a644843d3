package dev.parley.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The kind of packaged server that integration tests start, as {@code -Dparley.artifact} says. Any thread. */
public enum Artifact {

    /** {@code target/quarkus-app} on the JVM that runs the tests. */
    JAR,

    /** The same with the cache that {@code deploy/docker/train.sh} makes, which needs Java 25. */
    AOT,

    /** The executable that {@code ./mvnw package -Dnative} makes. */
    NATIVE;

    private static final Path TARGET = Path.of("target");
    private static final Path APP = TARGET.resolve("quarkus-app");
    private static final Path CACHE = APP.resolve("app.aot");

    /** What this run of the tests is about. */
    public static Artifact chosen() {
        return valueOf(System.getProperty("parley.artifact", "jar").toUpperCase(Locale.ROOT));
    }

    /** Whether it can be changed by an agent while it is loaded. */
    public boolean takesAgents() {
        return this == JAR;
    }

    private boolean onJvm() {
        return this != NATIVE;
    }

    /**
     * A command that starts it.
     *
     * @param options a JVM's, which an executable is not given
     * @param settings {@code -X} and {@code -D}, which all kinds take
     */
    public List<String> command(List<String> options, List<String> settings) {
        List<String> command = new ArrayList<>();
        command.add(
                onJvm()
                        ? Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()
                        : executable());
        if (this == JAR) {
            command.addAll(options);
        } else if (this == AOT) {
            if (Files.notExists(CACHE)) {
                throw new IllegalStateException("no " + CACHE + ": deploy/docker/train.sh makes it");
            }
            // As in Dockerfile.jvm, for a cache fits only the options it was made with.
            command.addAll(
                    List.of("-XX:+UseG1GC", "-XX:+UseCompactObjectHeaders", "--enable-native-access=ALL-UNNAMED"));
            command.addAll(List.of("-XX:AOTMode=on", "-XX:AOTCache=" + CACHE));
        }
        command.addAll(settings);
        if (onJvm()) {
            command.addAll(List.of("-jar", APP.resolve("quarkus-run.jar").toString()));
        }
        return command;
    }

    private static String executable() {
        try (Stream<Path> files = Files.list(TARGET)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-runner"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "no executable in " + TARGET + ": ./mvnw package -Dnative makes it"))
                    .toAbsolutePath()
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
