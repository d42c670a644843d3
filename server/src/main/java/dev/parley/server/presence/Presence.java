package dev.parley.server.presence;

import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.PresentUser;
import dev.parley.protocol.ServerFrame.Result.Present;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.cluster.Leases;
import dev.parley.server.cluster.NodeId;
import dev.parley.server.delivery.LiveChannels;
import dev.parley.server.delivery.Stored;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Who is on in which group. Told by the gateway, on any event loop, which of its connections follow what; tells those that follow a group here who comes and
 * goes, on whichever instance. Nothing blocks.
 *
 * <p>Users whose last connection is gone count as on for five seconds more, so a reconnect is not noticed. In groups with more than 500 on, followers are told
 * only how many there are.
 */
@Singleton
public final class Presence {

    /** Most groups compared with the store in one look: a bound on what is asked of it after an interruption. */
    private static final int COMPARED_AT_ONCE = 200;

    final String node;
    final PresenceStore store;
    final Nodes nodes;
    final Vertx vertx;
    final Pace pace;
    private final Followers followers;
    private final long looks;
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();

    /** All rooms in the order in which they are compared with the store next; closed ones drop out when it is their turn. */
    private final Queue<Room> toCompare = new ConcurrentLinkedQueue<>();

    private volatile int hurried;

    /** Where frames go. */
    interface Followers {
        void emit(String channel, byte[] frame, Stored who);
    }

    @Inject
    Presence(LiveChannels channels, PresenceStore store, NodeId node, Leases leases, Vertx vertx) {
        this(channels::emit, store, node.id(), leases::alive, vertx, Pace.USUAL);
        channels.onPresence(this::heard);
    }

    Presence(
            Followers followers,
            PresenceStore store,
            String node,
            Supplier<Set<String>> leases,
            Vertx vertx,
            Pace pace) {
        this.followers = followers;
        this.store = store;
        this.node = node;
        this.nodes = new Nodes(node, leases, pace.gone());
        this.vertx = vertx;
        this.pace = pace;
        this.looks = vertx.setPeriodic(pace.look().toMillis(), timer -> look());
        store.onInterruption(() -> hurried = rooms.size());
    }

    /**
     * A local connection begins to follow a group.
     *
     * @param name the user's name as shown
     * @return the group, as one and the same object for all who follow it at a time: they are many, and keep it
     */
    public Address.Group arrived(Address.Group group, String user, String name, String connection) {
        while (true) {
            Room room = rooms.computeIfAbsent(group.name(), its -> open(group));
            if (room.arrive(user, name, connection)) {
                return room.group();
            }
        }
    }

    /** A local connection ceases to follow a group, because it is gone: perhaps it comes back. */
    public void departed(Address.Group group, String user, String connection) {
        depart(group, user, connection, false);
    }

    /** A local connection ceases to follow a group, because its user left: followers are told at once. */
    public void left(Address.Group group, String user, String connection) {
        depart(group, user, connection, true);
    }

    /**
     * Who is on in a group.
     *
     * @param limit most users listed
     * @return the users, perhaps only some of them, and how many there are
     */
    public CompletionStage<Present> who(Address.Group group, int limit) {
        Room room = rooms.get(group.name());
        CompletionStage<Present> here = room == null ? null : room.who(limit);
        return here == null ? store.read(group.name()).thenApply(seen -> list(seen, limit)) : here;
    }

    /** A change was rung on a group's channel. */
    void heard(String channel, byte[] change) {
        Announcement announcement = Announcement.decode(change);
        if (announcement.node().equals(node) || !(Address.ofChannel(channel) instanceof Address.Group group)) {
            return;
        }
        nodes.heard(announcement.node());
        Room room = rooms.get(group.name());
        if (room != null) {
            room.hear(announcement);
        }
    }

    void emit(Address.Group group, ServerFrame.Presence frame) {
        Stored who = frame.user() == null ? Stored.PLAIN : new Stored(null, List.of(frame.user()), null);
        followers.emit(group.channel(), FrameWriter.write(frame), who);
    }

    void closed(Room room) {
        rooms.remove(room.group().name(), room);
    }

    /** How many groups are followed here, those included whose end is not written down yet. */
    int open() {
        return rooms.size();
    }

    static ProtocolException unavailable() {
        return new ProtocolException(ErrorCode.UNAVAILABLE, "who is on cannot be told now; try again");
    }

    @PreDestroy
    void stop() {
        vertx.cancelTimer(looks);
    }

    private Room open(Address.Group group) {
        Room room = new Room(this, group);
        toCompare.add(room);
        return room;
    }

    private void depart(Address.Group group, String user, String connection, boolean byWill) {
        Room room = rooms.get(group.name());
        if (room != null) {
            room.depart(user, connection, byWill);
        }
    }

    private Present list(List<Seen> seen, int limit) {
        Map<String, Here> users = new HashMap<>();
        for (Seen each : seen) {
            if (nodes.counts(each.node())) {
                users.merge(each.user(), each.here(), Here::and);
            }
        }
        List<PresentUser> first = users.entrySet().stream()
                .limit(limit)
                .map(user -> new PresentUser(
                        user.getKey(),
                        user.getValue().name(),
                        user.getValue().devices(),
                        user.getValue().since()))
                .toList();
        return new Present(first, users.size(), users.size() > first.size());
    }

    private void look() {
        Set<String> changed = nodes.look();
        if (!changed.isEmpty()) {
            rooms.values().forEach(room -> room.nodesChanged(changed));
        }
        long looksARound = Math.max(1, pace.compare().toMillis() / pace.look().toMillis());
        int some = hurried > 0 ? hurried : (int) Math.ceil((double) rooms.size() / looksARound);
        int now = Math.min(some, COMPARED_AT_ONCE);
        hurried = Math.max(0, hurried - now);
        for (int compared = 0; compared < now; ) {
            Room room = toCompare.poll();
            if (room == null) {
                break;
            }
            if (rooms.get(room.group().name()) == room) {
                toCompare.add(room);
                room.compare();
                store.keep(room.group().name());
                compared++;
            }
        }
    }
}
