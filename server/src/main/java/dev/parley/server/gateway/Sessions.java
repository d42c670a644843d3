package dev.parley.server.gateway;

import dev.parley.protocol.CloseReason;
import dev.parley.server.cluster.ConnectionInfo;
import dev.parley.server.cluster.LocalConnections;
import dev.parley.server.cluster.NodeId;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.limit.Limit;
import dev.parley.server.security.Identity;
import dev.parley.server.security.Revocation;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The connections of this instance, by id, user and address. Any thread. */
@Singleton
final class Sessions implements LocalConnections {
    private final NodeId node;
    private final Exceeded exceeded;
    private final ParleyConfig.Limits limits;
    /** Those whose hello is not accepted yet. */
    private final Set<Session> arriving = ConcurrentHashMap.newKeySet();

    private final Map<String, Session> byConnection = new ConcurrentHashMap<>();
    /** Replaced, never changed: most people have one connection, for which a set of its own was 200 bytes. */
    private final Map<String, List<Session>> byUser = new ConcurrentHashMap<>();

    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();

    Sessions(NodeId node, Exceeded exceeded, ParleyConfig config) {
        this.node = node;
        this.exceeded = exceeded;
        this.limits = config.limits();
    }

    /** A number that no other connection of this instance has had. */
    long nextNumber() {
        return numbers.incrementAndGet();
    }

    /** A connection was accepted. Gives the limit that it exceeds, after counting that, or null; until it is closed it counts either way. */
    Limit accepted(Session session) {
        int all = count.incrementAndGet();
        arriving.add(session);
        int ofAddress = byAddress.merge(session.address(), 1, Integer::sum);
        Limit limit = ofAddress > limits.connectionsPerAddress()
                ? Limit.CONNECTIONS_PER_ADDRESS
                : all > limits.connections() ? Limit.CONNECTIONS : null;
        if (limit != null) {
            exceeded.count(limit);
        }
        return limit;
    }

    /** A hello was accepted. */
    void opened(Session session) {
        byConnection.put(session.connection, session);
        byUser.merge(session.identity().user(), List.of(session), Sessions::both);
        // Last, so that whoever looks for the user there first and then here cannot miss it.
        arriving.remove(session);
    }

    /** A socket is gone, before or after its hello. */
    void closed(Session session) {
        count.decrementAndGet();
        arriving.remove(session);
        byAddress.computeIfPresent(session.address(), (address, its) -> its > 1 ? its - 1 : null);
        if (byConnection.remove(session.connection) != null) {
            byUser.computeIfPresent(session.identity().user(), (user, its) -> without(its, session));
        }
    }

    private static List<Session> both(List<Session> its, List<Session> more) {
        List<Session> all = new ArrayList<>(its.size() + more.size());
        all.addAll(its);
        all.addAll(more);
        return List.copyOf(all);
    }

    /** The others, or null when there is none. */
    private static List<Session> without(List<Session> its, Session gone) {
        if (its.size() == 1) {
            return its.contains(gone) ? null : its;
        }
        return its.stream().filter(session -> session != gone).toList();
    }

    /** Those whose hello was accepted, as they are now. */
    Collection<Session> open() {
        return Collections.unmodifiableCollection(byConnection.values());
    }

    /** All that are not closed, as they are now. */
    Collection<Session> all() {
        List<Session> all = new ArrayList<>(byConnection.values());
        all.addAll(arriving);
        return all;
    }

    @Override
    public boolean deliver(String connection, byte[] frame) {
        Session session = byConnection.get(connection);
        if (session == null) {
            return false;
        }
        session.socket.loop().execute(() -> {
            if (session.socket.hasRoom()) {
                session.socket.write(frame);
            }
        });
        return true;
    }

    @Override
    public List<ConnectionInfo> ofUser(String user) {
        return byUser.getOrDefault(user, List.of()).stream()
                .map(session -> new ConnectionInfo(session.connection, node.id(), session.since()))
                .toList();
    }

    @Override
    public boolean close(String connection, CloseReason reason) {
        Session session = byConnection.get(connection);
        if (session == null) {
            return false;
        }
        session.socket.loop().execute(() -> session.socket.close(reason));
        return true;
    }

    @Override
    public int closeAll(String user, CloseReason reason) {
        Set<Session> its = allOf(user);
        its.forEach(session -> session.socket.loop().execute(() -> session.socket.close(reason)));
        return its.size();
    }

    @Override
    public int revoke(String user, String tokenId, long at) {
        Revocation revocation = new Revocation(user, tokenId, at);
        Set<Session> its = allOf(user);
        its.forEach(session -> session.socket.loop().execute(() -> session.revoked(revocation)));
        return its.size();
    }

    private Set<Session> allOf(String user) {
        Set<Session> its = new HashSet<>();
        for (Session session : arriving) {
            Identity claimed = session.claimed();
            if (claimed != null && claimed.user().equals(user)) {
                its.add(session);
            }
        }
        its.addAll(byUser.getOrDefault(user, List.of()));
        return its;
    }

    @Override
    public int count() {
        return count.get();
    }
}
