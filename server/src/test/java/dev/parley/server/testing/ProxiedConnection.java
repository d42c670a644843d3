package dev.parley.server.testing;

import dev.parley.server.testing.Proxy.Link;
import dev.parley.server.testing.Proxy.Rules;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;

/** A connection that a {@link Proxy} took, and the one it makes to the target for it. Everything happens on the proxy's loop. */
final class ProxiedConnection {
    private final Proxy proxy;
    private final Flow toTarget;
    private final Flow toClient;
    private final Channel client;
    private Channel target;
    private ByteBuf greeting = Unpooled.buffer();
    private Link link = Link.COMMANDS;
    private boolean stranded;
    private boolean silenced;
    private boolean over;

    ProxiedConnection(Proxy proxy, Channel client) {
        this.proxy = proxy;
        this.client = client;
        this.toTarget = new Flow(this, client, false);
        this.toClient = new Flow(this, null, true);
        client.pipeline().addLast(new Side(toTarget));
    }

    Link link() {
        return link;
    }

    Proxy proxy() {
        return proxy;
    }

    Rules rules() {
        return proxy.rules(link);
    }

    void strand(boolean state) {
        stranded = state;
    }

    void silence(boolean state) {
        silenced = state;
    }

    /** Whether nothing may pass now. */
    boolean stopped(boolean towardsClient) {
        return stranded || rules().halfOpen || towardsClient && (silenced || rules().mute);
    }

    /** Moves on whatever the faults in force let pass. */
    void pump() {
        if (over) {
            return;
        }
        if (target == null && !stopped(false)) {
            dial();
        } else if (target != null && !client.isOpen() && !target.isOpen()) {
            end();
            return;
        }
        toTarget.pump();
        toClient.pump();
    }

    private void dial() {
        ChannelFuture dialled = new Bootstrap()
                .group(proxy.loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_RCVBUF, Proxy.KERNEL)
                .option(ChannelOption.RCVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1))
                .handler(new Side(toClient))
                .connect(proxy.target());
        target = dialled.channel();
        dialled.addListener(done -> {
            if (!done.isSuccess()) {
                reset();
            } else if (over) {
                reset(target);
            } else {
                toTarget.begin(client, target);
                toClient.begin(target, client);
                pump();
            }
        });
    }

    /** Looks at what the client says until it is clear what it is. */
    private void classify(ByteBuf bytes) {
        if (greeting == null) {
            return;
        }
        greeting.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        Link recognised = proxy.classify(greeting);
        if (recognised == null) {
            return;
        }
        greeting = null;
        link = recognised;
        if (rules().refuse && link != Link.COMMANDS) {
            proxy.count("refused");
            reset();
        }
    }

    /** Resets both sides. */
    void reset() {
        if (!over) {
            proxy.count("reset");
            reset(client);
            if (target != null) {
                reset(target);
            }
            end();
        }
    }

    /** One side has ended and the other has had everything. */
    void end() {
        if (!over) {
            over = true;
            toTarget.drop();
            toClient.drop();
            client.close();
            if (target != null) {
                target.close();
            }
            proxy.ended(this);
        }
    }

    static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    /** Hands what comes from one side to the flow that begins there. */
    private final class Side extends ChannelInboundHandlerAdapter {
        private final Flow flow;
        private boolean broken;

        Side(Flow flow) {
            this.flow = flow;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (flow == toTarget) {
                classify(bytes);
            }
            if (over) {
                bytes.release();
            } else {
                flow.take(bytes);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            pump();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            pump();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            broken = true;
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!over) {
                flow.takeEnd(broken);
                pump();
            }
        }
    }
}
