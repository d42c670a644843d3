package dev.parley.server.cluster;

import dev.parley.protocol.CloseReason;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.Failures;
import dev.parley.server.cluster.Peers.Question;
import dev.parley.server.cluster.redis.NodeBells;
import dev.parley.server.redis.RedisLink;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What only the holder of a socket can do, for whichever instance holds it. Called by routing, the HTTP API and the gateway, on any thread; never blocks.
 *
 * <p>Stages fail with {@link ProtocolException} {@code unavailable} when Redis is out of reach, or when an instance that lives did not answer in time.
 */
@Startup
@Singleton
public final class Cluster {
    private static final Duration DELIVERY_PATIENCE = Duration.ofSeconds(3);
    private static final Duration SURVEY_PATIENCE = Duration.ofSeconds(2);

    private static final String DELIVER = "deliver";
    private static final String LIST = "list";
    private static final String CLOSE = "close";
    private static final String CLOSE_ALL = "close-all";
    private static final String REVOKE = "revoke";
    private static final String REPORT = "report";
    private static final byte[] NOTHING = {};

    private final String self;
    private final Leases leases;
    private final Supplier<LocalConnections> local;
    private final Peers peers;
    private volatile Function<String, CompletionStage<String>> reporter = asked -> CompletableFuture.completedStage("");

    /** The sockets are looked up late, since their holder itself needs the cluster. */
    @Inject
    Cluster(NodeId self, Leases leases, RedisLink link, Instance<LocalConnections> local) {
        this(self.id(), leases, link, local::get);
    }

    Cluster(String self, Leases leases, RedisLink link, Supplier<LocalConnections> local) {
        this.self = self;
        this.leases = leases;
        this.local = local;
        this.peers =
                link.configured() ? new Peers(self, new NodeBells(link), (from, question) -> answer(question)) : null;
    }

    /**
     * Sends a frame to one connection, at most once.
     *
     * @param connection its id, as a client wrote it
     * @param frame a server frame's JSON
     * @return whether there is such a connection
     */
    public CompletionStage<Boolean> deliver(String connection, byte[] frame) {
        return atItsNode(new Question(DELIVER, connection, frame));
    }

    /**
     * Closes one connection.
     *
     * @param connection its id, as a client wrote it
     * @param reason told to the client
     * @return whether there was such a connection
     */
    public CompletionStage<Boolean> disconnect(String connection, CloseReason reason) {
        return atItsNode(new Question(CLOSE, connection, bytes(reason)));
    }

    /** All open connections of a user. */
    public CompletionStage<List<ConnectionInfo>> connectionsOf(String user) {
        return everywhere(new Question(LIST, user, NOTHING))
                .thenApply(answers -> answers.stream()
                        .flatMap(String::lines)
                        .map(ConnectionInfo::ofLine)
                        .toList());
    }

    /**
     * Closes all connections of a user.
     *
     * @return how many there were
     */
    public CompletionStage<Integer> disconnectUser(String user, CloseReason reason) {
        return everywhere(new Question(CLOSE_ALL, user, bytes(reason)))
                .thenApply(
                        answers -> answers.stream().mapToInt(Integer::parseInt).sum());
    }

    /**
     * Closes the connections of a user whose tokens were revoked.
     *
     * @param tokenId of the one token it is about; null for all
     * @param at when it was said, milliseconds since 1970
     * @return how many there were
     */
    public CompletionStage<Integer> revoke(String user, String tokenId, long at) {
        String what = at + (tokenId == null ? "" : " " + tokenId);
        return everywhere(new Question(REVOKE, user, what.getBytes(StandardCharsets.UTF_8)))
                .thenApply(
                        answers -> answers.stream().mapToInt(Integer::parseInt).sum());
    }

    /** Who says what goes on at this instance, as ASCII without blocking: asked with the text given to {@link #reports}. Set once at the start. */
    public void onReport(Function<String, CompletionStage<String>> answers) {
        reporter = answers;
    }

    /**
     * What goes on at all living instances.
     *
     * @param asked what is wanted to know, ASCII
     * @return what each says; nothing of one that has just gone
     */
    public CompletionStage<List<String>> reports(String asked) {
        return everywhere(new Question(REPORT, "all", asked.getBytes(StandardCharsets.US_ASCII)))
                .thenApply(answers ->
                        answers.stream().filter(answer -> !answer.isEmpty()).toList());
    }

    /** The living instances, this one with its present figures, others as they last told. */
    public CompletionStage<List<NodeInfo>> nodes() {
        return leases.look().thenApply(nodes -> List.copyOf(nodes.values()));
    }

    /** Asks the node that a connection's id names; one that is gone has no connections. */
    private CompletionStage<Boolean> atItsNode(Question question) {
        String node = NodeId.nodeOf(question.about());
        if (node == null || peers == null && !node.equals(self)) {
            return CompletableFuture.completedStage(false);
        }
        CompletionStage<Boolean> nobody = node.equals(self) || leases.alive().contains(node)
                ? CompletableFuture.completedStage(false)
                : leases.gone(node); // perhaps made up by a client: not worth the wait for an answer
        return nobody.thenCompose(gone -> gone
                ? CompletableFuture.completedStage(false)
                : ask(node, question, DELIVERY_PATIENCE, "no").thenApply("yes"::equals));
    }

    /** Asks all nodes that live. */
    private CompletionStage<List<String>> everywhere(Question question) {
        return leases.look().thenCompose(nodes -> {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (String node : nodes.keySet()) {
                answers.add(ask(
                                node,
                                question,
                                SURVEY_PATIENCE,
                                question.what().equals(LIST) || question.what().equals(REPORT) ? "" : "0")
                        .toCompletableFuture());
            }
            return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .thenApply(
                            all -> answers.stream().map(CompletableFuture::join).toList());
        });
    }

    private CompletionStage<String> ask(String node, Question question, Duration patience, String ifGone) {
        if (node.equals(self)) {
            return answer(question);
        }
        return peers.ask(node, question, patience)
                .handle((answer, failure) ->
                        failure == null ? CompletableFuture.completedStage(answer) : unlessGone(node, failure, ifGone))
                .thenCompose(settled -> settled);
    }

    private CompletionStage<String> unlessGone(String node, Throwable failure, String ifGone) {
        Throwable cause = Failures.causeOf(failure);
        if (!(cause instanceof TimeoutException)) {
            return CompletableFuture.failedStage(cause);
        }
        return leases.gone(node).thenApply(gone -> {
            if (gone) {
                return ifGone;
            }
            throw new ProtocolException(ErrorCode.UNAVAILABLE, "an instance did not answer in time");
        });
    }

    private CompletionStage<String> answer(Question question) {
        return question.what().equals(REPORT)
                ? reporter.apply(new String(question.payload(), StandardCharsets.US_ASCII))
                : CompletableFuture.completedStage(answered(question));
    }

    private String answered(Question question) {
        LocalConnections connections = local.get();
        return switch (question.what()) {
            case DELIVER -> connections.deliver(question.about(), question.payload()) ? "yes" : "no";
            case CLOSE -> connections.close(question.about(), reason(question)) ? "yes" : "no";
            case LIST -> lines(connections.ofUser(question.about()));
            case REVOKE -> Integer.toString(revoke(connections, question));
            case CLOSE_ALL -> Integer.toString(connections.closeAll(question.about(), reason(question)));
            default -> null; // of a newer build
        };
    }

    private static int revoke(LocalConnections connections, Question question) {
        String[] what = new String(question.payload(), StandardCharsets.UTF_8).split(" ", 2);
        return connections.revoke(question.about(), what.length > 1 ? what[1] : null, Long.parseLong(what[0]));
    }

    private static byte[] bytes(CloseReason reason) {
        return reason.name().getBytes(StandardCharsets.US_ASCII);
    }

    private static CloseReason reason(Question question) {
        String name = new String(question.payload(), StandardCharsets.US_ASCII);
        for (CloseReason reason : CloseReason.values()) {
            if (reason.name().equals(name)) {
                return reason;
            }
        }
        return CloseReason.DISCONNECTED; // of a newer build
    }

    private static String lines(Collection<ConnectionInfo> connections) {
        return String.join("\n", connections.stream().map(ConnectionInfo::line).toList());
    }
}
