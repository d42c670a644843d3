package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.delivery.Follow;
import dev.parley.server.delivery.Outlet;
import dev.parley.server.delivery.Stored;
import dev.parley.server.routing.Viewer;
import dev.parley.server.security.Action;
import dev.parley.server.security.Identity;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What each request of a signed-in connection does, sends apart. Runs on the connection's event loop; one request at a time, which ends with
 * {@link Session#done}.
 */
final class Requests {
    private static final int PRESENT_MAX = 500;
    private static final CompletionStage<Void> PERMITTED = CompletableFuture.completedStage(null);

    private final Session session;
    private final Gateway gateway;
    private final Outlet outlet;

    Requests(Session session) {
        this.session = session;
        this.gateway = session.gateway;
        this.outlet = session.outlet();
    }

    void run(ClientFrame frame) {
        if (frame instanceof ClientFrame.Join join) {
            new Joining(session, join).begin();
        } else if (frame instanceof ClientFrame.Leave leave) {
            finish(leave.id(), leave(leave));
        } else if (frame instanceof ClientFrame.History history) {
            finish(history.id(), history(history));
        } else if (frame instanceof ClientFrame.PresenceQuery query) {
            finish(query.id(), presence(query));
        } else if (frame instanceof ClientFrame.Read read) {
            finish(read.id(), read(read));
        } else if (frame instanceof ClientFrame.Typing typing) {
            finish(typing.id(), typing(typing));
        } else if (frame instanceof ClientFrame.Member member) {
            finish(member.id(), member(member));
        } else if (frame instanceof ClientFrame.Remove remove) {
            finish(remove.id(), remove(remove));
        } else if (frame instanceof ClientFrame.Members members) {
            finish(members.id(), members(members));
        } else if (frame instanceof ClientFrame.Refresh refresh) {
            finish(refresh.id(), refresh(refresh));
        } else if (frame instanceof ClientFrame.Ping ping) {
            session.write(new ServerFrame.Pong(ping.id()));
            session.done();
        } else {
            throw new IllegalStateException("not a request: " + frame.getClass());
        }
    }

    private void finish(RequestId id, CompletionStage<? extends Result> result) {
        session.onLoop(session.inTime(result), (done, failure) -> {
            if (failure == null) {
                session.answer(id, done);
            } else {
                session.refuse(id, failure);
            }
            session.done();
        });
    }

    private CompletionStage<Result> leave(ClientFrame.Leave leave) {
        Address.Group group = leave.group();
        if (gateway.namespaces.of(group).durable()) {
            // The entry in the inbox ends the following, on all devices, after the entry that tells of the leaving.
            return gateway.groups.leave(session.identity(), group).thenApply(left -> new Result.Done());
        }
        if (session.joined().contains(group)) {
            session.exit(group);
            outlet.following(group.channel()).end();
        }
        return done();
    }

    private CompletionStage<Result.Page> history(ClientFrame.History history) {
        return mayRead(Action.READ, history.channel())
                .thenCompose(may -> gateway.histories.page(
                        history.channel(),
                        history.before(),
                        history.after(),
                        history.limit(),
                        new Viewer(user(), session.connection)));
    }

    private CompletionStage<Result.Present> presence(ClientFrame.PresenceQuery query) {
        return mayRead(Action.PRESENCE, query.group())
                .thenCompose(may -> gateway.presence.who(query.group(), PRESENT_MAX));
    }

    /** Whether the connection may see what a channel keeps or who is on there: everybody's, the own inbox, and what the groups' policies allow. */
    private CompletionStage<Void> mayRead(Action action, Address channel) {
        boolean own = channel instanceof Address.User inbox && inbox.id().equals(user());
        if (channel instanceof Address.Everyone || own) {
            return PERMITTED;
        }
        if (!(channel instanceof Address.Group group)) {
            return refuse(ErrorCode.FORBIDDEN, "only its user may read that");
        }
        return may(action, group);
    }

    private CompletionStage<Void> may(Action action, Address.Group group) {
        return gateway.policies.require(session.identity(), action, group, session.place(group));
    }

    private CompletionStage<Result> read(ClientFrame.Read read) {
        Follow follow = outlet.following(read.channel().channel());
        if (follow == null || !follow.isStarted()) {
            return refuse(ErrorCode.NOT_JOINED, "the channel is not followed");
        }
        long seq = Math.min(read.seq(), follow.head().seq());
        return gateway.readPositions
                .raise(read.channel(), user(), seq)
                .thenCompose(
                        rose -> rose && read.channel() instanceof Address.Group group ? receipt(group, seq) : PERMITTED)
                .thenApply(told -> new Result.Done());
    }

    private CompletionStage<Void> receipt(Address.Group group, long seq) {
        if (!gateway.namespaces.of(group).durable()) {
            return PERMITTED;
        }
        byte[] frame = FrameWriter.write(new ServerFrame.Receipt(group.channel(), user(), seq));
        return gateway.publisher.ring(group, frame, new Stored(session.connection, List.of(), null));
    }

    private CompletionStage<Result> typing(ClientFrame.Typing typing) {
        Address to = typing.to();
        boolean group = to instanceof Address.Group;
        if (group && !session.joined().contains(to)) {
            return refuse(ErrorCode.NOT_JOINED, "join the group before typing in it");
        }
        if (!group && !(to instanceof Address.User)) {
            return refuse(ErrorCode.FORBIDDEN, "typing is told to a group or a user");
        }
        byte[] frame = FrameWriter.write(
                new ServerFrame.Typing(to, user(), session.identity().name(), typing.active()));
        CompletionStage<Void> permitted = to instanceof Address.Group in ? may(Action.SEND, in) : PERMITTED;
        return permitted
                .thenCompose(may -> gateway.publisher.ring(to, frame, new Stored(null, List.of(user()), null)))
                .thenApply(told -> new Result.Done());
    }

    private CompletionStage<Result> member(ClientFrame.Member member) {
        return gateway.managers
                .put(session.identity(), member.group(), member.user(), member.role())
                .thenApply(put -> new Result.Done());
    }

    private CompletionStage<Result> remove(ClientFrame.Remove remove) {
        return gateway.managers
                .remove(session.identity(), remove.group(), remove.user())
                .thenApply(removed -> new Result.Done());
    }

    private CompletionStage<Result.Members> members(ClientFrame.Members members) {
        return may(Action.READ, members.group())
                .thenCompose(may -> gateway.groups.members(members.group(), members.cursor(), members.limit()));
    }

    private CompletionStage<Result> refresh(ClientFrame.Refresh refresh) {
        return gateway.tokens
                .decode(refresh.token())
                .thenComposeAsync(this::unlessRevoked, session.socket.loop())
                .thenCompose(renewed -> gateway.hooks.connect(renewed, session.address(), session.connection))
                .thenApplyAsync(
                        renewed -> {
                            session.renew(renewed);
                            return (Result) new Result.Refreshed(renewed.expires());
                        },
                        session.socket.loop())
                .whenCompleteAsync((renewed, refusal) -> session.claim(session.identity()), session.socket.loop());
    }

    /** Until the connection has it, or is refused it, a revocation of the new token concerns the connection, too. */
    private CompletionStage<Identity> unlessRevoked(Identity renewed) {
        if (!renewed.user().equals(user())) {
            return refuse(ErrorCode.FORBIDDEN, "the token is another user's");
        }
        session.claim(renewed);
        return gateway.revocations.pass(renewed);
    }

    private String user() {
        return session.identity().user();
    }

    private static CompletionStage<Result> done() {
        return CompletableFuture.completedStage(new Result.Done());
    }

    private static <T> CompletionStage<T> refuse(ErrorCode code, String detail) {
        return CompletableFuture.failedStage(new ProtocolException(code, detail));
    }
}
