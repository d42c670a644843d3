package dev.parley.server.gateway;

import dev.parley.protocol.CloseReason;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ServerFrame;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.delivery.Socket;
import dev.parley.server.delivery.Takeover;
import dev.parley.server.http.Problem;
import dev.parley.server.limit.ClientAddress;
import dev.parley.server.security.Entrance;
import dev.parley.server.security.Identity;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The way in: {@code GET /v1/connect} with a WebSocket handshake. Runs on the request's event loop. */
@Singleton
final class ConnectRoute implements HttpServerOptionsCustomizer {
    static final String PATH = "/v1/connect";
    static final String SUBPROTOCOL = "parley.v1.json";

    /** After the pages' origins were looked at, and before what is for pages and documents: headers and their patterns, for which a storm of upgrades has no time. */
    private static final int EARLY = Integer.MIN_VALUE + 2;

    private static final String VERSION = "13";
    private static final Problem NO_HANDSHAKE = Problem.of(ErrorCode.BAD_FRAME, "not a WebSocket handshake");

    private final Takeover takeover;
    private final Gateway gateway;
    private final Sessions sessions;
    private final Entrance entrance;
    private final Leaving leaving;
    private final ClientAddress addresses;
    private final ParleyConfig.Limits limits;

    ConnectRoute(
            Takeover takeover,
            Gateway gateway,
            Sessions sessions,
            Entrance entrance,
            Leaving leaving,
            ClientAddress addresses,
            ParleyConfig config) {
        this.takeover = takeover;
        this.gateway = gateway;
        this.sessions = sessions;
        this.entrance = entrance;
        this.leaving = leaving;
        this.addresses = addresses;
        this.limits = config.limits();
    }

    void register(@Observes Router router) {
        router.get(PATH).order(EARLY).handler(context -> {
            if (isUpgrade(context.request())) {
                upgrade(context);
            } else {
                context.next();
            }
        });
        router.get(PATH)
                .handler(context ->
                        refuse(context, new Problem(426, ErrorCode.UNSUPPORTED, "this is a WebSocket endpoint")));
        router.route(PATH).handler(context -> Problem.notAllowed(context.response(), "GET"));
    }

    /** HTTP/2 without TLS, which no browser speaks, is not offered: a request to change over to it that has a body leaks that body in Vert.x 4.5. */
    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setHttp2ClearTextEnabled(false);
        customize(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        customize(options);
    }

    /** Compression costs 0.2 to 0.3 MB a connection, and shared frames cannot be compressed for each: it is not offered. */
    private void customize(HttpServerOptions options) {
        options.setWebSocketSubProtocols(List.of(SUBPROTOCOL))
                .setMaxWebSocketFrameSize(limits.frame())
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    }

    private void upgrade(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!VERSION.equals(request.getHeader("Sec-WebSocket-Version"))) {
            // Vert.x would take older ones as well, whose frames are others.
            refuse(
                    context,
                    new Problem(
                            426, ErrorCode.UNSUPPORTED, "this endpoint speaks version 13 of the WebSocket protocol"));
        } else if (!isComplete(request)) {
            refuse(context, NO_HANDSHAKE);
        } else if (leaving.isClosing()) {
            refuseLeaving(context);
        } else {
            CompletableFuture<Identity> identified = entrance.identify(request).toCompletableFuture();
            if (identified.isDone()) {
                identified.whenComplete((who, failure) -> accept(context, who, failure));
            } else {
                Context loop = context.vertx().getOrCreateContext();
                identified.whenComplete((who, failure) -> loop.runOnContext(here -> accept(context, who, failure)));
            }
        }
    }

    /** Looked at before anybody is asked who this is. */
    private static boolean isComplete(HttpServerRequest request) {
        return request.getHeader("Sec-WebSocket-Key") != null
                && request.headers().getAll(HttpHeaders.CONNECTION).stream()
                        .flatMap(header -> Stream.of(header.split(",")))
                        .anyMatch(option -> option.strip().equalsIgnoreCase("upgrade"));
    }

    /** @param who null for who says so in the hello */
    private void accept(RoutingContext context, Identity who, Throwable failure) {
        if (context.response().closed()) {
            // Gone while it was being found out who that is. Vert.x, asked for a WebSocket now, would come apart.
            return;
        }
        if (failure != null) {
            ServerFrame.Error error = Refusals.of(null, failure);
            refuse(context, Problem.of(error.code(), error.detail()));
            return;
        }
        if (leaving.isClosing()) {
            refuseLeaving(context);
            return;
        }
        String address = addresses.of(context.request());
        takeover.accept(context.request())
                .onSuccess(socket -> open(socket, address, who))
                .onFailure(rejection -> rejected(context));
    }

    private void open(Socket socket, String address, Identity who) {
        Session session = new Session(gateway, socket, address, sessions.nextNumber(), who);
        socket.handleWith(session);
        if (sessions.accepted(session) != null) {
            socket.close(CloseReason.TOO_MANY_CONNECTIONS);
        } else if (leaving.isClosing()) {
            // The handshake was under way when the last connections were counted.
            socket.close(CloseReason.DRAINING);
        } else if (who != null) {
            session.lookAgain(who);
        }
    }

    /** Vert.x has answered a bad handshake itself by now, unless it came apart before that. */
    private static void rejected(RoutingContext context) {
        if (!context.response().ended()) {
            refuse(context, NO_HANDSHAKE);
        }
    }

    private static void refuseLeaving(RoutingContext context) {
        refuse(context, Problem.of(ErrorCode.UNAVAILABLE, "this instance is going away; another one will answer"));
    }

    private static void refuse(RoutingContext context, Problem problem) {
        // HTTP/2 knows no upgrade, and a strict client takes an answer that names one for malformed.
        if (problem.status() == 426 && context.request().version() != HttpVersion.HTTP_2) {
            context.response().putHeader(HttpHeaders.UPGRADE, "websocket").putHeader("Sec-WebSocket-Version", VERSION);
        }
        problem.answer(context.response());
    }
}
