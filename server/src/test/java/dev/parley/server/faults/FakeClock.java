package dev.parley.server.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A wall clock that a test sets for processes; their monotonic clocks stay right. A server gets it by the {@link SabotageAgent}, since with libfaketime a JVM
 * takes minutes to start; others by the machine's libfaketime. Used by a test's thread.
 */
final class FakeClock {
    private final Path setting;

    FakeClock() {
        try {
            setting = Files.createTempFile("parley-clock", null);
            setting.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        offset(Duration.ZERO);
    }

    /** Whether the machine has what it takes for {@link #give}. */
    static boolean isInstalled() {
        return library().isPresent();
    }

    /** Has a server that is not started yet go by this clock. */
    void giveServer(ProcessBuilder server) {
        SabotageAgent.load(server);
        server.command().add(1, "-D" + Broken.CLOCK + "=" + setting);
    }

    /** Has another process that is not started yet go by this clock, if the machine can do that. */
    void give(ProcessBuilder process) {
        library().ifPresent(library -> {
            process.environment().put("LD_PRELOAD", library.toString());
            process.environment().put("FAKETIME_TIMESTAMP_FILE", setting.toString());
            process.environment().put("FAKETIME_CACHE_DURATION", "1");
            process.environment().put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        });
    }

    /** Sets it to so much after the right time, or before it; noticed within about a second. */
    void offset(Duration offset) {
        try {
            Path next = Files.writeString(
                    setting.resolveSibling(setting.getFileName() + ".next"), "%+d".formatted(offset.toSeconds()));
            Files.move(next, setting, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> library() {
        return Stream.of(
                        "/usr/lib/x86_64-linux-gnu",
                        "/usr/lib/aarch64-linux-gnu",
                        "/usr/lib64",
                        "/usr/lib",
                        "/usr/local/lib")
                .map(directory -> Path.of(directory, "faketime", "libfaketime.so.1"))
                .filter(Files::isReadable)
                .findFirst();
    }
}
