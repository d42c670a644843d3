package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.Artifact;
import dev.parley.server.testing.Proxy;
import dev.parley.server.testing.Tunnel;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The packaged server as a process of its own, on a free port of the loopback, and what can happen to a process. Used by a test's thread.
 */
public final class ServerProcess implements AutoCloseable {
    public static final String SERVICE_KEY = "a-service-key-of-the-proof";
    /** One is as good as another here, so the cheapest to start. */
    private static final List<String> JVM_OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final Path LOGS = Path.of("target", "proof");
    private static final Duration START = Duration.ofSeconds(180);
    private static final Duration END = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://[^\\s\"]+)");
    private static final Pattern LISTENING_SECURELY = Pattern.compile("Listening on: .*https://[^:]+:(\\d+)");
    private static final Pattern TROUBLE =
            Pattern.compile("^(\\S+ \\S+ (ERROR|FATAL) .*|\\s+at [\\w.$/]+\\(.*\\)|Caused by: .*|Exception in .*)$");

    private static final int MEGA = 1024 * 1024;

    private final String name;
    private final Path log;
    private final Process process;
    private volatile URI direct;
    private volatile URI uri;
    private volatile boolean leaving;
    private volatile boolean frozen;

    private ServerProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /** An answer over HTTP; {@code body} is empty where there is none in JSON. */
    public record Answer(int status, JsonObject body) {}

    /**
     * Starts a process, without waiting for anything.
     *
     * @param name of its log file under {@code target/proof}
     * @param properties on top of those that make it a member of one hub with all others
     */
    public static ServerProcess launch(String name, Map<String, String> properties) {
        return launch(name, properties, process -> {});
    }

    /**
     * Starts a process, without waiting for anything.
     *
     * @param name of its log file under {@code target/proof}
     * @param properties on top of those that make it a member of one hub with all others
     * @param preparation may add to its environment, or to its command behind the first word
     */
    public static ServerProcess launch(
            String name, Map<String, String> properties, Consumer<ProcessBuilder> preparation) {
        List<String> settings = new ArrayList<>(List.of(
                "-Xmx256m",
                // A frozen process finds its loops blocked when it wakes, and would log their stacks.
                "-Dquarkus.vertx.warning-exception-time=1H",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=0",
                "-Dparley.guests.enabled=true",
                "-Dparley.guests.secret=a secret of the proof, the same for all",
                "-Dparley.broadcast.everyone=true",
                "-Dparley.api.keys=proof=" + SERVICE_KEY));
        properties.forEach((key, value) -> settings.add("-D" + key + "=" + value));
        try {
            Files.createDirectories(LOGS);
            Path log = LOGS.resolve(name + ".log");
            ProcessBuilder process = new ProcessBuilder(Artifact.chosen().command(JVM_OPTIONS, settings))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            preparation.accept(process);
            return new ServerProcess(name, log, process.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it takes connections. */
    public ServerProcess awaitReady() {
        URI listening = URI.create(Awaitility.await(name + " listens")
                .atMost(START)
                .pollInterval(Duration.ofMillis(50))
                .failFast(name + " ended", () -> !process.isAlive())
                .until(() -> LISTENING.matcher(log()).results().findFirst(), found -> found.isPresent())
                .map((MatchResult found) -> found.group(1))
                .orElseThrow());
        Awaitility.await(name + " is ready").atMost(START).until(() -> isReady(listening));
        direct = listening;
        uri = listening;
        return this;
    }

    /** Clients come through this proxy from now on. */
    void reachedBy(Proxy proxy) {
        uri = URI.create("http://127.0.0.1:" + proxy.port());
    }

    /** Clients come through this tunnel to its TLS port from now on, and so does everything that is asked of it here but its metrics. */
    void reachedBy(Tunnel tunnel) {
        uri = URI.create("http://127.0.0.1:" + tunnel.port());
    }

    /** Where it listens with TLS, as {@code https://localhost:<port>}. */
    URI secure() {
        Matcher listening = LISTENING_SECURELY.matcher(log());
        assertThat(listening.find()).as(name + " listens with TLS").isTrue();
        return URI.create("https://localhost:" + listening.group(1));
    }

    public String name() {
        return name;
    }

    /** Where clients find it, as {@code http://127.0.0.1:<port>}. */
    public URI uri() {
        return uri;
    }

    /** Whether a load balancer would send somebody there: it was ready, lives, answers, and was not told to go. Any thread. */
    public boolean isServing() {
        return uri != null && !leaving && !frozen && process.isAlive();
    }

    /** Whether there is a process. Any thread. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has had of the processors; zero where the system does not tell. */
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** {@code kill -9}. */
    public void kill() {
        leaving = true;
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGSTOP, or SIGCONT. */
    public void freeze(boolean on) {
        frozen = on;
        run("kill", on ? "-STOP" : "-CONT", Long.toString(process.pid()));
    }

    /** SIGTERM, without waiting for the end. */
    public void terminate() {
        leaving = true;
        process.destroy();
    }

    /** Waits until the process is gone, as long as Kubernetes by default does after a SIGTERM. Gives its exit status. */
    public int awaitEnd() {
        return awaitEnd(END);
    }

    /** Waits until the process is gone, for so long at most. Gives its exit status. */
    int awaitEnd(Duration most) {
        try {
            if (!process.waitFor(most.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(name + " does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Answer get(String path) {
        return exchange(request(uri, path).GET());
    }

    public Answer post(String path, JsonObject body, Map<String, String> headers) {
        HttpRequest.Builder request = request(uri, path).POST(BodyPublishers.ofString(body.encode()));
        headers.forEach(request::setHeader);
        return exchange(request);
    }

    public Answer call(String method, String path, JsonObject body) {
        return exchange(request(uri, path).method(method, BodyPublishers.ofString(body.encode())));
    }

    /** Bytes of its heap that are in use after everything else was collected. */
    public long liveHeap() {
        collectGarbage();
        return (long) metric("jvm_memory_used_bytes{area=\"heap\"");
    }

    /** What the kernel and the JVM say of its memory, in words. */
    public String memory() {
        long heap = (long) metric("jvm_memory_used_bytes{area=\"heap\"");
        return "heap used " + heap / MEGA + " MB, resident " + resident() / MEGA + " MB";
    }

    /** The sum of all its metrics whose name begins like this. */
    public double metric(String name) {
        return respond(request(direct, "/q/metrics").GET())
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Has it collect its garbage, where there is a JDK. */
    public void collectGarbage() {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (Files.isExecutable(jcmd)) {
            run(jcmd.toString(), Long.toString(process.pid()), "GC.run");
        }
    }

    /** Bytes that the kernel holds in memory for it; 0 where the system has no {@code /proc} or the process is gone. */
    public long resident() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try (Stream<String> lines = Files.exists(status) ? Files.lines(status) : Stream.empty()) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All it has said. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of its log that tell of something that must not happen: errors and stack traces. */
    public List<String> trouble() {
        return log().lines().filter(TROUBLE.asMatchPredicate()).toList();
    }

    @Override
    public void close() {
        kill();
    }

    private static void run(String... command) {
        try {
            int status = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            assertThat(status).as(String.join(" ", command)).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean isReady(URI at) {
        return exchange(request(at, "/q/health/ready").GET()).status() == 200;
    }

    static HttpRequest.Builder request(URI server, String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + SERVICE_KEY)
                .header("Content-Type", "application/json");
    }

    private Answer exchange(HttpRequest.Builder request) {
        HttpResponse<String> response = respond(request);
        boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
        return new Answer(response.statusCode(), json ? new JsonObject(response.body()) : new JsonObject());
    }

    private HttpResponse<String> respond(HttpRequest.Builder request) {
        try {
            return Wire.HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
