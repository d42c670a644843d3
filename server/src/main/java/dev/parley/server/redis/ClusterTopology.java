package dev.parley.server.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The primaries of a Redis Cluster and their slots, as told by any of its servers: by one that finds the cluster in order if there is such a one, since a
 * server that was cut off from the majority tells of former times. On the loop.
 */
final class ClusterTopology implements Topology {

    /** Servers asked at the same time: enough that some answer, and a large cluster is not asked as a whole. */
    private static final int ASKED = 5;

    private final Loop loop;
    private final RedisOptions configured;
    private final Duration timeout;

    /** @param timeout for the answers */
    ClusterTopology(Loop loop, RedisOptions configured, Duration timeout) {
        this.loop = loop;
        this.configured = configured;
        this.timeout = timeout;
    }

    private record Told(Layout layout, boolean inOrder) {}

    @Override
    public CompletionStage<Layout> look(Collection<Endpoint> known) {
        Set<Endpoint> servers = new LinkedHashSet<>(known);
        configured.getEndpoints().forEach(host -> servers.add(Endpoint.of(host)));
        List<Endpoint> chosen = new ArrayList<>(servers);
        Collections.shuffle(chosen);
        List<CompletableFuture<Told>> asked =
                chosen.stream().limit(ASKED).map(this::ask).toList();
        CompletableFuture<Layout> result = new CompletableFuture<>();
        asked.forEach(each -> each.thenAccept(told -> {
            if (told.inOrder) {
                result.complete(told.layout);
            }
        }));
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .whenComplete((all, failure) -> asked.stream()
                        .filter(each -> !each.isCompletedExceptionally() && known.isEmpty())
                        .findFirst()
                        .ifPresentOrElse(
                                each -> result.complete(each.join().layout),
                                () -> result.completeExceptionally(Pipeline.unavailable())));
        return result;
    }

    private CompletableFuture<Told> ask(Endpoint server) {
        List<Request> questions = List.of(Request.cmd(Command.CLUSTER, "INFO"), Request.cmd(Command.CLUSTER, "SLOTS"));
        return Inquiry.ask(loop, server.in(configured), timeout, questions).thenApply(answers -> {
            boolean inOrder = answers.get(0).toString().contains("cluster_state:ok");
            return new Told(layout(answers.get(1), server), inOrder);
        });
    }

    private static Layout layout(Response ranges, Endpoint told) {
        Endpoint[] owners = new Endpoint[Slots.COUNT];
        for (Response range : ranges) {
            Response primary = range.get(2);
            String host = primary.get(0) == null ? "" : primary.get(0).toString();
            Endpoint owner = Endpoint.redirected(host + ":" + primary.get(1), told);
            for (int slot = range.get(0).toInteger(); slot <= range.get(1).toInteger(); slot++) {
                owners[slot] = owner;
            }
        }
        return Layout.of(owners);
    }

    @Override
    public RedisOptions options(Endpoint primary) {
        return primary.in(configured);
    }

    /** Each server is asked for itself: all who ring and hear on it get the same answer, also while a cluster is upgraded server by server. */
    @Override
    public Future<Boolean> greet(RedisConnection connection) {
        return connection
                .send(Request.cmd(Command.COMMAND, "INFO", "SPUBLISH"))
                .map(info ->
                        info.size() > 0 && info.get(0) != null && info.get(0).size() > 0);
    }

    @Override
    public boolean sharded() {
        return true;
    }
}
