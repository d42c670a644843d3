package dev.parley.server.cluster;

import dev.parley.protocol.CloseReason;
import java.util.List;

/**
 * The sockets of this instance, as the cluster sees them. The gateway is the one that holds them; this seam lets it use the cluster without the cluster
 * knowing the gateway. All methods may be called on any thread and do not block.
 */
public interface LocalConnections {

    /**
     * Writes a frame to one connection, if it is slow perhaps not at all: at most once, as for everything that is kept nowhere.
     *
     * @param connection its id
     * @param frame a server frame's JSON; read only
     * @return whether there is such a connection
     */
    boolean deliver(String connection, byte[] frame);

    /** The connections a user has here. */
    List<ConnectionInfo> ofUser(String user);

    /**
     * Closes a connection.
     *
     * @param connection its id
     * @param reason told to the client
     * @return whether there was such a connection
     */
    boolean close(String connection, CloseReason reason);

    /**
     * Closes all connections of a user, those included whose hello is being answered.
     *
     * @param reason told to the clients
     * @return how many there were
     */
    int closeAll(String user, CloseReason reason);

    /**
     * Closes the connections of a user that came by tokens which were revoked, those included whose hello is being answered.
     *
     * @param tokenId of the one token it is about; null for all that were made before
     * @param at when it was said, milliseconds since 1970
     * @return how many connections of the user were looked at
     */
    int revoke(String user, String tokenId, long at);

    /** How many connections are open, those before their hello included. */
    int count();
}
