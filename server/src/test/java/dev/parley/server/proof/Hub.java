package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.RedisServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
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
    private boolean inMemory;
    private boolean shared;
    private String name;
    private RedisServer redis;

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
        return launch().awaitReady();
    }

    private void start(String test) {
        name = test;
        redis = inMemory ? null : RedisServer.embedded(redisSettings);
        for (int i = 0; i < size; i++) {
            launch();
        }
        servers.forEach(ServerProcess::awaitReady);
    }

    private ServerProcess launch() {
        Map<String, String> all = new LinkedHashMap<>(properties);
        if (!inMemory) {
            all.put("quarkus.redis.hosts", redis.uri());
        }
        ServerProcess server = ServerProcess.launch(name + "-" + (servers.size() + 1), all);
        servers.add(server);
        return server;
    }

    private void stop() {
        servers.forEach(ServerProcess::close);
        if (redis != null) {
            redis.close();
        }
        assertThat(servers)
                .allSatisfy(server -> assertThat(server.trouble())
                        .as("errors in the log of " + server.name())
                        .isEmpty());
        servers.clear();
    }

    private static void showTail(ServerProcess server) {
        List<String> log = server.log().lines().toList();
        System.out.println("--- the end of the log of " + server.name());
        log.subList(Math.max(0, log.size() - TAIL_LINES), log.size()).forEach(System.out::println);
    }
}
