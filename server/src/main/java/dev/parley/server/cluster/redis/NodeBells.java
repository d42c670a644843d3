package dev.parley.server.cluster.redis;

import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Subscription;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Each node's lease, a key that expires, and its bell, a pub/sub channel of the same name. Used by the cluster on any thread; stages complete on the link's
 * loop and fail with {@code unavailable} when Redis is out of reach.
 */
public final class NodeBells {

    /** The set of all nodes that may live: finding them by their leases would mean to go through all keys. */
    private static final String NODES = "parley:nodes";

    private final RedisLink link;

    public NodeBells(RedisLink link) {
        this.link = link;
    }

    /**
     * Renews a lease.
     *
     * @param node whose
     * @param says what others are told about the node
     * @param holds for how long
     */
    public CompletionStage<Void> renew(String node, String says, Duration holds) {
        return link.send(Command.SET, Keys.node(node), says, "PX", holds.toMillis())
                .thenCombine(link.send(Command.SADD, NODES, node), (lease, listed) -> null);
    }

    /** All listed nodes, each with what its lease says, or nothing where it has none. */
    public CompletionStage<Map<String, Optional<String>>> look() {
        return link.send(Command.SMEMBERS, NODES).thenCompose(listed -> {
            List<String> nodes = new ArrayList<>();
            listed.forEach(node -> nodes.add(node.toString()));
            return link.values(nodes.stream().map(Keys::node).toList()).thenApply(said -> together(nodes, said));
        });
    }

    /** Whether a node has a lease. */
    public CompletionStage<Boolean> leased(String node) {
        return link.send(Command.EXISTS, Keys.node(node)).thenApply(Response::toBoolean);
    }

    /** Takes nodes off the list. One that lives puts itself back. */
    public CompletionStage<Void> forget(Set<String> nodes) {
        return link.send(Command.SREM, NODES, nodes.toArray()).thenApply(removed -> null);
    }

    /**
     * Rings a node's bell.
     *
     * @return how many heard it, as far as the Redis server that was asked knows
     */
    public CompletionStage<Integer> ring(String node, byte[] message) {
        return link.publish(Keys.node(node), message);
    }

    /** Hears a node's bell, on the link's loop, until closed. */
    public Subscription listen(String node, Consumer<byte[]> messages) {
        return link.subscribe(Keys.node(node), messages);
    }

    private static Map<String, Optional<String>> together(List<String> nodes, List<Response> said) {
        Map<String, Optional<String>> leases = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            Response lease = said.get(i);
            leases.put(nodes.get(i), Optional.ofNullable(lease).map(text -> text.toString(StandardCharsets.UTF_8)));
        }
        return leases;
    }
}
