package dev.parley.client;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ClientFrame.Since;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.Sender;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import dev.parley.protocol.json.FrameWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What goes on between client and server, and outlives each connection: cursors, requests, sends. {@link Link} tells it when a connection begins and ends
 * and hands it the frames in between. Belongs to the loop.
 */
final class Conversation {
    /** Room that a hello needs besides its resume entries: a token, a program's name. */
    private static final int HELLO_RESERVE = 10 * 1024;

    private static final int MESSAGE_MAX = 64 * 1024;

    private final Loop loop;
    private final Deliveries deliveries;
    private final ParleyListener listener;
    private final CursorStore store;
    private final Cursors cursors = new Cursors();
    private final Requests requests;
    private final Outbox outbox;

    private long lastId;
    private String user;
    private int maxMessage = MESSAGE_MAX;
    private Set<String> resumed = Set.of();
    /** Groups that did not fit into the hello and are joined one by one. */
    private List<ClientFrame.Resume> leftOver = List.of();

    Conversation(Settings settings, Loop loop, Deliveries deliveries) {
        this.loop = loop;
        this.deliveries = deliveries;
        this.listener = settings.listener();
        this.store = settings.cursors();
        this.requests = new Requests(loop, this::nextId, settings.requestTimeout(), settings.backoff());
        this.outbox = new Outbox(loop, this::nextId, requests::inFlight, settings.maxQueued(), settings.backoff());
        if (store != null) {
            store.load().forEach(cursors::start);
        }
    }

    private long nextId() {
        return ++lastId;
    }

    /** An id for a frame that is not a request of the caller's. */
    RequestId freshId() {
        return new RequestId.Number(nextId());
    }

    /** What the next hello resumes: all that is followed, as far as it fits; session groups beyond that are joined afterwards. */
    List<ClientFrame.Resume> resume() {
        List<ClientFrame.Resume> fitting = new ArrayList<>();
        leftOver = new ArrayList<>();
        int room = maxMessage - HELLO_RESERVE;
        for (ClientFrame.Resume entry : cursors.resume()) {
            // {"name":{"epoch":"…","seq":9007199254740991}}, escapes in the epoch included
            room -= entry.channel().length() + 6 * entry.cursor().epoch().length() + 48;
            (room > 0 ? fitting : leftOver).add(entry);
        }
        resumed = new HashSet<>();
        fitting.forEach(entry -> resumed.add(entry.channel()));
        return fitting;
    }

    /** A connection begins. */
    void welcomed(ServerFrame.Welcome welcome, Wire wire) {
        maxMessage = welcome.limits().message();
        wire.limitFrames(welcome.limits().frame());
        Set<String> followed = new HashSet<>();
        for (ServerFrame.Followed channel : welcome.channels()) {
            followed.add(channel.channel());
            if (channel.error() != null) {
                unfollow(channel.channel(), channel.error());
            } else if (channel.head() != null) {
                start(channel.channel(), channel.head(), 0);
            }
        }
        for (String channel : resumed) {
            if (!followed.contains(channel)) {
                violation(channel, cursors.get(channel), null, "the welcome does not list a channel that was resumed");
                forget(channel);
            }
        }
        if (user != null && !user.equals(welcome.user().id())) {
            outbox.identityChanged();
        }
        user = welcome.user().id();
        requests.online(wire);
        rejoin(followed);
        outbox.online(wire, welcome.limits());
    }

    private void unfollow(String channel, ErrorCode why) {
        forget(channel);
        deliveries.deliver(() -> listener.onUnfollowed(channel, why));
    }

    private void rejoin(Set<String> followed) {
        for (ClientFrame.Resume entry : leftOver) {
            if (!followed.contains(entry.channel())
                    && Address.ofChannel(entry.channel()) instanceof Address.Group group) {
                CompletableFuture<Result.Joined> joined = new CompletableFuture<>();
                join(group, new Since.After(entry.cursor()), joined);
                joined.whenComplete((done, failure) -> {
                    if (failure instanceof ParleyException refused
                            && refused.code().isPresent()) {
                        loop.execute(
                                () -> unfollow(entry.channel(), refused.code().get()));
                    }
                });
            }
        }
        leftOver = List.of();
    }

    /** The connection is lost. */
    void lost() {
        requests.offline();
        outbox.offline();
        cursors.removeEnded().forEach(this::unsave);
    }

    /** No connection will be made any more, or not until the caller asks for it. */
    void stopped(ParleyException cause) {
        outbox.abandon(cause);
    }

    void send(ClientFrame.Send send, CompletableFuture<Result.Sent> answer) {
        outbox.add(send, answer);
    }

    void join(Address.Group group, Since since, CompletableFuture<Result.Joined> answer) {
        requests.make(
                id -> new ClientFrame.Join(id, group, since),
                result -> {
                    Result.Joined joined = (Result.Joined) result;
                    joined(group.channel(), since, joined.at());
                    return joined;
                },
                answer);
    }

    /** The cursor begins where the backlog does: after {@code since}, or at the head where none was asked for. */
    private void joined(String channel, Since since, Cursor head) {
        if (since instanceof Since.After after) {
            start(channel, after.cursor(), 0);
        } else if (since instanceof Since.Last last) {
            // Fewer may be kept than were asked for, so the first to come is any of them.
            long floor = Math.max(0, head.seq() - last.entries());
            start(channel, new Cursor(head.epoch(), floor), head.seq() + 1);
        } else {
            start(channel, head, 0);
        }
    }

    void leave(Address.Group group, CompletableFuture<Void> answer) {
        requests.make(
                id -> new ClientFrame.Leave(id, group),
                result -> {
                    cursors.end(group.channel());
                    return null;
                },
                answer);
    }

    /** A request whose ack changes nothing here. */
    <T> void request(Function<RequestId, ClientFrame> frame, Function<Result, T> reading, CompletableFuture<T> answer) {
        requests.make(frame, reading, answer);
    }

    /** A frame of an open connection. */
    void frame(ServerFrame frame) {
        if (frame instanceof ServerFrame.Message message) {
            message(message);
        } else if (frame instanceof ServerFrame.Ack ack) {
            acked(ack);
        } else if (frame instanceof ServerFrame.Error error) {
            refused(error);
        } else if (frame instanceof ServerFrame.Skip skip) {
            Cursor stood = cursors.get(skip.channel());
            moved(cursors.skip(skip), skip.channel(), stood, new Cursor(skip.epoch(), skip.from()));
            save(skip.channel());
        } else if (frame instanceof ServerFrame.Gap gap) {
            gap(gap);
        } else if (frame instanceof ServerFrame.Pong pong) {
            if (pong.id() instanceof RequestId.Number id) {
                requests.answered(id.value(), new Result.Done());
            }
        } else if (frame instanceof ServerFrame.Membership membership) {
            membership(membership);
        } else if (frame instanceof ServerFrame.Presence presence) {
            deliver(presence, listener::onPresence);
        } else if (frame instanceof ServerFrame.Typing typing) {
            deliver(typing, listener::onTyping);
        } else if (frame instanceof ServerFrame.Receipt receipt) {
            deliver(receipt, listener::onReceipt);
        } else if (frame instanceof ServerFrame.Settings settings) {
            deliver(settings, listener::onSettings);
        }
    }

    private void message(ServerFrame.Message message) {
        if (message.at() != null) {
            Cursor stood = cursors.get(message.channel());
            if (!moved(cursors.message(message.channel(), message.at()), message.channel(), stood, message.at())) {
                return;
            }
        }
        boolean own = message.envelope().from() instanceof Sender.Person person
                && person.user().equals(user)
                && outbox.sentWithoutEcho(message.envelope().messageId());
        if (!own) {
            deliver(message, listener::onMessage);
        }
        if (message.at() != null) {
            save(message.channel());
        }
    }

    private void gap(ServerFrame.Gap gap) {
        Cursor stood = cursors.get(gap.channel());
        if (moved(cursors.gap(gap), gap.channel(), stood, new Cursor(gap.epoch(), gap.from()))) {
            deliver(gap, listener::onGap);
            save(gap.channel());
        }
    }

    /** Reports what should not have come. Tells whether it is new. */
    private boolean moved(Cursors.Verdict verdict, String channel, Cursor stood, Cursor came) {
        if (verdict == Cursors.Verdict.OUT_OF_LINE) {
            String detail = stood == null ? "an entry of a channel that is not followed" : "not the next entry";
            violation(channel, stood, came, detail);
        }
        return verdict != Cursors.Verdict.SEEN;
    }

    private void membership(ServerFrame.Membership membership) {
        String channel = new Address.Group(membership.group()).channel();
        if (membership.state() == ServerFrame.MembershipState.ADDED) {
            // The entry that records it may come too, or not.
            Cursor before = new Cursor(
                    membership.at().epoch(), Math.max(0, membership.at().seq() - 1));
            start(channel, before, membership.at().seq() + 1);
        } else if (membership.state() == ServerFrame.MembershipState.REMOVED) {
            cursors.end(channel);
        }
        deliver(membership, listener::onMembership);
    }

    private void acked(ServerFrame.Ack ack) {
        if (ack.id() instanceof RequestId.Number id) {
            if (ack.result() instanceof Result.Sent sent) {
                outbox.acked(id.value(), sent);
            } else if (requests.answered(id.value(), ack.result())) {
                outbox.pump(); // there is room for one more under way
            }
        }
    }

    private void refused(ServerFrame.Error error) {
        boolean answer = error.id() instanceof RequestId.Number id
                && (requests.refused(id.value(), error) || outbox.refused(id.value(), error));
        if (!answer) {
            deliver(error, listener::onError);
        }
    }

    private void start(String channel, Cursor at, long nextAtMost) {
        if (cursors.startWithin(channel, at, nextAtMost)) {
            save(channel);
        }
    }

    private void forget(String channel) {
        cursors.remove(channel);
        unsave(channel);
    }

    private void save(String channel) {
        if (store != null) {
            Cursor cursor = cursors.get(channel);
            deliveries.deliver(() -> store.save(channel, cursor));
        }
    }

    private void unsave(String channel) {
        if (store != null) {
            deliveries.deliver(() -> store.remove(channel));
        }
    }

    void violation(String channel, Cursor stood, Cursor came, String detail) {
        deliver(new Violation(channel, stood, came, detail), listener::onViolation);
    }

    private <T> void deliver(T what, Consumer<T> to) {
        deliveries.deliver(() -> to.accept(what));
    }

    /** Writes a pong: the server's question whether anybody is there is answered even while the listener is busy. */
    static void pong(Wire wire) {
        wire.write(FrameWriter.write(new ClientFrame.Pong(null)));
    }
}
