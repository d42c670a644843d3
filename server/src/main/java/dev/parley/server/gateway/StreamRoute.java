package dev.parley.server.gateway;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.ServerFrame;
import dev.parley.server.delivery.EventStream;
import dev.parley.server.delivery.Takeover;
import dev.parley.server.http.Problem;
import dev.parley.server.limit.ClientAddress;
import dev.parley.server.security.Entrance;
import dev.parley.server.security.ServiceKeys;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The way in for readers: {@code GET /v1/stream} with the channels to follow, answered by server-sent events. A stream is a connection like any other, which says
 * nothing. Runs on the request's event loop.
 */
@Singleton
final class StreamRoute {
    static final String PATH = "/v1/stream";

    private static final long LEAVING_RETRY_MILLIS = 1000;
    private static final long CROWDED_RETRY_MILLIS = 10_000;

    private final Takeover takeover;
    private final Gateway gateway;
    private final Sessions sessions;
    private final Leaving leaving;
    private final ServiceKeys keys;
    private final Entrance entrance;
    private final ClientAddress addresses;

    StreamRoute(
            Takeover takeover,
            Gateway gateway,
            Sessions sessions,
            Leaving leaving,
            ServiceKeys keys,
            Entrance entrance,
            ClientAddress addresses) {
        this.takeover = takeover;
        this.gateway = gateway;
        this.sessions = sessions;
        this.leaving = leaving;
        this.keys = keys;
        this.entrance = entrance;
        this.addresses = addresses;
    }

    void register(@Observes Router router) {
        router.get(PATH).handler(this::open);
        router.route(PATH).handler(context -> Problem.notAllowed(context.response(), "GET"));
    }

    private void open(RoutingContext context) {
        HttpServerRequest request = context.request();
        try {
            MultiMap query = context.queryParams();
            String address = addresses.of(request);
            open(request, address, StreamRequest.of(query, request.headers()), identify(request, address, query));
        } catch (ProtocolException refusal) {
            Problem.of(refusal).answer(context.response());
        } catch (HttpException malformed) {
            Problem.MALFORMED.answer(context.response());
        }
    }

    private void open(
            HttpServerRequest request, String address, StreamRequest asked, CompletionStage<StreamReader> reader) {
        EventStream stream = takeover.stream(request);
        Session session = new Session(gateway, stream, address, sessions.nextNumber(), null);
        stream.handleWith(session);
        boolean crowded = sessions.accepted(session) != null;
        StreamOpening opening = new StreamOpening(session, stream, asked, reader);
        if (leaving.isClosing()) {
            opening.turnAway(new ServerFrame.Error(
                    null,
                    ErrorCode.UNAVAILABLE,
                    "this instance is going away; another one will answer",
                    LEAVING_RETRY_MILLIS));
        } else if (crowded) {
            opening.turnAway(
                    new ServerFrame.Error(null, ErrorCode.RATE_LIMITED, "too many connections", CROWDED_RETRY_MILLIS));
        } else {
            session.open(opening);
        }
    }

    private CompletionStage<StreamReader> identify(HttpServerRequest request, String address, MultiMap query) {
        Optional<String> bearer = bearer(request, query);
        if (bearer.isPresent()) {
            Optional<String> service = keys.service(bearer.get());
            return service.isPresent()
                    ? CompletableFuture.completedStage(StreamReader.service(service.get()))
                    : gateway.tokens.verify(bearer.get()).thenApply(StreamReader::of);
        }
        return entrance.identify(request).thenApply(who -> who == null ? visitor(address) : StreamReader.of(who));
    }

    /** A guest for as long as the stream lasts, who counts among those of the address; where there are no guests, nobody in particular. */
    private StreamReader visitor(String address) {
        if (!gateway.guests) {
            return new StreamReader(gateway.tokens.nobody(), StreamReader.Kind.STRANGER);
        }
        if (gateway.guestRate.take(address) > 0) {
            throw new ProtocolException(ErrorCode.RATE_LIMITED, "too many guests from this address");
        }
        return new StreamReader(gateway.tokens.nobody(), StreamReader.Kind.VISITOR);
    }

    /** A browser's EventSource sets no headers, so there is a parameter as well (RFC 6750, section 2.3), and tickets. */
    private static Optional<String> bearer(HttpServerRequest request, MultiMap query) {
        if (request.getHeader(HttpHeaders.AUTHORIZATION) == null) {
            return Optional.ofNullable(query.get("access_token"));
        }
        if (query.contains(Entrance.TICKET)) {
            return Optional.empty(); // two things at once, which the entrance refuses
        }
        Optional<String> bearer = Entrance.bearer(request);
        if (bearer.isEmpty()) {
            throw new ProtocolException(
                    ErrorCode.UNAUTHENTICATED, "the header Authorization must be 'Bearer ' and a token");
        }
        return bearer;
    }
}
