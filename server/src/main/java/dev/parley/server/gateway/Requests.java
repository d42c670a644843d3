package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.delivery.Outlet;
import dev.parley.server.delivery.Stored;
import dev.parley.server.group.Known;
import dev.parley.server.routing.Viewer;
import dev.parley.server.security.Action;
import dev.parley.server.security.Identity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What each request of a signed-in connection does, sends apart, except those that change what was said earlier. Runs on the connection's event loop; one request at a time, which ends with
 * {@link Session#done}.
 */
final class Requests {
    private static final int PRESENT_MAX = 500;
    private static final int AWAY_OF_MAX = 200;
    private static final int AWAY_MAX = 100;
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
            finish(read.id(), new Reading(session).mark(read));
        } else if (frame instanceof ClientFrame.Conversations conversations) {
            finish(conversations.id(), new Conversations(session).page(conversations));
        } else if (frame instanceof ClientFrame.Describe describe) {
            finish(describe.id(), describe(describe));
        } else if (frame instanceof ClientFrame.Receipts receipts) {
            finish(receipts.id(), receipts(receipts));
        } else if (frame instanceof ClientFrame.Search search) {
            finish(search.id(), search(search));
        } else if (frame instanceof ClientFrame.Settings settings) {
            finish(settings.id(), settings(settings));
        } else if (frame instanceof ClientFrame.Typing typing) {
            finish(typing.id(), typing(typing));
        } else if (frame instanceof ClientFrame.Member member) {
            finish(member.id(), member(member));
        } else if (frame instanceof ClientFrame.Remove remove) {
            finish(remove.id(), remove(remove));
        } else if (frame instanceof ClientFrame.Members members) {
            finish(members.id(), members(members));
        } else if (frame instanceof ClientFrame.Send send) {
            finish(send.id(), gateway.router.send(session.origin(), send));
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
        if (gateway.namespaces.isDurable(group)) {
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
                .thenCompose(may -> gateway.presence.who(query.group(), PRESENT_MAX))
                .thenCompose(present -> gateway.namespaces.isDurable(query.group())
                        ? withAway(query.group(), present)
                        : CompletableFuture.completedStage(present));
    }

    /** Of a large group nobody is told who is away: looking up hundreds for one answer is too much. */
    private CompletionStage<Result.Present> withAway(Address.Group group, Result.Present present) {
        return gateway.groups.about(group).thenCompose(about -> {
            if (!about.exists() || about.members() > AWAY_OF_MAX) {
                return CompletableFuture.completedStage(present);
            }
            return gateway.groups.members(group, null, AWAY_OF_MAX).thenCompose(page -> {
                Set<String> away = new LinkedHashSet<>();
                page.members().forEach(member -> away.add(member.user()));
                present.users().forEach(on -> away.remove(on.user()));
                List<CompletableFuture<ServerFrame.AwayUser>> known = away.stream()
                        .limit(AWAY_MAX)
                        .map(user ->
                                gateway.users.about(user).toCompletableFuture().thenApply(its -> away(user, its)))
                        .toList();
                return CompletableFuture.allOf(known.toArray(CompletableFuture[]::new))
                        .thenApply(done -> new Result.Present(
                                present.users(),
                                present.count(),
                                present.more(),
                                known.stream().map(CompletableFuture::join).toList()));
            });
        });
    }

    private static ServerFrame.AwayUser away(String user, Known known) {
        return new ServerFrame.AwayUser(
                user, known == null ? null : known.name(), known == null ? null : known.lastSeen());
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

    private CompletionStage<Result.Page> search(ClientFrame.Search search) {
        return mayRead(Action.READ, search.channel())
                .thenCompose(may -> gateway.searches.find(
                        search.channel(),
                        search.text(),
                        search.before(),
                        search.limit(),
                        new Viewer(user(), session.connection)));
    }

    private CompletionStage<Result> describe(ClientFrame.Describe describe) {
        return gateway.managers
                .describe(session.identity(), describe.group(), describe.title(), describe.topic())
                .thenApply(described -> new Result.Done());
    }

    /** Whoever may see who is on may see who has read, as members do by their receipts. */
    private CompletionStage<Result.Receipts> receipts(ClientFrame.Receipts receipts) {
        return mayRead(Action.PRESENCE, receipts.group())
                .thenCompose(may -> gateway.groups.members(receipts.group(), null, PRESENT_MAX))
                .thenCombine(gateway.readPositions.in(receipts.group()), (members, standings) -> {
                    List<ServerFrame.Position> positions = new ArrayList<>();
                    members.members().stream()
                            .map(ServerFrame.GroupMember::user)
                            .filter(standings::containsKey)
                            .forEach(member -> positions.add(new ServerFrame.Position(
                                    member,
                                    standings.get(member).read(),
                                    standings.get(member).delivered())));
                    return new Result.Receipts(positions);
                });
    }

    private CompletionStage<Result> settings(ClientFrame.Settings settings) {
        Address.Group group = settings.group();
        if (!session.joined().contains(group) || !gateway.namespaces.isDurable(group)) {
            return refuse(ErrorCode.NOT_JOINED, "settings are for durable groups that one is in");
        }
        String json = settings.value().toString();
        byte[] frame = FrameWriter.write(new ServerFrame.Settings(group.name(), settings.value()));
        return gateway.settings
                .put(user(), group.name(), json.equals("null") ? null : json)
                .thenCompose(put -> gateway.publisher.ring(
                        new Address.User(user()), frame, new Stored(session.connection, List.of(), null)))
                .thenApply(told -> new Result.Done());
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
