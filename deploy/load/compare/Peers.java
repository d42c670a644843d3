package dev.parley.load;

import dev.parley.client.bench.Dialect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Who can be started, from what {@code compare.sh} has built into the scratch directory. The run's thread. */
final class Peers {
    private static final String CONNECT = "/v1/connect";
    private static final String READY = "/q/health/ready";

    private final Setting setting;

    Peers(Setting setting) {
        this.setting = setting;
    }

    /**
     * Another server.
     *
     * @param name in the tables
     * @param hub starts it for fan-out
     * @param dialect what it then speaks
     * @param echo starts it for round trips; null where it has none to offer
     * @param echoDialect what it then speaks
     */
    record Peer(String name, Supplier<Stand> hub, Dialect dialect, Supplier<Stand> echo, Dialect echoDialect) {}

    /** Those that fan out; only those that could be built. */
    List<Peer> hubs() {
        List<Peer> all = new ArrayList<>();
        if (has("gorilla/hub")) {
            all.add(new Peer("gorilla hub", () -> gorilla("/ws"), PeerDialect.plain(), () -> gorilla("/echo"), PeerDialect.plain()));
            all.add(new Peer("gorilla hub, coalescing", () -> gorilla("/ws", "-coalesce"), PeerDialect.plain(), null, null));
        }
        if (has("node/node_modules/ws")) {
            all.add(new Peer("Node ws", () -> node("ws.js", "/ws"), PeerDialect.plain(), () -> node("ws.js", "/echo"), PeerDialect.plain()));
        }
        if (has("node/node_modules/socket.io")) {
            String path = "/socket.io/?EIO=4&transport=websocket";
            all.add(new Peer(
                    "Socket.IO",
                    () -> node("socketio.js", path),
                    PeerDialect.socketIo("m"),
                    () -> node("socketio.js", path),
                    PeerDialect.socketIo("e")));
        }
        if (has("bin/nats-server")) {
            all.add(new Peer("NATS", this::nats, PeerDialect.nats(), this::nats, PeerDialect.nats()));
        }
        all.addAll(centrifugos());
        return all;
    }

    private List<Peer> centrifugos() {
        List<Peer> all = new ArrayList<>();
        if (has("bin/centrifugo")) {
            for (boolean redis : List.of(false, true)) {
                for (boolean history : List.of(false, true)) {
                    String name = "Centrifugo, " + (redis ? "Redis" : "memory") + (history ? ", history" : "");
                    Supplier<Stand> stand = () -> centrifugo(redis, history);
                    all.add(new Peer(name, stand, PeerDialect.centrifugo(), stand, PeerDialect.centrifugo()));
                }
            }
        }
        return all;
    }

    /** Those that keep messages in a Redis. */
    List<Peer> logsOnRedis() {
        return centrifugos().stream()
                .filter(peer -> peer.name().equals("Centrifugo, Redis, history"))
                .toList();
    }

    /** Those that send back. */
    List<Peer> echoes() {
        return hubs().stream().filter(peer -> peer.echo() != null).toList();
    }

    private boolean has(String path) {
        return Files.exists(setting.scratch().resolve(path));
    }

    private String built(String path) {
        return setting.scratch().resolve(path).toString();
    }

    private Stand gorilla(String path, String... more) {
        List<String> command = new ArrayList<>(List.of(built("gorilla/hub"), "-address", "127.0.0.1:{port}"));
        command.addAll(List.of(more));
        return Stand.of(Server.start(setting, "gorilla", command), path);
    }

    private Stand node(String script, String path) {
        return Stand.of(Server.start(setting, script, List.of("node", built("node/" + script), "{port}")), path);
    }

    /** Its settings of WebSocket are in a file only; the other port, which every NATS has, is any that is free. */
    private Stand nats() {
        String config = """
                listen: "127.0.0.1:-1"
                ping_interval: "1h"
                websocket { listen: "127.0.0.1:{port}", no_tls: true }
                """;
        return Stand.of(configured("nats", "bin/nats-server", config), "/");
    }

    /** A server that takes its port from a file of settings. */
    private Server configured(String name, String program, String config) {
        Path file;
        try {
            file = Files.writeString(Files.createTempFile(setting.scratch().resolve("logs"), name, ".conf"), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String script = "sed -i \"s/{PORT}/$1/\" \"$2\" && exec \"$3\" -c \"$2\"";
        return Server.start(
                setting,
                name,
                List.of("sh", "-c", script.replace("{PORT}", "[{]port}"), "sh", "{port}", file.toString(), built(program)));
    }

    private Stand centrifugo(boolean redis, boolean history) {
        Server behind = redis ? redis() : null;
        String config = """
                {"http_server": {"address": "127.0.0.1", "port": "{port}"},
                 "client": {"insecure": true, "allowed_origins": ["*"]},
                 "channel": {"without_namespace": {"allow_publish_for_client": true, "allow_subscribe_for_client": true%s}},
                 "engine": {"type": "%s"%s}}
                """.formatted(
                history ? ", \"history_size\": 1000, \"history_ttl\": \"600s\"" : "",
                redis ? "redis" : "memory",
                redis ? ", \"redis\": {\"address\": \"127.0.0.1:" + behind.port() + "\"}" : "");
        Server server = configured("centrifugo", "bin/centrifugo", config);
        return new Stand(List.of(Stand.url(server, "/connection/websocket")), List.of(server), behind);
    }

    Server redis() {
        return Server.start(setting, "redis", List.of(
                "redis-server", "--bind", "127.0.0.1", "--port", "{port}", "--save", "", "--appendonly", "no"));
    }

    /** With the default rate of hellos; the last of equal properties holds. */
    Stand cautiousParley() {
        List<String> command = setting.parley(List.of("-Dparley.limits.handshakes=2000"));
        return Stand.of(Server.start(setting, "parley-cautious", command).awaitAnswer(READY), CONNECT);
    }

    Stand parley() {
        return Stand.of(startParley().awaitAnswer(READY), CONNECT);
    }

    /** In memory; it listens, and no more is waited for. */
    Server startParley() {
        return Server.start(setting, "parley", setting.parley(List.of()));
    }

    Stand parleyOnRedis() {
        return onRedis(1);
    }

    Stand twoParleys() {
        return onRedis(2);
    }

    private Stand onRedis(int instances) {
        Server redis = redis();
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            List<String> command =
                    setting.parley(List.of("-Dquarkus.redis.hosts=redis://127.0.0.1:" + redis.port()));
            servers.add(Server.start(setting, "parley-redis", command).awaitAnswer(READY));
        }
        return new Stand(servers.stream().map(server -> Stand.url(server, CONNECT)).toList(), servers, redis);
    }
}
