package dev.parley.server.gateway;

import dev.parley.protocol.CloseReason;
import dev.parley.protocol.ErrorCode;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.delivery.Socket;
import dev.parley.server.delivery.Takeover;
import dev.parley.server.limit.ClientAddress;
import dev.parley.server.limit.Limit;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The way in: {@code GET /v1/connect} with a WebSocket handshake. Runs on the request's event loop. */
@Singleton
final class ConnectRoute implements HttpServerOptionsCustomizer {
    static final String PATH = "/v1/connect";
    static final String SUBPROTOCOL = "parley.v1.json";

    private final Takeover takeover;
    private final Gateway gateway;
    private final Sessions sessions;
    private final Leaving leaving;
    private final ClientAddress addresses;
    private final ParleyConfig.Limits limits;
    private final AtomicLong numbers = new AtomicLong();

    ConnectRoute(
            Takeover takeover,
            Gateway gateway,
            Sessions sessions,
            Leaving leaving,
            ClientAddress addresses,
            ParleyConfig config) {
        this.takeover = takeover;
        this.gateway = gateway;
        this.sessions = sessions;
        this.leaving = leaving;
        this.addresses = addresses;
        this.limits = config.limits();
    }

    void register(@Observes Router router) {
        router.get(PATH).handler(this::upgrade);
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
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

    private void upgrade(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
            refuse(context, 426, "Upgrade Required", ErrorCode.UNSUPPORTED, "this is a WebSocket endpoint");
        } else if (leaving.isClosing()) {
            refuse(
                    context,
                    503,
                    "Service Unavailable",
                    ErrorCode.UNAVAILABLE,
                    "this instance is going away; another one will answer");
        } else {
            String address = addresses.of(request);
            takeover.accept(request).onSuccess(socket -> open(socket, address)).onFailure(failure -> rejected(context));
        }
    }

    private void open(Socket socket, String address) {
        Session session = new Session(gateway, socket, address, numbers.incrementAndGet());
        socket.handleWith(session);
        int ofAddress = sessions.accepted(session);
        boolean tooManyOfAddress = ofAddress > limits.connectionsPerAddress();
        if (tooManyOfAddress || sessions.count() > limits.connections()) {
            gateway.exceeded.count(tooManyOfAddress ? Limit.CONNECTIONS_PER_ADDRESS : Limit.CONNECTIONS);
            socket.close(CloseReason.TOO_MANY_CONNECTIONS);
        } else if (leaving.isClosing()) {
            // The handshake was under way when the last connections were counted.
            socket.close(CloseReason.DRAINING);
        }
    }

    /** Vert.x has answered a bad handshake itself by now, unless it came apart before that. */
    private static void rejected(RoutingContext context) {
        if (!context.response().ended()) {
            refuse(context, 400, "Bad Request", ErrorCode.BAD_FRAME, "not a WebSocket handshake");
        }
    }

    private static void refuse(RoutingContext context, int status, String title, ErrorCode code, String detail) {
        if (status == 426) {
            context.response().putHeader(HttpHeaders.UPGRADE, "websocket");
        }
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end("{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\""
                        + detail + "\",\"code\":\"" + code.wire() + "\"}");
    }
}
