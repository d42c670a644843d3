package dev.parley.server.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A TCP proxy on the loopback that does to connections what networks do. Tests switch its faults on and off on any thread, and a fault is in force when the
 * call returns; connections live on one of two loops that all proxies share.
 *
 * <p>Faults are laid on kinds of link, on all of them where none is named. What a fault holds back is kept in the two sockets' buffers and flows on after it, as
 * after a lost route; {@link #cut} before {@link #heal} loses it.
 */
public final class Proxy implements AutoCloseable {
    private static final NioEventLoopGroup LOOPS = new NioEventLoopGroup(2, new DefaultThreadFactory("proxy", true));

    /** Bytes that the kernel takes in for each socket, so that it does not hide a slow link. */
    static final int KERNEL = 64 * 1024;

    private static final int BACKLOG = 4096;

    final EventLoop loop = LOOPS.next();
    private volatile InetSocketAddress target;
    private final Channel listening;
    private final Function<ByteBuf, Link> classifier;

    // Below: the loop's alone.
    private final Map<Link, Rules> rules = new EnumMap<>(Link.class);
    private final Set<ProxiedConnection> open = new LinkedHashSet<>();
    private final Map<String, Integer> faults = new TreeMap<>();
    private Random random = new Random(Long.getLong("parley.proof.seed", System.nanoTime()));
    private long connections;
    private long toTarget;
    private long toClient;

    /** A kind of connection. */
    public enum Link {
        /** All that is no subscription; a connection to Redis also until its first command after the greeting shows what it is. */
        COMMANDS,
        /** To Redis, and has subscribed to something. */
        SUBSCRIPTIONS
    }

    /**
     * What a proxy has done so far.
     *
     * @param connections taken
     * @param open those not ended yet
     * @param toTarget bytes passed on
     * @param toClient bytes passed on
     * @param faults how often each kind was switched on, and under {@code refused} and {@code reset} how many connections it hit
     */
    public record Tally(long connections, int open, long toTarget, long toClient, Map<String, Integer> faults) {}

    /** The faults in force on one kind of link. The loop's. */
    static final class Rules {
        long leastNanos;
        long mostNanos;
        long bytesPerSecond;
        boolean halfOpen;
        boolean mute;
        boolean refuse;

        boolean slow() {
            return mostNanos > 0 || bytesPerSecond > 0;
        }
    }

    private Proxy(int targetPort, Function<ByteBuf, Link> classifier) {
        this.target = at(targetPort);
        this.classifier = classifier;
        for (Link link : Link.values()) {
            rules.put(link, new Rules());
        }
        this.listening = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_RCVBUF, KERNEL)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        accept(client);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    /** Before anything; all its connections are {@link Link#COMMANDS}. */
    public static Proxy to(int targetPort) {
        return new Proxy(targetPort, greeting -> Link.COMMANDS);
    }

    /** Before a Redis; tells subscriptions from other connections by what goes through them. */
    public static Proxy toRedis(int targetPort) {
        return new Proxy(targetPort, RedisGreeting::linkOf);
    }

    /** The jitter's seed, which otherwise is {@code parley.proof.seed} or the time. */
    public Proxy seeded(long seed) {
        onLoop(() -> random = new Random(seed));
        return this;
    }

    /** New connections go to another target from now on; open ones stay where they are. */
    public void retarget(int port) {
        target = at(port);
    }

    /** Where clients dial. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Everything takes so long, in both directions; {@link Duration#ZERO} ends it. */
    public void delay(Duration by, Link... on) {
        delay(by, by, on);
    }

    /** Each piece takes a time between the two, in both directions, and none overtakes another. */
    public void delay(Duration least, Duration most, Link... on) {
        change("delay", !most.isZero(), on, its -> {
            its.leastNanos = least.toNanos();
            its.mostNanos = most.toNanos();
        });
    }

    /** Each connection passes on at most so much in each direction; 0 ends it. */
    public void throttle(long bytesPerSecond, Link... on) {
        change("throttle", bytesPerSecond > 0, on, its -> its.bytesPerSecond = bytesPerSecond);
    }

    /** Nothing passes in either direction and no end is noticed; new connections are accepted and silent. */
    public void halfOpen(boolean state, Link... on) {
        change("halfOpen", state, on, its -> its.halfOpen = state);
    }

    /** Nothing comes back from the target any more. */
    public void mute(boolean state, Link... on) {
        change("mute", state, on, its -> its.mute = state);
    }

    /** Nothing passes any more through those that are open now, and no end is noticed, until {@link #heal}; new ones are well. */
    public void strand(Link... on) {
        onOpen("strand", on, connection -> connection.strand(true));
    }

    /** Nothing comes back any more from the target through those that are open now, until {@link #heal}; new ones are well. */
    public void silence(Link... on) {
        onOpen("silence", on, connection -> connection.silence(true));
    }

    /** New connections are reset. */
    public void refuse(boolean state, Link... on) {
        change("refuse", state, on, its -> its.refuse = state);
    }

    /** Resets all that are open now, on both sides. */
    public void cut(Link... on) {
        onOpen("cut", on, ProxiedConnection::reset);
    }

    /** Ends all faults; what was held back flows on. */
    public void heal(Link... on) {
        onLoop(() -> {
            links(on).forEach(link -> rules.put(link, new Rules()));
            each(on, connection -> {
                connection.strand(false);
                connection.silence(false);
                connection.pump();
            });
        });
    }

    public Tally tally() {
        return loop.submit(() -> new Tally(connections, open.size(), toTarget, toClient, Map.copyOf(faults)))
                .syncUninterruptibly()
                .getNow();
    }

    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        onLoop(() -> List.copyOf(open).forEach(ProxiedConnection::reset));
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void change(String fault, boolean begins, Link[] on, Consumer<Rules> change) {
        onLoop(() -> {
            if (begins) {
                count(fault);
            }
            links(on).forEach(link -> change.accept(rules.get(link)));
            each(on, ProxiedConnection::pump);
        });
    }

    private void onOpen(String fault, Link[] on, Consumer<ProxiedConnection> change) {
        onLoop(() -> {
            count(fault);
            each(on, change);
        });
    }

    private void each(Link[] on, Consumer<ProxiedConnection> action) {
        Set<Link> links = links(on);
        List.copyOf(open).stream()
                .filter(connection -> links.contains(connection.link()))
                .forEach(action);
    }

    private static Set<Link> links(Link[] named) {
        return named.length == 0 ? EnumSet.allOf(Link.class) : EnumSet.copyOf(List.of(named));
    }

    private void onLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    private void accept(Channel client) {
        connections++;
        if (rules.get(Link.COMMANDS).refuse) {
            count("refused");
            ProxiedConnection.reset(client);
            return;
        }
        ProxiedConnection connection = new ProxiedConnection(this, client);
        open.add(connection);
        connection.pump();
    }

    // Below: called by connections, on the loop.

    InetSocketAddress target() {
        return target;
    }

    Rules rules(Link link) {
        return rules.get(link);
    }

    /** What a connection is that began with these bytes; null while that cannot be told. */
    Link classify(ByteBuf greeting) {
        return classifier.apply(greeting);
    }

    long jitter(Rules its) {
        return its.leastNanos + (its.mostNanos > its.leastNanos ? random.nextLong(its.mostNanos - its.leastNanos) : 0);
    }

    void passed(boolean towardsClient, int bytes) {
        if (towardsClient) {
            toClient += bytes;
        } else {
            toTarget += bytes;
        }
    }

    void count(String fault) {
        faults.merge(fault, 1, Integer::sum);
    }

    void ended(ProxiedConnection connection) {
        open.remove(connection);
    }
}
