package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Followed;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.delivery.EventStream;
import dev.parley.server.delivery.Follow;
import dev.parley.server.delivery.Outlet;
import dev.parley.server.group.Groups.Standing;
import dev.parley.server.http.Problem;
import dev.parley.server.security.Identity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What happens between the request for a stream and its first event: who it is, what they may read, and where each channel goes on. The counterpart of
 * {@link Greeting}, and let in by turns with it. Runs on the connection's event loop.
 *
 * <p>A group is followed before it is looked up whether the reader is a member: so a removal is either seen then, or its entry comes after the place where the stream
 * begins, and ends it.
 */
final class StreamOpening implements Reception.Guest {
    private final Session session;
    private final Gateway gateway;
    private final EventStream stream;
    private final StreamRequest request;
    private final CompletionStage<StreamReader> reader;
    private final List<Place> places = new ArrayList<>();
    private Identity identity;
    private Outlet outlet;

    /** A channel that will be followed; {@code from} is null for what comes from now on. */
    private static final class Place {
        final Address address;
        Follow follow;
        Role role;
        String term;
        Cursor from;
        Boolean recovered;

        Place(Address address) {
            this.address = address;
        }

        Cursor start() {
            boolean anew = from == null
                    || recovered == null && !from.epoch().equals(follow.head().epoch());
            return anew ? follow.head() : from;
        }
    }

    StreamOpening(Session session, EventStream stream, StreamRequest request, CompletionStage<StreamReader> reader) {
        this.session = session;
        this.gateway = session.gateway;
        this.stream = stream;
        this.request = request;
        this.reader = reader;
    }

    @Override
    public void enter() {
        stream.loop().execute(() -> {
            if (session.state() == Session.State.GREETING) {
                begin();
            } else {
                gateway.reception.left();
            }
        });
    }

    @Override
    public void comeBack(long millis) {
        stream.loop()
                .execute(() -> turnAway(new ServerFrame.Error(
                        null, ErrorCode.UNAVAILABLE, "too many come at once; come back later", millis)));
    }

    @Override
    public void remind(long millis) {
        stream.later(millis, gateway.reception::reminded);
    }

    /**
     * Refuses. Who comes back by themselves is told when, in a stream that ends at once; all others get a problem.
     *
     * @param error why
     */
    void turnAway(ServerFrame.Error error) {
        if (stream.isDecided()) {
            return;
        }
        if (error.retryAfter() != null && request.comesBack()) {
            stream.comeBack(error.retryAfter(), FrameWriter.write(error));
            return;
        }
        Problem problem = Problem.of(error.code(), error.detail());
        Map<String, String> headers = problem.headers();
        if (error.retryAfter() != null) {
            headers.put("Retry-After", Long.toString((error.retryAfter() + 999) / 1000));
        }
        stream.answer(problem.status(), headers, problem.json());
    }

    private void begin() {
        CompletionStage<Void> ready =
                session.inTime(reader.thenCompose(this::decide).thenComposeAsync(this::prepare, stream.loop()));
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

    /** People come in as the team's own code decides, as they do by a hello. */
    private CompletionStage<StreamReader> decide(StreamReader who) {
        return who.kind() == StreamReader.Kind.SERVICE
                ? CompletableFuture.completedStage(who)
                : gateway.hooks
                        .connect(who.identity(), session.address(), session.connection)
                        .thenApply(decided -> new StreamReader(decided, who.kind()));
    }

    private CompletionStage<Void> prepare(StreamReader who) {
        if (session.state() != Session.State.GREETING) {
            return Stages.givenUp(); // as a hello
        }
        identity = who.identity();
        session.claim(identity);
        outlet = new Outlet(stream, session.connection, identity.user(), new StreamMemberships(session));
        if (!who.isPerson()) {
            return followAll(who);
        }
        // Once more: a revocation that came while it waited and was decided about found nobody to send away.
        return gateway.revocations
                .pass(identity)
                .thenComposeAsync(passed -> session.countFor(identity.user()), stream.loop())
                .thenCompose(room -> gateway.users.seen(identity.user(), identity.name()))
                .thenComposeAsync(seen -> followAll(who), stream.loop());
    }

    private CompletionStage<Void> followAll(StreamReader who) {
        return Stages.all(
                request.channels().stream().map(channel -> follow(who, channel)).toList());
    }

    private CompletionStage<Void> follow(StreamReader who, Address address) {
        Place place = new Place(address);
        places.add(place);
        return outlet.follow(address.channel())
                .thenCompose(follow -> {
                    place.follow = follow;
                    return standing(who, address);
                })
                .thenCompose(standing -> {
                    if (standing != null) {
                        place.role = standing.role();
                        place.term = standing.term();
                    }
                    return who.require(gateway.policies, address, standing);
                })
                .thenComposeAsync(may -> position(place), stream.loop());
    }

    /** How a person stands to a durable group; null where there is no membership. */
    private CompletionStage<Standing> standing(StreamReader who, Address address) {
        return gateway.namespaces.isDurable(address)
                ? gateway.groups.standing(who.identity().user(), (Address.Group) address)
                : CompletableFuture.completedStage(null);
    }

    private CompletionStage<Void> position(Place place) {
        Cursor known = request.from().get(place.address.channel());
        if (known != null) {
            place.from = known;
            return outlet.canResume(place.follow, known).thenAccept(recovered -> place.recovered = recovered);
        }
        if (request.last() > 0) {
            return outlet.before(place.follow, request.last()).thenAccept(from -> place.from = from);
        }
        return CompletableFuture.completedStage(null);
    }

    private void welcome() {
        session.identify(identity, outlet, null);
        Map<String, Cursor> starts = new LinkedHashMap<>();
        List<Followed> channels = new ArrayList<>();
        for (Place place : places) {
            Cursor head = place.follow.head();
            boolean anew = place.recovered != null && !place.from.epoch().equals(head.epoch());
            Boolean recovered = anew ? Boolean.FALSE : place.recovered;
            starts.put(place.address.channel(), place.start());
            channels.add(new Followed(place.address.channel(), head, null, place.role, recovered, null));
        }
        ServerFrame.Welcome welcome = new ServerFrame.Welcome(
                null,
                session.connection,
                new ServerFrame.User(identity.user(), identity.name()),
                gateway.node.id(),
                channels,
                gateway.heartbeat,
                gateway.limits,
                System.currentTimeMillis(),
                identity.expires(),
                null);
        stream.welcome(starts, FrameWriter.write(welcome));
        session.opened();
        places.forEach(place -> place.follow.start(starts.get(place.address.channel()), place.term));
        session.done();
    }

    private void abandon() {
        if (outlet != null) {
            outlet.close();
        }
    }

    private void refuse(Throwable failure) {
        ServerFrame.Error error = Refusals.of(null, failure);
        Long retryAfter = error.retryAfter() == null ? null : gateway.reception.retryAfter();
        turnAway(new ServerFrame.Error(null, error.code(), error.detail(), retryAfter));
    }
}
