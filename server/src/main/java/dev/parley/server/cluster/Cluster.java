package dev.parley.server.cluster;

import dev.parley.protocol.CloseReason;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What only the holder of a socket can do, for whichever instance holds it. Called by routing, the HTTP API and the gateway, on any thread; never blocks.
 *
 * <p>Stages fail with {@link dev.parley.protocol.ProtocolException} {@code unavailable} when an instance that lives did not answer in time.
 */
@Singleton
public final class Cluster {
    private final NodeId self;
    private final Instance<LocalConnections> local;
    private final long since = System.currentTimeMillis();

    /** The sockets are looked up late, since their holder itself needs the cluster. */
    Cluster(NodeId self, Instance<LocalConnections> local) {
        this.self = self;
        this.local = local;
    }

    /**
     * Sends a frame to one connection, at most once.
     *
     * @param connection its id, as a client wrote it
     * @param frame a server frame's JSON
     * @return whether there is such a connection
     */
    public CompletionStage<Boolean> deliver(String connection, byte[] frame) {
        return CompletableFuture.completedStage(local.get().deliver(connection, frame));
    }

    /** All open connections of a user. */
    public CompletionStage<List<ConnectionInfo>> connectionsOf(String user) {
        return CompletableFuture.completedStage(local.get().ofUser(user));
    }

    /**
     * Closes one connection.
     *
     * @param connection its id, as a client wrote it
     * @param reason told to the client
     * @return whether there was such a connection
     */
    public CompletionStage<Boolean> disconnect(String connection, CloseReason reason) {
        return CompletableFuture.completedStage(local.get().close(connection, reason));
    }

    /**
     * Closes all connections of a user.
     *
     * @return how many there were
     */
    public CompletionStage<Integer> disconnectUser(String user, CloseReason reason) {
        int closed = 0;
        for (ConnectionInfo connection : local.get().ofUser(user)) {
            closed += local.get().close(connection.connection(), reason) ? 1 : 0;
        }
        return CompletableFuture.completedStage(closed);
    }

    /** The living instances, this one with its present figures, others as they last told. */
    public CompletionStage<List<NodeInfo>> nodes() {
        return CompletableFuture.completedStage(
                List.of(new NodeInfo(self.id(), local.get().count(), since, "")));
    }
}
