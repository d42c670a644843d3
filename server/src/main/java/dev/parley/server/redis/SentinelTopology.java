package dev.parley.server.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * The one primary that most Sentinels name: one that was cut off from the others may go on naming a former one. On the loop.
 *
 * <p>Sentinels and servers are reached with the same credentials and TLS settings.
 */
final class SentinelTopology implements Topology {
    private static final Logger LOG = Logger.getLogger(SentinelTopology.class);

    private final Loop loop;
    private final RedisOptions configured;
    private final Duration timeout;
    private boolean complained;

    SentinelTopology(Loop loop, RedisOptions configured, Duration timeout) {
        this.loop = loop;
        this.configured = configured;
        this.timeout = timeout;
    }

    @Override
    public CompletionStage<Layout> look(Collection<Endpoint> known) {
        CompletableFuture<Layout> result = new CompletableFuture<>();
        Map<Endpoint, Integer> votes = new HashMap<>();
        int sentinels = configured.getEndpoints().size();
        CompletableFuture<?>[] asked = configured.getEndpoints().stream()
                .map(sentinel -> ask(Endpoint.of(sentinel)).handle((primary, failure) -> {
                    // One that is gone without a trace is not waited for when the others agree.
                    if (primary != null && 2 * votes.merge(primary, 1, Integer::sum) > sentinels) {
                        result.complete(Layout.single(primary));
                    }
                    return null;
                }))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(asked)
                .thenRun(() -> votes.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .ifPresentOrElse(
                                most -> result.complete(Layout.single(most.getKey())),
                                () -> result.completeExceptionally(Pipeline.unavailable())));
        return result;
    }

    /** The primary that a Sentinel names; null where it knows none of that name. */
    private CompletableFuture<Endpoint> ask(Endpoint sentinel) {
        RedisOptions server = new RedisOptions(sentinel.in(configured));
        server.setEndpoints(List.of(withoutDatabase(server.getEndpoint())));
        Request question = Request.cmd(Command.SENTINEL, "get-master-addr-by-name", configured.getMasterName());
        return Inquiry.ask(loop, server, timeout, List.of(question)).thenApply(answers -> {
            Response primary = answers.get(0);
            if (primary == null) {
                complain(sentinel);
                return null;
            }
            return new Endpoint(primary.get(0).toString(), primary.get(1).toInteger());
        });
    }

    private void complain(Endpoint sentinel) {
        if (!complained) {
            complained = true;
            LOG.warnf(
                    "The Sentinel at %s knows no %s: quarkus.redis.master-name should be the name in its 'sentinel monitor'",
                    sentinel, configured.getMasterName());
        }
    }

    /** Sentinels have no databases and refuse SELECT. */
    private static String withoutDatabase(String uri) {
        return uri.replaceFirst("(://[^/?]*)/\\d*", "$1");
    }

    @Override
    public RedisOptions options(Endpoint primary) {
        return primary.in(configured);
    }

    /** Sentinels may name a server that is none any more, or not yet. */
    @Override
    public Future<Boolean> greet(RedisConnection connection) {
        return connection
                .send(Request.cmd(Command.ROLE))
                .compose(role -> role.get(0).toString().equals("master")
                        ? Future.succeededFuture(false)
                        : Future.failedFuture("it is no primary but a " + role.get(0)));
    }
}
