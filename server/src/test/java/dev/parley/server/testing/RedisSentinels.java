package dev.parley.server.testing;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A primary, two replicas and three Sentinels as real processes, with a failover within a few seconds. Not for several threads. */
public final class RedisSentinels implements RunningRedis {
    public static final String NAME = "hub";
    private static final int REPLICAS = 2;
    private static final int SENTINELS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<RedisServer> sentinels = new ArrayList<>();

    private RedisSentinels(Path executable, List<String> settings) {
        RedisServer first = server(executable, settings);
        for (int i = 0; i < REPLICAS; i++) {
            List<String> more = new ArrayList<>(settings);
            more.addAll(List.of("--replicaof", "127.0.0.1 " + first.port()));
            server(executable, more);
        }
        for (int i = 0; i < SENTINELS; i++) {
            sentinels.add(sentinel(executable, first));
        }
        awaitComplete(first);
    }

    /**
     * Of the machine's own redis-server, where it has one of version 7 or later.
     *
     * @param settings of the three servers
     */
    public static Optional<RedisSentinels> installed(String... settings) {
        return RedisServer.installedExecutable().map(executable -> new RedisSentinels(executable, List.of(settings)));
    }

    private RedisServer server(Path executable, List<String> settings) {
        List<String> all =
                new ArrayList<>(List.of("--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"));
        all.addAll(settings);
        RedisServer server = new RedisServer(executable, all);
        servers.add(server);
        return server.start();
    }

    private static RedisServer sentinel(Path executable, RedisServer primary) {
        RedisServer sentinel = new RedisServer(executable, List.of("--sentinel"));
        sentinel.configure(String.join(
                "\n",
                "sentinel monitor " + NAME + " 127.0.0.1 " + primary.port() + " 2",
                "sentinel down-after-milliseconds " + NAME + " 1000",
                "sentinel failover-timeout " + NAME + " 3000",
                ""));
        return sentinel.start();
    }

    /** All servers that are no Sentinels. */
    public List<RedisServer> servers() {
        return servers;
    }

    public List<RedisServer> sentinels() {
        return sentinels;
    }

    /** Where the Sentinels are, as {@code quarkus.redis.hosts} wants them. */
    public List<String> uris() {
        return sentinels.stream().map(RedisServer::uri).collect(Collectors.toList());
    }

    /** The primary, as the first Sentinel says. */
    public RedisServer primary() {
        String port = sentinels
                .get(0)
                .words("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
                .get(1);
        return servers.stream()
                .filter(server -> Integer.toString(server.port()).equals(port))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until another one than this is the primary. */
    public RedisServer awaitPrimaryOtherThan(RedisServer former) {
        return await("another primary").atMost(PATIENCE).until(this::primary, now -> now != former);
    }

    private void awaitComplete(RedisServer primary) {
        await("the replicas are in step and all Sentinels know of everything")
                .atMost(PATIENCE)
                .until(() -> primary.command("INFO", "replication").contains("connected_slaves:" + REPLICAS)
                        && servers.stream()
                                .skip(1)
                                .allMatch(replica ->
                                        replica.command("INFO", "replication").contains("master_link_status:up"))
                        && sentinels.stream().allMatch(RedisSentinels::knowsAll));
    }

    private static boolean knowsAll(RedisServer sentinel) {
        String info = sentinel.command("INFO", "sentinel");
        return info.contains("slaves=" + REPLICAS + ",") && info.contains("sentinels=" + SENTINELS);
    }

    @Override
    public Map<String, String> properties() {
        return Map.of(
                "quarkus.redis.hosts",
                String.join(",", uris()),
                "quarkus.redis.client-type",
                "sentinel",
                "quarkus.redis.master-name",
                NAME);
    }

    @Override
    public void close() {
        Stream.concat(sentinels.stream(), servers.stream()).forEach(RedisServer::close);
    }
}
