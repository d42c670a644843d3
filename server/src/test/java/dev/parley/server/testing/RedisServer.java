package dev.parley.server.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server process on a free loopback port with a directory of its own, for tests that stop, kill, stall and start it again. Not for several
 * threads.
 */
public final class RedisServer implements AutoCloseable {
    private static final int START_SECONDS = 60;

    /** Unpacked once for each JVM. */
    private static final class Embedded {
        static final Path EXECUTABLE = unpack();

        private static Path unpack() {
            try {
                return ExecutableProvider.newJarResourceProvider().get().toPath();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final Path executable;
    private final List<String> settings;
    private final Consumer<ProcessBuilder> preparation;
    private final Path directory;
    private final int port;
    private Process process;
    private boolean configured;

    RedisServer(Path executable, List<String> settings) {
        this(executable, freePort(), settings, process -> {});
    }

    RedisServer(Path executable, int port, List<String> settings) {
        this(executable, port, settings, process -> {});
    }

    private RedisServer(Path executable, int port, List<String> settings, Consumer<ProcessBuilder> preparation) {
        this.executable = executable;
        this.settings = settings;
        this.preparation = preparation;
        this.port = port;
        try {
            this.directory = Files.createTempDirectory("parley-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port of the loopback that nobody has now. */
    public static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts the redis-server 6.2 that comes with the build.
     *
     * @param settings more of the command line, such as {@code --appendonly yes}; without any nothing is kept on disk
     */
    public static RedisServer embedded(String... settings) {
        return embedded(process -> {}, settings);
    }

    /**
     * Likewise, as a process that is not as others are.
     *
     * @param preparation may add to its environment, each time before it starts
     */
    public static RedisServer embedded(Consumer<ProcessBuilder> preparation, String... settings) {
        return new RedisServer(Embedded.EXECUTABLE, freePort(), List.of(settings), preparation).start();
    }

    /** Starts the machine's own redis-server, where it has one of version 7 or later. */
    public static Optional<RedisServer> installed(String... settings) {
        return installedExecutable().map(executable -> new RedisServer(executable, List.of(settings)).start());
    }

    static Path embeddedExecutable() {
        return Embedded.EXECUTABLE;
    }

    static Optional<Path> installedExecutable() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "redis-server"))
                .filter(Files::isExecutable)
                .filter(executable -> majorVersion(executable) >= 7)
                .findFirst();
    }

    /** Starts the process again, on the same port and directory, and waits until it answers. */
    public RedisServer start() {
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        if (configured) {
            command.add(configuration().toString());
        }
        command.addAll(List.of(
                "--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", directory.toString(), "--save", ""));
        command.addAll(settings);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("redis.log").toFile());
            preparation.accept(builder);
            process = builder.start();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
            while (!answers()) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "redis-server does not start:\n" + Files.readString(directory.resolve("redis.log")));
                }
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return port;
    }

    /** Where it is, as {@code quarkus.redis.hosts} wants it. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Ends the process with SIGTERM. */
    public void stop() {
        end(process::destroy);
    }

    /** Ends the process with SIGKILL. */
    public void kill() {
        end(process::destroyForcibly);
    }

    /** Freezes the process: it takes connections but answers nothing. */
    public void stall() {
        signal("STOP");
    }

    /** Lets a stalled process go on. */
    public void resume() {
        signal("CONT");
    }

    /**
     * Sends one command on a connection of its own.
     *
     * @return the answer as it comes on the wire, in RESP2
     */
    public String command(String... words) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                request.append('$')
                        .append(word.getBytes(StandardCharsets.UTF_8).length)
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            out.write(request.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
            InputStream in = socket.getInputStream();
            byte[] answer = new byte[64 * 1024];
            int length = in.read(answer);
            return new String(answer, 0, Math.max(0, length), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The elements of an answer that is an array or a text, without its lengths. */
    public List<String> words(String... words) {
        return command(words)
                .lines()
                .filter(line -> !line.matches("[*$]-?\\d+"))
                .toList();
    }

    /** Gives it a configuration file, which it may rewrite. To be called before it starts. */
    void configure(String content) {
        try {
            Files.writeString(configuration(), content);
            configured = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path configuration() {
        return directory.resolve("redis.conf");
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try {
            return command("PING").startsWith("+PONG");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private void end(Runnable how) {
        try {
            resumeIfStalled();
            how.run();
            if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("redis-server does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void resumeIfStalled() {
        if (process.isAlive()) {
            signal("CONT");
        }
    }

    private void signal(String name) {
        run("kill", "-" + name, Long.toString(process.pid()));
    }

    private static int majorVersion(Path executable) {
        String said = run(executable.toString(), "--version");
        int at = said.indexOf("v=");
        return at < 0 ? 0 : Integer.parseInt(said.substring(at + 2, said.indexOf('.', at)));
    }

    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(Arrays.toString(command) + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
