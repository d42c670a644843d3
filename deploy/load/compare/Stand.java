package dev.parley.load;

import dev.parley.client.bench.Crew;
import dev.parley.client.bench.ServerCost;
import dev.parley.client.bench.Site;
import dev.parley.client.bench.Target;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What stands ready to be measured: the servers of one competitor, started together.
 *
 * @param urls where to connect
 * @param servers the processes whose cost counts
 * @param behind the Redis behind them; null where there is none
 */
record Stand(List<URI> urls, List<Server> servers, Server behind) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static Stand of(Server server, String path) {
        return new Stand(List.of(url(server, path)), List.of(server), null);
    }

    static URI url(Server server, String path) {
        return URI.create("ws://127.0.0.1:" + server.port() + path);
    }

    ServerCost cost() {
        return new ServerCost(servers.stream().map(Server::pid).toList(), urls);
    }

    /** Processor time of the Redis behind, in seconds. */
    double behindCpu() {
        return behind == null ? 0 : new ServerCost(List.of(behind.pid()), urls).cpuSeconds().orElse(0);
    }

    /** Runs something with one thread of the generator against it. */
    <T> T with(double warmUp, double seconds, int atOnce, java.util.function.Function<Site, T> run) {
        try (Crew crew = new Crew(1, PATIENCE)) {
            return run.apply(new Site(crew, new Target(urls), cost(), atOnce, warmUp, seconds));
        }
    }

    @Override
    public void close() {
        servers.forEach(Server::close);
        if (behind != null) {
            behind.close();
        }
    }
}
