package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.Proxy;
import dev.parley.server.testing.RedisServer;
import dev.parley.server.testing.RunningRedis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension: several servers on one Redis of their own. In a static field it lives as long as the class, else as long as the test. In the end no log
 * may hold an error or a stack trace; the logs of a test that fails are shown.
 */
public final class Hub implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final int TAIL_LINES = 60;

    private final int size;
    private final String[] redisSettings;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final List<ServerProcess> servers = new CopyOnWriteArrayList<>();
    private final Map<ServerProcess, Proxy> redisLinks = new ConcurrentHashMap<>();
    private final Map<ServerProcess, Proxy> clientLinks = new ConcurrentHashMap<>();
    private Preparation preparation = (n, process) -> {};
    private Supplier<? extends RunningRedis> elsewhere;
    private RunningRedis running;
    private Consumer<ProcessBuilder> redisPreparation = process -> {};
    private Function<String[], RedisServer> redisOfChoice =
            settings -> RedisServer.embedded(redisPreparation, settings);
    private boolean proxied;
    private boolean inMemory;
    private boolean shared;
    private String name;
    private RedisServer redis;
    private volatile int redisPort;

    /**
     * @param size how many servers there are at first
     * @param redisSettings see {@link RedisServer#embedded}
     */
    public Hub(int size, String... redisSettings) {
        this.size = size;
        this.redisSettings = redisSettings;
    }

    /** Another property of every server. */
    public Hub with(String property, String value) {
        properties.put(property, value);
        return this;
    }

    /** On a Redis that is run in another way, which is started and ended with the hub. */
    public Hub on(Supplier<? extends RunningRedis> start) {
        elsewhere = start;
        return this;
    }

    /** With a proxy between each server and Redis, and one in front of each server. */
    public Hub behindProxies() {
        proxied = true;
        return this;
    }

    /** On the machine's own Redis, where it has one of version 7 or later, else on the embedded one. */
    public Hub onNewestRedis() {
        redisOfChoice = settings -> RedisServer.installed(settings).orElseGet(() -> RedisServer.embedded(settings));
        return this;
    }

    /** What is done to a server's process before it starts. */
    public interface Preparation {

        /**
         * Adds to its environment or its command, the first word of which is {@code java}.
         *
         * @param n which server, as in {@link Hub#server}
         */
        void prepare(int n, ProcessBuilder process);
    }

    /** Has each server started in this way, after all that was asked for before. */
    public Hub prepared(Preparation more) {
        Preparation before = preparation;
        preparation = (n, process) -> {
            before.prepare(n, process);
            more.prepare(n, process);
        };
        return this;
    }

    /** Has Redis started in this way. */
    public Hub preparedRedis(Consumer<ProcessBuilder> how) {
        redisPreparation = how;
        return this;
    }

    /** Without Redis. */
    public static Hub inMemory() {
        Hub hub = new Hub(1);
        hub.inMemory = true;
        return hub;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        shared = true;
        start(context.getRequiredTestClass().getSimpleName());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!shared) {
            start(context.getRequiredTestClass().getSimpleName() + "-"
                    + context.getRequiredTestMethod().getName());
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            servers.forEach(Hub::showTail);
        }
        if (!shared) {
            stop();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        stop();
    }

    public RedisServer redis() {
        return redis;
    }

    /** The server started as the n-th, from 0. */
    public ServerProcess server(int n) {
        return servers.get(n);
    }

    /** The n-th server's way to Redis. */
    public Proxy redisLink(int n) {
        return redisLinks.get(server(n));
    }

    /** Clients' way to the n-th server. */
    public Proxy clientLink(int n) {
        return clientLinks.get(server(n));
    }

    /** Another Redis is the primary: new connections through proxies go there from now on, open ones stay where they are. */
    public void moveRedis(int port) {
        redisPort = port;
        redisLinks.values().forEach(link -> link.retarget(port));
    }

    /** How many were started, those that have ended included. */
    public int size() {
        return servers.size();
    }

    /** One of those that serve, as a load balancer would choose. Any thread. */
    public ServerProcess any() {
        List<ServerProcess> serving =
                servers.stream().filter(ServerProcess::isServing).toList();
        return serving.get(ThreadLocalRandom.current().nextInt(serving.size()));
    }

    /** Starts one more and waits until it is ready. */
    public ServerProcess add() {
        return awaitReady(launch());
    }

    /**
     * Starts it all where no JUnit does.
     *
     * @param run begins the names of the logs
     */
    public Hub open(String run) {
        start(run);
        return this;
    }

    /** Ends it all where no JUnit does, whatever the logs say. */
    public void close() {
        end();
        servers.clear();
    }

    private void start(String test) {
        name = test;
        if (elsewhere != null) {
            running = elsewhere.get();
        } else if (!inMemory) {
            redis = redisOfChoice.apply(redisSettings);
            redisPort = redis.port();
        }
        for (int i = 0; i < size; i++) {
            launch();
        }
        servers.forEach(this::awaitReady);
    }

    private ServerProcess launch() {
        int n = servers.size();
        Map<String, String> all = new LinkedHashMap<>(properties);
        Proxy redisLink = proxied && redis != null ? Proxy.toRedis(redisPort) : null;
        if (running != null) {
            all.putAll(running.properties());
        } else if (!inMemory) {
            all.put("quarkus.redis.hosts", "redis://127.0.0.1:" + (redisLink == null ? redisPort : redisLink.port()));
        }
        ServerProcess server =
                ServerProcess.launch(name + "-" + (n + 1), all, process -> preparation.prepare(n, process));
        servers.add(server);
        if (redisLink != null) {
            redisLinks.put(server, redisLink);
        }
        return server;
    }

    private ServerProcess awaitReady(ServerProcess server) {
        server.awaitReady();
        if (proxied) {
            Proxy clientLink = Proxy.to(server.uri().getPort());
            clientLinks.put(server, clientLink);
            server.reachedBy(clientLink);
        }
        return server;
    }

    private void stop() {
        end();
        assertThat(servers)
                .allSatisfy(server -> assertThat(server.trouble())
                        .as("errors in the log of " + server.name())
                        .isEmpty());
        servers.clear();
    }

    private void end() {
        servers.forEach(ServerProcess::close);
        Stream.of(redisLinks, clientLinks).forEach(links -> {
            links.values().forEach(Proxy::close);
            links.clear();
        });
        if (redis != null) {
            redis.close();
        }
        if (running != null) {
            running.close();
        }
    }

    private static void showTail(ServerProcess server) {
        List<String> log = server.log().lines().toList();
        System.out.println("--- the end of the log of " + server.name());
        log.subList(Math.max(0, log.size() - TAIL_LINES), log.size()).forEach(System.out::println);
    }
}
