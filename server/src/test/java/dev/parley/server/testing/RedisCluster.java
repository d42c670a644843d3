package dev.parley.server.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Redis Cluster of real processes, with a failover within a few seconds. Not for several threads. */
public final class RedisCluster implements RunningRedis {
    private static final int SLOTS = 16_384;
    private static final int MASTERS = 3;
    private static final int BUS = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<RedisServer> servers = new ArrayList<>();

    private RedisCluster(Path executable, int replicas) {
        for (int i = 0; i < MASTERS * (1 + replicas); i++) {
            servers.add(server(executable));
        }
        for (int i = 0; i < servers.size(); i++) {
            servers.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            servers.get(0)
                    .command(
                            "CLUSTER",
                            "MEET",
                            "127.0.0.1",
                            Integer.toString(servers.get(i).port()));
        }
        for (int i = 0; i < MASTERS; i++) {
            List<String> words = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            IntStream.range(i * SLOTS / MASTERS, (i + 1) * SLOTS / MASTERS)
                    .forEach(slot -> words.add(Integer.toString(slot)));
            servers.get(i).command(words.toArray(String[]::new));
        }
        awaitAllInOrder();
        for (int i = MASTERS; i < servers.size(); i++) {
            servers.get(i).command("CLUSTER", "REPLICATE", id(servers.get(i % MASTERS)));
        }
        awaitReplicas();
    }

    /** Of the redis-server 6.2 that comes with the build. */
    public static RedisCluster embedded(int replicas) {
        return new RedisCluster(RedisServer.embeddedExecutable(), replicas);
    }

    /**
     * Of the machine's own redis-server, where it has one of version 7 or later.
     *
     * @param replicas how many each of the three masters has
     */
    public static Optional<RedisCluster> installed(int replicas) {
        return RedisServer.installedExecutable().map(executable -> new RedisCluster(executable, replicas));
    }

    private static RedisServer server(Path executable) {
        return new RedisServer(
                        executable,
                        freePort(),
                        List.of(
                                "--cluster-enabled",
                                "yes",
                                "--cluster-node-timeout",
                                "1500",
                                "--repl-diskless-sync-delay",
                                "0",
                                "--repl-ping-replica-period",
                                "1"))
                .start();
    }

    /** A port below those that systems give out, whose bus port is free, too. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 22_000);
            if (isFree(port) && isFree(port + BUS)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("127.0.0.1", port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** All servers: first those that were masters in the beginning, then replicas, the first of the first master before the first of the second. */
    public List<RedisServer> servers() {
        return servers;
    }

    /** Where all servers are, as {@code quarkus.redis.hosts} wants them. */
    public List<String> uris() {
        return servers.stream().map(RedisServer::uri).collect(Collectors.toList());
    }

    /** The master that owns the slot of a key now, as most of the others say. */
    public RedisServer ownerOf(String key) {
        int slot = slot(key);
        Map<Integer, Long> votes = running().stream()
                .map(server -> port(server, slot))
                .flatMap(Optional::stream)
                .collect(Collectors.groupingBy(port -> port, Collectors.counting()));
        int port = votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        return servers.stream()
                .filter(server -> server.port() == port)
                .findFirst()
                .orElseThrow();
    }

    public int slot(String key) {
        return Integer.parseInt(
                running().get(0).command("CLUSTER", "KEYSLOT", key).strip().substring(1));
    }

    /** Sends a command to the owner of its first key. */
    public String command(String... words) {
        return ownerOf(words[1]).command(words);
    }

    /** Begins to move a slot: from now on each of its keys may be here or there. */
    public void beginMove(int slot, RedisServer from, RedisServer to) {
        to.command("CLUSTER", "SETSLOT", Integer.toString(slot), "IMPORTING", id(from));
        from.command("CLUSTER", "SETSLOT", Integer.toString(slot), "MIGRATING", id(to));
    }

    /** Moves all keys that are in the slot. */
    public void moveKeys(int slot, RedisServer from, RedisServer to) {
        List<String> keys = keys(slot, from);
        while (!keys.isEmpty()) {
            List<String> words = new ArrayList<>(
                    List.of("MIGRATE", "127.0.0.1", Integer.toString(to.port()), "", "0", "5000", "KEYS"));
            words.addAll(keys);
            from.command(words.toArray(String[]::new));
            keys = keys(slot, from);
        }
    }

    /** Ends the move of a slot whose keys have all been moved. */
    public void endMove(int slot, RedisServer from, RedisServer to) {
        String owner = id(to);
        to.command("CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", owner);
        from.command("CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", owner);
    }

    /** A replica of a master. */
    public RedisServer replicaOf(RedisServer master) {
        return running().stream()
                .filter(server -> server.command("INFO", "replication").contains("master_port:" + master.port()))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until every server that runs finds the cluster in order. */
    public void awaitInOrder() {
        await("the cluster is in order")
                .atMost(PATIENCE)
                .until(() -> running().stream()
                        .allMatch(server -> server.command("CLUSTER", "INFO").contains("cluster_state:ok")));
    }

    private void awaitAllInOrder() {
        await("the cluster is complete")
                .atMost(PATIENCE)
                .until(() -> servers.stream().allMatch(server -> {
                    String info = server.command("CLUSTER", "INFO");
                    return info.contains("cluster_state:ok")
                            && info.contains("cluster_known_nodes:" + servers.size() + "\r");
                }));
    }

    private void awaitReplicas() {
        await("replicas are in step")
                .atMost(PATIENCE)
                .until(() -> servers.stream()
                        .skip(MASTERS)
                        .allMatch(
                                server -> server.command("INFO", "replication").contains("master_link_status:up")));
        // Who would vote must know of the replicas, too.
        await("replicas are known")
                .atMost(PATIENCE)
                .until(() -> servers.stream()
                        .allMatch(server -> server.words("CLUSTER", "NODES").stream()
                                        .filter(line -> line.contains("slave"))
                                        .count()
                                == servers.size() - MASTERS));
    }

    private static Optional<Integer> port(RedisServer server, int slot) {
        for (String line : server.words("CLUSTER", "NODES")) {
            String[] words = line.split(" ");
            for (int i = 8; i < words.length; i++) {
                String[] range = words[i].split("-");
                if (!words[i].startsWith("[")
                        && Integer.parseInt(range[0]) <= slot
                        && slot <= Integer.parseInt(range[range.length - 1])) {
                    return Optional.of(
                            Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1, words[1].indexOf('@'))));
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> keys(int slot, RedisServer server) {
        return server.words("CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), "100");
    }

    private static String id(RedisServer server) {
        return server.words("CLUSTER", "MYID").get(0);
    }

    private List<RedisServer> running() {
        return servers.stream().filter(RedisServer::isRunning).toList();
    }

    @Override
    public Map<String, String> properties() {
        return Map.of("quarkus.redis.hosts", String.join(",", uris()), "quarkus.redis.client-type", "cluster");
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }
}
