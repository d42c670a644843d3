package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.CloseReason;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.json.FrameLines;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.Failures;
import dev.parley.server.delivery.Follow;
import dev.parley.server.delivery.Inbound;
import dev.parley.server.delivery.Outlet;
import dev.parley.server.delivery.Transport;
import dev.parley.server.group.Namespace;
import dev.parley.server.group.Place;
import dev.parley.server.hook.SendOrder;
import dev.parley.server.journal.Journal;
import dev.parley.server.limit.Limit;
import dev.parley.server.routing.Origin;
import dev.parley.server.security.Identity;
import dev.parley.server.security.Revocation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * One connection's state machine. Everything in it runs on the connection's event loop.
 *
 * <pre>
 *  new ── hello ──▶ greeting ── welcome ──▶ open
 *   │                  │                      │
 *   └── 10 s: 1008     └── bad token: 4100    └── 4000, 4100, 1008, 1012 …
 *                          no log: 1013                                    ──▶ closed
 * </pre>
 *
 * <p>Requests take effect in the order they came: sends overlap each other, since the log keeps their order, and everything else waits for the sends before it
 * and holds up what comes after it. While many wait, nothing is read from the socket, so one connection's haste costs it patience and the server nothing.
 */
final class Session implements Inbound {
    private static final Logger LOG = Logger.getLogger(Session.class);
    private static final int WAITING_MAX = 64;

    /** Bytes of requests, counted from when the first of those that wait came. */
    private static final int WAITING_BYTES_MAX = 256 * 1024;

    private static final int FLOOD = 1000;
    private static final int REFUSALS_AN_ANSWER = 4;
    private static final int IN_FLIGHT_RETRY_MILLIS = 50;

    /** Where the connection is in its life. */
    enum State {
        NEW,
        GREETING,
        OPEN,
        CLOSED
    }

    final Gateway gateway;
    final Transport socket;
    final String connection;
    private final String address;
    private final long since = System.currentTimeMillis();
    private final Allowance sends;
    private final Allowance requests;
    private final Queue<ClientFrame> waiting = new ArrayDeque<>(1);
    private List<ServerFrame> afterWelcome = List.of();
    private final Map<Address.Group, Place> places = new HashMap<>(2);
    private final Heart heart;
    /** Null where nobody decides about messages, who alone would take their time. */
    private final SendOrder order;

    private State state = State.NEW;
    private volatile Identity claimed;
    private String counted;
    private int waitingBytes;
    private boolean busy;
    private boolean pumping;
    private int inFlight;
    private int refusals;
    private boolean pressing;
    private Delivered delivered;
    private Identity identity;
    private Origin.Person origin;
    private Outlet outlet;
    private Memberships memberships;
    private Requests handlers;

    /** @param upgraded who it is, as the upgrade said; null where it did not say */
    Session(Gateway gateway, Transport socket, String address, long number, Identity upgraded) {
        this.gateway = gateway;
        this.claimed = upgraded;
        this.socket = socket;
        this.address = address;
        this.connection = gateway.node.connection(number);
        long now = System.nanoTime();
        this.sends = new Allowance(gateway.sends, now);
        this.requests = new Allowance(gateway.requests, now);
        this.order = gateway.hooks.decideSends() ? new SendOrder() : null;
        this.heart = new Heart(this);
        socket.watch(1, heart::check);
    }

    State state() {
        return state;
    }

    Identity identity() {
        return identity;
    }

    Origin origin() {
        return origin;
    }

    Outlet outlet() {
        return outlet;
    }

    Memberships memberships() {
        return memberships;
    }

    String address() {
        return address;
    }

    long since() {
        return since;
    }

    /** The groups it is in, where its user is seen. */
    Set<Address.Group> joined() {
        return places.keySet();
    }

    /** How it is in a group, or null. */
    Place place(Address.Group group) {
        return places.get(group);
    }

    /** It is in a group from now on, or goes on with another role; null in a session group. */
    void enter(Address.Group group, Role role) {
        if (state != State.OPEN) {
            return;
        }
        Namespace namespace = gateway.namespaces.of(group);
        if (namespace.direct() && memberships != null) {
            watch(group);
        }
        Place place = namespace.place(role);
        if (places.replace(group, place) == null) {
            places.put(gateway.presence.arrived(group, identity.user(), identity.name(), connection), place);
        }
        judgeSight(group, place);
    }

    private void judgeSight(Address.Group group, Place place) {
        Follow follow = outlet.following(group.channel());
        if (follow != null) {
            follow.seesPresence(gateway.policies.maySeePresence(identity, group, place));
        }
    }

    private void watch(Address.Group group) {
        Follow follow = outlet.following(group.channel());
        if (follow != null) {
            delivered = delivered == null ? new Delivered(this) : delivered;
            delivered.watch(group, follow);
        }
    }

    /** Something of a direct conversation is about to be written in an answer, up to there. */
    void wrote(Address.Group group, Cursor upTo) {
        if (delivered != null) {
            delivered.wrote(group, upTo);
        }
    }

    /** It is in a group no more. */
    void exit(Address.Group group) {
        if (places.remove(group) != null) {
            gateway.presence.left(group, identity.user(), connection);
        }
    }

    /** Who it is by a token that is good as such, though the hello is not answered yet; null where there was none yet. Any thread. */
    Identity claimed() {
        return claimed;
    }

    /** A token is good: it is this user's hello that is being answered. */
    void claim(Identity who) {
        claimed = who;
    }

    /** Tokens of its user are good no more. */
    void revoked(Revocation revocation) {
        Identity renewed = claimed;
        boolean concerned =
                identity != null && revocation.concerns(identity) || renewed != null && revocation.concerns(renewed);
        if (concerned) {
            sendAway();
        }
    }

    /** Asks once more about the token of the upgrade: who revoked it between the first look and now did not find this connection. */
    void lookAgain(Identity who) {
        gateway.revocations.pass(who).whenComplete((passed, failure) -> {
            if (Failures.causeOf(failure) instanceof ProtocolException refusal
                    && refusal.code() == ErrorCode.UNAUTHENTICATED) {
                socket.loop().execute(this::sendAway);
            }
        });
    }

    private void sendAway() {
        if (state != State.CLOSED) {
            write(new ServerFrame.Error(null, ErrorCode.UNAUTHENTICATED, "the token was revoked", null));
            socket.close(CloseReason.REVOKED);
        }
    }

    /** It counts among its user's connections, on all instances, from now until it is closed. Fails with a conflict where those are too many. */
    CompletionStage<Void> countFor(String user) {
        if (state == State.CLOSED) {
            return CompletableFuture.completedStage(null);
        }
        counted = user;
        return gateway.userConnections.enter(user).thenAccept(connections -> {
            if (connections > gateway.connectionsPerUser) {
                gateway.exceeded.count(Limit.CONNECTIONS_PER_USER);
                throw new ProtocolException(
                        ErrorCode.CONFLICT, "no more than " + gateway.connectionsPerUser + " connections of one user");
            }
        });
    }

    /** The hello was taken: who this is, and through what entries leave. */
    void identify(Identity who, Outlet out, Memberships its) {
        memberships = its;
        identity = who;
        origin = new Origin.Person(who, connection, places::get, order);
        outlet = out;
        handlers = new Requests(this);
    }

    /** A new token of the same user, which may allow less than the last one, or more. */
    void renew(Identity who) {
        boolean same = who.grants().equals(identity.grants()) && who.roles().equals(identity.roles());
        boolean renamed = !who.name().equals(identity.name());
        identity = who;
        origin = new Origin.Person(who, connection, places::get, order);
        if (!same) {
            places.forEach(this::judgeSight);
            rejudge();
        }
        if (renamed) {
            places.keySet().forEach(group -> gateway.presence.arrived(group, who.user(), who.name(), connection));
        }
    }

    /** What may be read may have changed: ends what is followed and may not be any more, and follows what may be now. */
    void rejudge() {
        if (state == State.OPEN && memberships == null) {
            // A stream: its reader comes back at once, and is judged anew.
            socket.close(CloseReason.POLICY);
        } else if (state == State.OPEN) {
            memberships.rejudge();
        }
    }

    /** Whether what is said in a group may be read here, by who is in it. */
    boolean mayFollow(Address.Group group) {
        return gateway.policies.mayFollow(identity == null ? claimed : identity, group);
    }

    /** The welcome is written. */
    void opened() {
        state = State.OPEN;
        afterWelcome.forEach(this::write);
        afterWelcome = List.of();
        gateway.sessions.opened(this);
        gateway.webhooks.connected(connection, identity.user(), identity.name());
        heart.welcomed();
        told("connected");
    }

    private void told(String what) {
        if (LOG.isDebugEnabled()) {
            Journal.ofConnection(connection, identity.user(), () -> LOG.debug(what));
        }
    }

    @Override
    public void text(byte[] utf8, int offset, int length) {
        if (delivered != null) {
            delivered.heard();
        }
        FrameLines.forEach(utf8, offset, length, this::take);
    }

    @Override
    public void binary() {
        refuse(null, new ProtocolException(ErrorCode.UNSUPPORTED, "binary frames are not supported yet"));
    }

    @Override
    public void room() {
        pump();
    }

    @Override
    public void closed() {
        State was = state;
        state = State.CLOSED;
        waiting.clear();
        if (outlet != null) {
            outlet.close();
        }
        if (was == State.OPEN) {
            told("disconnected");
            if (memberships != null) {
                gateway.users.seen(identity.user(), identity.name());
            }
            gateway.webhooks.disconnected(connection, identity.user(), identity.name());
            places.keySet().forEach(group -> gateway.presence.departed(group, identity.user(), connection));
        }
        places.clear();
        if (counted != null) {
            gateway.userConnections.leave(counted);
        }
        gateway.sessions.closed(this);
    }

    private void take(byte[] utf8, int offset, int length) {
        if (state == State.CLOSED) {
            return;
        }
        ClientFrame frame;
        try {
            frame = gateway.reader.readClient(utf8, offset, length);
        } catch (ProtocolException refusal) {
            if (refusal.code() == ErrorCode.TOO_LARGE) {
                gateway.exceeded.count(Limit.MESSAGE);
            }
            if (isAllowed(requests, refusal.id())) {
                refuse(refusal.id(), refusal);
            }
            return;
        }
        if (frame instanceof ClientFrame.Pong
                || !isAllowed(frame instanceof ClientFrame.Send ? sends : requests, frame.id())) {
            return;
        }
        if (frame instanceof ClientFrame.Hello hello) {
            hello(hello);
        } else if (state == State.NEW) {
            refuse(frame.id(), new ProtocolException(ErrorCode.UNAUTHENTICATED, "say hello first"));
        } else if (frame instanceof ClientFrame.Ping ping && state == State.OPEN) {
            // It changes nothing and asks whether we live: it need not wait for a log that may be slow.
            answered();
            write(new ServerFrame.Pong(ping.id()));
        } else {
            waitingBytes = (waiting.isEmpty() ? 0 : waitingBytes) + length;
            waiting.add(frame);
            pump();
        }
    }

    private boolean isAllowed(Allowance allowance, RequestId id) {
        if (allowance.take(socket.heardAt())) {
            pressing &= !allowance.isRested();
            return true;
        }
        pressing = true;
        gateway.exceeded.count(allowance == sends ? Limit.SENDS_PER_SECOND : Limit.REQUESTS_PER_SECOND);
        refuse(id, ErrorCode.RATE_LIMITED, "too many at once", allowance.millisUntilNext());
        return false;
    }

    /** A stream takes the place of what a hello would begin. */
    void open(StreamOpening stream) {
        state = State.GREETING;
        busy = true;
        gateway.reception.arrive(stream);
    }

    private void hello(ClientFrame.Hello hello) {
        if (state != State.NEW) {
            refuse(hello.id(), new ProtocolException(ErrorCode.CONFLICT, "hello was said already"));
            return;
        }
        state = State.GREETING;
        busy = true;
        gateway.reception.arrive(new Greeting(this, hello));
    }

    /**
     * Lets waiting requests take effect as far as their order allows, and while their answers find room: a page of history is large, and who does not read
     * the last one gets no next one. One that is answered at once comes back here through {@link #done}, and the loop that is under way goes on with the next.
     */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (!busy && !waiting.isEmpty() && socket.hasRoom()) {
            ClientFrame next = waiting.peek();
            boolean isSend = next instanceof ClientFrame.Send send && !gateway.router.isAboutEarlier(send);
            if (!isSend && inFlight > 0) {
                break;
            }
            waiting.remove();
            if (isSend) {
                send((ClientFrame.Send) next);
            } else {
                busy = true;
                handlers.run(next);
            }
        }
        pumping = false;
        socket.pauseReading(waiting.size() > WAITING_MAX || !waiting.isEmpty() && waitingBytes > WAITING_BYTES_MAX);
    }

    private void send(ClientFrame.Send send) {
        if (inFlight >= gateway.limits.inFlight()) {
            gateway.exceeded.count(Limit.IN_FLIGHT);
            refuse(send.id(), ErrorCode.RATE_LIMITED, "too many sends without an ack", IN_FLIGHT_RETRY_MILLIS);
            return;
        }
        inFlight++;
        onLoop(gateway.router.send(origin, send), (sent, failure) -> {
            inFlight--;
            if (failure == null) {
                answer(send.id(), sent);
            } else {
                refuse(send.id(), failure);
            }
            pump();
        });
    }

    /** The request under way has been answered: the next may take effect. */
    void done() {
        busy = false;
        if (state != State.CLOSED) {
            pump();
        }
    }

    /** Goes on with a result on this loop, at once where it is there already. */
    <T> void onLoop(CompletionStage<T> stage, BiConsumer<T, Throwable> then) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            goOn(future.join(), null, then);
        } else if (future.isDone()) {
            future.whenComplete((value, failure) -> goOn(value, failure, then));
        } else {
            future.whenCompleteAsync((value, failure) -> goOn(value, failure, then), socket.loop());
        }
    }

    private <T> void goOn(T value, Throwable failure, BiConsumer<T, Throwable> then) {
        try {
            then.accept(value, failure);
        } catch (RuntimeException | OutOfMemoryError fault) {
            Journal.ofConnection(connection, identity == null ? null : identity.user(), () -> socket.fail(fault));
        }
    }

    /** The stage, failing after the time the log has for an answer. */
    <T> CompletionStage<T> inTime(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        return future.isDone() ? future : future.copy().orTimeout(gateway.timeoutMillis, TimeUnit.MILLISECONDS);
    }

    void write(ServerFrame frame) {
        socket.write(FrameWriter.write(frame));
    }

    /** Acknowledges a request, if it asked for that. */
    void answer(RequestId id, ServerFrame.Result result) {
        answered();
        if (id != null) {
            write(new ServerFrame.Ack(id, result));
        }
    }

    /**
     * An answered request ends a run of refusals. Not so while the client presses on over its rate: then some request is let through every few milliseconds all
     * the same, and makes up for a few of the refusals only.
     */
    private void answered() {
        refusals = pressing ? Math.max(0, refusals - REFUSALS_AN_ANSWER) : 0;
    }

    /** Refuses a request: what kind of failure it was decides what its sender is told. */
    void refuse(RequestId id, Throwable failure) {
        ServerFrame.Error error = Refusals.of(id, failure);
        refuse(error);
    }

    private void refuse(RequestId id, ErrorCode code, String detail, long retryAfter) {
        refuse(new ServerFrame.Error(id, code, detail, retryAfter));
    }

    private void refuse(ServerFrame.Error error) {
        if (state == State.CLOSED) {
            return;
        }
        if (++refusals > FLOOD) {
            socket.close(CloseReason.POLICY);
        } else if (state == State.GREETING) {
            if (afterWelcome.isEmpty()) {
                afterWelcome = new ArrayList<>();
            }
            afterWelcome.add(error);
        } else {
            write(error);
        }
    }
}
