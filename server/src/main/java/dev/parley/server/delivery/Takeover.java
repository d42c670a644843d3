package dev.parley.server.delivery;

import dev.parley.server.config.ParleyConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Turns an HTTP request into a {@link Socket}: Vert.x does the handshake, then the socket takes its place in the channel's pipeline.
 *
 * <p>This is the only class that knows Vert.x' inner parts: that a connection is a {@link ConnectionBase} with a channel, and that the handler before which the
 * frames are taken is called {@code handler}. {@code TakeoverTest} fails when a new version changes either.
 */
@Singleton
public final class Takeover {
    static final String VERTX_HANDLER = "handler";

    private final LiveChannels channels;
    private final int maxMessage;
    private final int outgoing;
    private final AtomicInteger open = new AtomicInteger();

    Takeover(LiveChannels channels, ParleyConfig config) {
        this.channels = channels;
        this.maxMessage = config.limits().frame();
        this.outgoing = config.limits().outgoing();
    }

    /**
     * Accepts an upgrade.
     *
     * @param request a WebSocket handshake; called on its event loop
     * @return the socket, whose {@link Socket#handleWith} must be called at once; completes on the request's event loop
     */
    public Future<Socket> accept(HttpServerRequest request) {
        ChannelHandlerContext context = ((ConnectionBase) request.connection()).channelHandlerContext();
        return request.toWebSocket().map(accepted -> install(context.pipeline()));
    }

    /** Sockets that are not gone, those included whose close is under way. Any thread. */
    public int open() {
        return open.get();
    }

    private Socket install(ChannelPipeline pipeline) {
        Socket socket = new Socket(channels.fanout(pipeline.channel().eventLoop()), maxMessage);
        pipeline.addBefore(VERTX_HANDLER, "parley", socket);
        socket.bound(outgoing);
        open.incrementAndGet();
        pipeline.channel().closeFuture().addListener(closed -> open.decrementAndGet());
        return socket;
    }
}
