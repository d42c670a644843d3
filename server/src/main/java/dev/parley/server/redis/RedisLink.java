package dev.parley.server.redis;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The only way to Redis: held connections for appends, other commands, reads and subscriptions. Stores call it on any thread; nothing blocks, and stages
 * complete on the link's loop (or at once), where whoever goes on must not block either.
 *
 * <p>Stages fail with {@code ProtocolException} {@code unavailable} when there is no connection, no answer within the timeout, or an error for an answer. A
 * command is never sent a second time: whether it took effect is then unknown, except that an error means it did not.
 */
public final class RedisLink {
    private static final Logger LOG = Logger.getLogger(RedisLink.class);
    private static final long COMPLAINT_PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final Loop loop;
    private final Pipeline appends;
    private final Pipeline commands;
    private final Pipeline reads;
    private final Subscriptions subscriptions;
    private final RedisClock clock = new RedisClock();
    private final List<Consumer<Boolean>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong complained = new AtomicLong(System.nanoTime() - COMPLAINT_PAUSE);
    private volatile boolean reachable;
    private boolean closed;

    /**
     * Opens the connections and keeps them open.
     *
     * @param vertx lends one of its event loops
     * @param options how to connect, or null where no Redis is configured: then nothing is opened and everything fails
     * @param timeout for a connection, a command and a subscription
     */
    public RedisLink(Vertx vertx, RedisOptions options, Duration timeout) {
        if (options == null) {
            loop = null;
            appends = null;
            commands = null;
            reads = null;
            subscriptions = null;
            return;
        }
        loop = new Loop(vertx);
        appends = new Pipeline(loop, options, "appends", timeout, this::changed);
        commands = new Pipeline(loop, options, "commands", timeout, this::changed);
        reads = new Pipeline(loop, options, "reads", timeout, this::changed);
        subscriptions = new Subscriptions(loop, options, timeout, this::changed);
        loop.run(() -> wires().forEach(Wire::open));
    }

    /** Whether there is a Redis at all. Fixed for the life of the process. */
    public boolean configured() {
        return loop != null;
    }

    /** Whether all connections are open. */
    public boolean reachable() {
        return reachable;
    }

    /** Tells when {@link #reachable} changes, on the loop. */
    public void onReachable(Consumer<Boolean> listener) {
        listeners.add(listener);
    }

    /** Redis' time. */
    public RedisClock clock() {
        return clock;
    }

    /** The subscriptions of this instance. To be used only where Redis is {@link #configured}. */
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    /** Sends a command; those of one thread take effect in the order of the calls. */
    public CompletionStage<Response> send(Request request) {
        return ask(commands, request);
    }

    /** Runs a script, in order with the commands sent. */
    public CompletionStage<Response> send(Script.Call call) {
        return ask(commands, call);
    }

    /** Sends a command that only reads, and whose answer may be large. */
    public CompletionStage<Response> read(Request request) {
        return ask(reads, request);
    }

    /** Runs a script whose answer may be large. */
    public CompletionStage<Response> read(Script.Call call) {
        return ask(reads, call);
    }

    /** Sends a command on the connection that is the log's own, where {@code WAIT} keeps nobody else waiting. */
    public CompletionStage<Response> append(Request request) {
        return ask(appends, request);
    }

    /** Runs a script on the connection that is the log's own. */
    public CompletionStage<Response> append(Script.Call call) {
        return ask(appends, call);
    }

    /**
     * Publishes a message.
     *
     * @return how many connections to this Redis server heard it; useful as a hint only
     */
    public CompletionStage<Integer> publish(String key, byte[] message) {
        return send(Request.cmd(Command.PUBLISH, key, message)).thenApply(Response::toInteger);
    }

    /**
     * Closes all connections and opens new ones, which find the present primary. For when Redis answers but does not do its work: it refuses writes, or rings
     * that should come do not.
     *
     * @param reason for the log
     */
    public void restart(String reason) {
        if (configured()) {
            loop.run(() -> wires().forEach(wire -> wire.hangUp(reason)));
        }
    }

    /** Closes all connections for good. */
    public void close() {
        if (configured()) {
            loop.run(() -> {
                closed = true;
                wires().forEach(Wire::close);
            });
        }
    }

    private List<Wire> wires() {
        return List.of(appends.wire(), commands.wire(), reads.wire(), subscriptions.wire());
    }

    private CompletionStage<Response> ask(Pipeline pipeline, Request request) {
        if (!configured()) {
            return CompletableFuture.failedStage(Pipeline.unavailable());
        }
        return pipeline.send(request).exceptionally(this::refused);
    }

    private CompletionStage<Response> ask(Pipeline pipeline, Script.Call call) {
        if (!configured()) {
            return CompletableFuture.failedStage(Pipeline.unavailable());
        }
        return pipeline.send(call.byHash())
                .handle((answer, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    // The one error after which sending again is safe: the script was not run, as Redis does not have
                    // it.
                    return isError(failure, "NOSCRIPT")
                            ? pipeline.send(call.inFull())
                            : CompletableFuture.<Response>failedFuture(failure);
                })
                .thenCompose(Function.identity())
                .exceptionally(this::refused);
    }

    private Response refused(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (isError(cause, "READONLY")) {
            restart("it is no primary any more");
        } else if (cause instanceof Response) {
            long last = complained.get();
            if (System.nanoTime() - last > COMPLAINT_PAUSE && complained.compareAndSet(last, System.nanoTime())) {
                LOG.warnf("Redis answered with an error: %s", cause.getMessage());
            }
        }
        throw Pipeline.unavailable();
    }

    private static boolean isError(Throwable failure, String kind) {
        return failure instanceof Response
                && failure.getMessage() != null
                && failure.getMessage().startsWith(kind);
    }

    private void changed() {
        boolean now = wires().stream().allMatch(Wire::up);
        if (now == reachable) {
            return;
        }
        reachable = now;
        if (closed) {
            return;
        }
        if (now) {
            LOG.info("Redis is reached");
            readClock();
        } else {
            LOG.warn("Redis is out of reach");
        }
        listeners.forEach(listener -> listener.accept(now));
    }

    private void readClock() {
        long asked = System.nanoTime();
        commands.send(Request.cmd(Command.TIME)).thenAccept(time -> {
            long micros = time.get(0).toLong() * 1_000_000 + time.get(1).toLong();
            clock.observe(micros / 1000, asked);
        });
    }
}
