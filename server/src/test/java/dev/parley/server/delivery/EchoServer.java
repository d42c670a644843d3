package dev.parley.server.delivery;

import dev.parley.server.limit.Exceeded;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Arrays;

/**
 * Echoes texts over {@link Takeover}, {@link Socket} and {@link FrameDecoder}, which are the hub's own: what a conformance suite wants to talk to, and a hub is not
 * ({@code deploy/autobahn.sh}). Binary messages, which a hub does not take, it does not echo either.
 */
final class EchoServer {
    private static final int MAX = 32 * 1024 * 1024;
    private static final long NO_LIMIT = 1L << 40;

    private EchoServer() {}

    /** @param arguments the port */
    public static void main(String[] arguments) {
        Intake intake = new Intake(1_000_000, NO_LIMIT, new Exceeded());
        Vertx.vertx()
                .createHttpServer(new HttpServerOptions().setMaxWebSocketFrameSize(MAX))
                .requestHandler(request -> accept(request, intake))
                .listen(Integer.parseInt(arguments[0]), "127.0.0.1")
                .onSuccess(server -> System.out.println("Echoes on " + server.actualPort()))
                .onFailure(Throwable::printStackTrace);
    }

    private static void accept(HttpServerRequest request, Intake intake) {
        ChannelHandlerContext context = ((ConnectionBase) request.connection()).channelHandlerContext();
        request.toWebSocket().onSuccess(accepted -> {
            Fanout fanout = new Fanout((SingleThreadEventLoop) context.channel().eventLoop(), null);
            Socket socket = new Socket(fanout, MAX, intake);
            Takeover.takeOver(context, socket);
            socket.bound(new WriteBufferWaterMark(MAX, 2 * MAX));
            socket.handleWith(new Echo(socket));
        });
    }

    private record Echo(Socket socket) implements Inbound {
        @Override
        public void text(byte[] utf8, int offset, int length) {
            socket.write(Arrays.copyOfRange(utf8, offset, offset + length));
        }

        @Override
        public void binary() {
            // Not taken.
        }

        @Override
        public void room() {
            // Nothing waits.
        }

        @Override
        public void closed() {
            // Nothing is held.
        }
    }
}
