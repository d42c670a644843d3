package dev.parley.client.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One participant, who may connect several times in its life: what the dialect's session and the scenario know of each other. Belongs to its reactor's thread,
 * but for what is said to be for any.
 */
public final class Member implements WebSocket.Handler {
    private static final long NOT_ASKED = -1;

    private enum State {
        OFF,
        CONNECTING,
        READY
    }

    private final int number;
    private final Reactor reactor;
    private final Target target;
    private final Dialect dialect;
    private final int[] channels;
    private final Listener listener;
    private WebSocket socket;
    private Dialect.Session session;
    private volatile State state = State.OFF;
    private boolean leaving;
    private boolean wasReady;
    private long connectedFrom;
    private long comeBackAfter;
    private volatile String user;

    /**
     * A member that is not connected.
     *
     * @param number which, from 0 on
     * @param channels the channels it follows, by index
     */
    public Member(int number, Reactor reactor, Target target, Dialect dialect, int[] channels, Listener listener) {
        this.number = number;
        this.reactor = reactor;
        this.target = target;
        this.dialect = dialect;
        this.channels = channels.clone();
        this.listener = listener;
    }

    /** Which, from 0 on; any thread. */
    public int number() {
        return number;
    }

    /** Whose thread it belongs to; any thread. */
    public Reactor reactor() {
        return reactor;
    }

    /** How many channels it follows; any thread. */
    public int channels() {
        return channels.length;
    }

    /** The index of a channel it follows; any thread. */
    public int channel(int which) {
        return channels[which];
    }

    /** Who it is for the server; null until it is ready. Any thread. */
    public String user() {
        return user;
    }

    /** Whether it has no connection; any thread. */
    boolean isOff() {
        return state == State.OFF;
    }

    boolean isReady() {
        return state == State.READY;
    }

    /** Whether its last connection, which is over, had been ready. */
    boolean wasReady() {
        return wasReady;
    }

    /** When the connection was begun, or was to be begun. */
    long connectedFrom() {
        return connectedFrom;
    }

    /** Connects anew; {@code due} is when that was to be. */
    void connect(long due) {
        connect(due, dialect.session(this));
    }

    /** Connects again and takes up where it ended. */
    void resume(long due) {
        connect(due, dialect.resumed(this, session));
    }

    private void connect(long due, Dialect.Session with) {
        state = State.CONNECTING;
        leaving = false;
        comeBackAfter = NOT_ASKED;
        connectedFrom = due;
        session = with;
        String request = target.request(number, dialect.headers());
        socket = new WebSocket(reactor, request.getBytes(StandardCharsets.ISO_8859_1), this);
        socket.connect(target.address(number));
    }

    /** Leaves as one should. */
    void leave() {
        if (state != State.OFF) {
            leaving = true;
            socket.leave();
        }
    }

    /** Reads nothing more until told otherwise. */
    void deafen(boolean deaf) {
        if (state != State.OFF) {
            socket.deafen(deaf);
        }
    }

    /** Breaks its connection. */
    void abort() {
        if (state != State.OFF) {
            leaving = true;
            socket.abort();
        }
    }

    void send(Channel channel, long due, int size) {
        if (state == State.READY) {
            session.send(channel, due, size);
        }
    }

    /** From the session: signed in, and all channels followed. */
    public void ready(String asUser) {
        user = asUser;
        state = State.READY;
        listener.ready(this);
    }

    /** From the session: the server cannot let it in now, and will end the connection; it is to come back after so many milliseconds. */
    public void turnedAway(long millis) {
        comeBackAfter = millis;
    }

    /** From the session: see {@link Listener#delivered}. */
    public void delivered(int channel, long due) {
        listener.delivered(this, channel, due);
    }

    /** From the session: see {@link Listener#acknowledged}. */
    public void acknowledged(int channel, long due) {
        listener.acknowledged(this, channel, due);
    }

    /** From the session: see {@link Listener#refused(Member, int, String)}. */
    public void refused(int channel, String code) {
        listener.refused(this, channel, code);
    }

    /** From the session: see {@link Listener#refused(Member, String)}. */
    public void refused(String code) {
        listener.refused(this, code);
    }

    /** From the session: see {@link Listener#fault}. */
    public void fault(Listener.Fault fault, long entries) {
        listener.fault(this, fault, entries);
    }

    @Override
    public void opened() {
        session.opened(socket);
    }

    @Override
    public void received(ByteBuffer in, int from, int to) {
        session.received(in, from, to);
    }

    @Override
    public void ended(String why) {
        wasReady = state == State.READY;
        state = State.OFF;
        if (leaving) {
            listener.left(this);
        } else if (comeBackAfter != NOT_ASKED && !wasReady) {
            listener.turnedAway(this, comeBackAfter);
        } else {
            listener.lost(this, why);
        }
    }
}
