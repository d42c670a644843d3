package dev.parley.server.delivery;

import dev.parley.server.config.ParleyConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.VertxHandler;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Turns an HTTP request into a {@link Socket}: Vert.x does the handshake, then the socket takes the channel over, alone but for TLS.
 *
 * <p>What Vert.x keeps of a connection and its request (headers, contexts, both ends of the pipeline, the handlers in it and a timer) was a good part of what each
 * held on the heap (docs/adr/0001), and is of no use after the handshake. So Vert.x is told that its connection has ended, as if the channel were closed, and
 * forgets it.
 *
 * <p>This is the only class that knows Vert.x' inner parts: that a connection is a {@link ConnectionBase} with a channel, of which it hears by the one handler of
 * type {@link VertxHandler}. {@code TakeoverTest} fails when a new version changes either.
 */
@Singleton
public final class Takeover {
    static final String NAME = "parley";

    private final LiveChannels channels;
    private final Intake intake;
    private final int maxMessage;
    private final WriteBufferWaterMark outgoing;
    private final AtomicInteger open = new AtomicInteger();

    Takeover(LiveChannels channels, Intake intake, ParleyConfig config) {
        this.channels = channels;
        this.intake = intake;
        this.maxMessage = config.limits().frame();
        int most = config.limits().outgoing();
        this.outgoing = new WriteBufferWaterMark(most / 2, most);
    }

    /**
     * Accepts an upgrade.
     *
     * @param request a WebSocket handshake; called on its event loop
     * @return the socket, whose {@link Socket#handleWith} must be called at once; completes on the request's event loop
     */
    public Future<Socket> accept(HttpServerRequest request) {
        ChannelHandlerContext context = ((ConnectionBase) request.connection()).channelHandlerContext();
        try {
            Future<ServerWebSocket> upgrade = request.toWebSocket();
            // Vert.x would fail it when the connection ends, and come apart when the request's end, which is told of
            // behind that, fails it again.
            request.exceptionHandler(gone -> {});
            return upgrade.map(accepted -> install(context));
        } catch (IllegalStateException over) {
            // Whoever asked sent more or hung up while it was still being found out who that is.
            return Future.failedFuture(over);
        }
    }

    /**
     * Makes a request's answer a stream of events. The connection stays Vert.x', which shares it among many requests in HTTP/2.
     *
     * @param request to be answered; called on its event loop
     * @return the stream, whose {@link Transport#handleWith} must be called at once
     */
    public EventStream stream(HttpServerRequest request) {
        Channel channel =
                ((ConnectionBase) request.connection()).channelHandlerContext().channel();
        if (request.version() != HttpVersion.HTTP_2) {
            channel.config().setOption(ChannelOption.SO_SNDBUF, outgoing.low());
        }
        open.incrementAndGet();
        return new EventStream(channels.fanout(channel.eventLoop()), request, outgoing.high(), open::decrementAndGet);
    }

    /** Sockets and streams that are not gone, those included whose close is under way. Any thread. */
    public int open() {
        return open.get();
    }

    private Socket install(ChannelHandlerContext vertx) {
        Socket socket = new Socket(channels.fanout(vertx.channel().eventLoop()), maxMessage, intake);
        takeOver(vertx, socket);
        socket.takenOver();
        socket.bound(outgoing);
        open.incrementAndGet();
        vertx.channel().closeFuture().addListener(closed -> open.decrementAndGet());
        return socket;
    }

    /** Puts a handler in the place of all but TLS. Runs on the channel's event loop. */
    static void takeOver(ChannelHandlerContext vertx, ChannelHandler handler) {
        ChannelPipeline pipeline = vertx.pipeline();
        // Behind the decoders: what they hold already comes to the handler when they go.
        pipeline.addBefore(vertx.name(), NAME, handler);
        ((VertxHandler<?>) vertx.handler()).channelInactive(vertx);
        for (ChannelHandler other : List.copyOf(pipeline.toMap().values())) {
            if (other != handler && !(other instanceof SslHandler)) {
                pipeline.remove(other);
            }
        }
    }
}
