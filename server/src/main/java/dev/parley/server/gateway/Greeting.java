package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame.Hello;
import dev.parley.protocol.ClientFrame.Resume;
import dev.parley.protocol.CloseReason;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Followed;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.delivery.Follow;
import dev.parley.server.delivery.Outlet;
import dev.parley.server.delivery.Stored;
import dev.parley.server.group.Groups;
import dev.parley.server.limit.Limit;
import dev.parley.server.security.Identity;
import dev.parley.server.security.Issued;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What happens between {@code hello} and {@code welcome}: who it is, what is followed, and where each channel goes on. Runs on the connection's event loop.
 *
 * <p>The inbox is followed before the list of groups is read, so a membership that changes meanwhile is heard of either way. Everything is attached without
 * being started; then, in one turn of the loop, welcome is written with the places where the channels stand, and all of them start.
 */
final class Greeting implements Reception.Guest {
    private final Session session;
    private final Gateway gateway;
    private final Hello hello;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final List<Followed> refused = new ArrayList<>();
    private Identity identity;
    private long guestsWait;
    private String issuedToken;
    private Outlet outlet;
    private Memberships memberships;

    /** A channel that will be followed; {@code from} and {@code recovered} are null where there is nothing to resume. */
    private static final class Place {
        final Role role;
        final String term;
        Follow follow;
        Cursor from;
        Boolean recovered;
        Long read;
        ErrorCode error;

        Place(Role role, String term) {
            this.role = role;
            this.term = term;
        }

        /** A log that began anew since it was looked at gives a gap. */
        void settle() {
            if (recovered != null && !from.epoch().equals(follow.head().epoch())) {
                recovered = false;
            }
        }
    }

    Greeting(Session session, Hello hello) {
        this.session = session;
        this.gateway = session.gateway;
        this.hello = hello;
    }

    @Override
    public void enter() {
        session.socket.loop().execute(() -> {
            if (session.state() == Session.State.GREETING) {
                begin();
            } else {
                gateway.reception.left();
            }
        });
    }

    @Override
    public void comeBack(long millis) {
        session.socket.loop().execute(() -> {
            if (session.state() == Session.State.GREETING) {
                gateway.exceeded.count(Limit.HANDSHAKES);
                session.write(new ServerFrame.Error(
                        hello.id(), ErrorCode.UNAVAILABLE, "too many come at once; come back later", millis));
                session.socket.close(CloseReason.OVERLOADED);
            }
        });
    }

    @Override
    public void remind(long millis) {
        session.socket.later(millis, gateway.reception::reminded);
    }

    private void begin() {
        CompletionStage<Void> ready = session.inTime(identify()
                .thenCompose(who -> gateway.hooks.connect(who, session.address(), session.connection))
                .thenComposeAsync(this::prepare, session.socket.loop()));
        session.onLoop(ready, (done, failure) -> {
            gateway.reception.left();
            if (session.state() != Session.State.GREETING) {
                abandon();
            } else if (failure == null) {
                welcome();
            } else {
                abandon();
                refuse(failure);
            }
        });
    }

    /** Revocations are looked at later, when it is known here whose hello it is: one that comes in between is heard of. */
    private CompletionStage<Identity> identify() {
        Identity upgraded = session.claimed();
        if (hello.token() != null) {
            return gateway.tokens.decode(hello.token()).thenApply(who -> sameAs(upgraded, who));
        }
        if (upgraded != null) {
            return CompletableFuture.completedStage(upgraded);
        }
        if (!gateway.guests) {
            return CompletableFuture.failedStage(
                    new ProtocolException(ErrorCode.UNAUTHENTICATED, "a token is required here"));
        }
        guestsWait = gateway.guestRate.take(session.address());
        if (guestsWait > 0) {
            return CompletableFuture.failedStage(
                    new ProtocolException(ErrorCode.RATE_LIMITED, "too many guests from this address"));
        }
        Issued issued = gateway.tokens.guest(null);
        issuedToken = issued.token();
        return CompletableFuture.completedStage(issued.identity());
    }

    private static Identity sameAs(Identity upgraded, Identity who) {
        if (upgraded != null && !upgraded.user().equals(who.user())) {
            throw new ProtocolException(
                    ErrorCode.UNAUTHENTICATED, "the token is another user's than that of the upgrade");
        }
        return who;
    }

    private CompletionStage<Void> prepare(Identity who) {
        if (session.state() != Session.State.GREETING) {
            // Who it is took longer than a hello may: by now nobody would let go of what is followed.
            return Stages.givenUp();
        }
        identity = who;
        session.claim(who);
        memberships = new Memberships(session);
        outlet = new Outlet(session.socket, session.connection, who.user(), memberships);
        String inbox = outlet.inbox();
        CompletionStage<Void> room = session.countFor(who.user());
        return gateway.users
                .seen(who.user(), who.name())
                .thenCombine(gateway.revocations.pass(who), (seen, passed) -> passed)
                .thenComposeAsync(
                        seen -> Stages.all(List.of(follow("all", null, null), follow(inbox, null, null))),
                        session.socket.loop())
                .thenCompose(followed -> {
                    memberships.listedAt(places.get(inbox).follow.head());
                    return Stages.all(List.of(
                            gateway.groups.of(who.user()).thenComposeAsync(this::followGroups, session.socket.loop())));
                })
                .thenComposeAsync(followed -> resume(inbox), session.socket.loop())
                .thenCompose(resumed -> readPositions())
                .thenCompose(read -> room);
    }

    private CompletionStage<Void> follow(String channel, Role role, String term) {
        Place place = new Place(role, term);
        places.put(channel, place);
        return outlet.follow(channel).thenAccept(follow -> place.follow = follow);
    }

    /** The durable groups one is a member of, and the session groups one was in. */
    private CompletionStage<Void> followGroups(List<Groups.Mine> mine) {
        List<CompletionStage<Void>> following = new ArrayList<>();
        for (Groups.Mine membership : mine) {
            if (!session.mayFollow(membership.group())) {
                continue;
            }
            following.add(follow(membership.group().channel(), membership.role(), membership.term()));
        }
        int room = gateway.limits.groups();
        for (Resume resume : hello.resume()) {
            ErrorCode error = refusalOf(resume, room);
            Place place = places.get(resume.channel());
            if (place != null) {
                place.error = error;
            } else if (error != null) {
                refused.add(new Followed(resume.channel(), null, null, null, null, error));
            } else {
                room--;
                following.add(follow(resume.channel(), null, null));
            }
        }
        return Stages.all(following);
    }

    /** Why a resume entry is not taken, or null. */
    private ErrorCode refusalOf(Resume resume, int room) {
        Address address;
        try {
            address = Address.ofChannel(resume.channel());
        } catch (ProtocolException malformed) {
            return malformed.code();
        }
        if (resume.cursor() == null || !address.keepsMessages()) {
            return ErrorCode.BAD_FRAME;
        }
        if (places.containsKey(resume.channel())) {
            return null;
        }
        if (address instanceof Address.Group group) {
            if (gateway.namespaces.isDurable(group)) {
                return session.mayFollow(group) ? ErrorCode.NOT_JOINED : ErrorCode.FORBIDDEN;
            }
            if (!gateway.policies.mayFollow(identity, group)) {
                return ErrorCode.FORBIDDEN;
            }
            if (room <= 0) {
                gateway.exceeded.count(Limit.GROUPS);
            }
            return room > 0 ? null : ErrorCode.CONFLICT;
        }
        return ErrorCode.FORBIDDEN;
    }

    private CompletionStage<Void> resume(String inbox) {
        List<CompletionStage<Void>> checks = new ArrayList<>();
        for (Resume resume : hello.resume()) {
            Place place = places.get(resume.channel());
            if (place != null && place.error == null) {
                place.from = resume.cursor();
                checks.add(outlet.canResume(place.follow, resume.cursor())
                        .thenAccept(recovered -> place.recovered = recovered));
            }
        }
        Cursor inboxFrom = places.get(inbox).from;
        // Every listed membership has its inbox entry by now, perhaps one that came after the list was asked for.
        boolean some = places.values().stream().anyMatch(place -> place.role != null && place.from == null);
        if (inboxFrom != null && some) {
            checks.add(InboxScan.since(gateway.log, inbox, inboxFrom)
                    .thenComposeAsync(this::startWhereAdded, session.socket.loop()));
        }
        return Stages.all(checks);
    }

    /** A group that one was added to while away goes on from there, not from its head: the entries since are one's own. */
    private CompletionStage<Void> startWhereAdded(Map<String, Stored> changes) {
        List<CompletionStage<Void>> reached = new ArrayList<>();
        changes.forEach((channel, change) -> {
            Place place = places.get(channel);
            Cursor at = change.membership().at();
            if (place != null
                    && place.from == null
                    && change.membership().state() == MembershipState.ADDED
                    && Objects.equals(change.term(), place.term)
                    && at.epoch().equals(place.follow.head().epoch())) {
                place.from = at;
                reached.add(outlet.reaches(place.follow, at).thenAccept(there -> {}));
            }
        });
        return Stages.all(reached);
    }

    private CompletionStage<Void> readPositions() {
        List<Address> channels =
                places.keySet().stream().map(Address::ofChannel).toList();
        return gateway.readPositions
                .of(identity.user(), channels)
                .thenAccept(read -> read.forEach((channel, seq) -> places.get(channel).read = seq));
    }

    private void welcome() {
        places.values().forEach(Place::settle);
        session.identify(identity, outlet, memberships);
        List<Followed> channels = new ArrayList<>();
        places.forEach((channel, place) -> channels.add(
                new Followed(channel, standsAt(place), place.read, place.role, place.recovered, place.error)));
        channels.addAll(refused);
        session.write(new ServerFrame.Welcome(
                hello.id(),
                session.connection,
                new ServerFrame.User(identity.user(), identity.name()),
                gateway.node.id(),
                channels,
                gateway.heartbeat,
                gateway.limits,
                System.currentTimeMillis(),
                identity.expires(),
                issuedToken));
        session.opened();
        places.forEach((channel, place) -> {
            place.follow.start(place.from == null ? place.follow.head() : place.from, place.term);
            if (Address.ofChannel(channel) instanceof Address.Group group) {
                session.enter(group, place.role);
            }
        });
        session.done();
    }

    /** Where the channel stands for this connection: the end of its backlog, or the place from which a group goes on that was added meanwhile. */
    private static Cursor standsAt(Place place) {
        return place.from == null || place.recovered != null ? place.follow.head() : place.from;
    }

    private void abandon() {
        if (outlet != null) {
            outlet.close();
        }
    }

    private void refuse(Throwable failure) {
        ServerFrame.Error error = Refusals.of(hello.id(), failure);
        // Clients come back exactly when they are told to, so each is told another time.
        Long retryAfter = error.retryAfter() == null ? null : Math.max(guestsWait, gateway.reception.retryAfter());
        session.write(new ServerFrame.Error(error.id(), error.code(), error.detail(), retryAfter));
        session.socket.close(
                switch (error.code()) {
                    case UNAUTHENTICATED, TOKEN_EXPIRED -> CloseReason.TOKEN;
                    case CONFLICT -> CloseReason.TOO_MANY_CONNECTIONS;
                    case FORBIDDEN -> CloseReason.POLICY;
                    default -> CloseReason.OVERLOADED;
                });
    }
}
