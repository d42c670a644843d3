package dev.parley.client;

import dev.parley.protocol.ClientFrame;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Builds a {@link ParleyClient}. Everything has a default; without a token one is a guest. */
public final class ParleyClientBuilder {
    private final URI url;
    private HttpClient http;
    private ParleyListener listener = new ParleyListener() {};
    private String token;
    private Supplier<? extends CompletionStage<String>> tokens;
    private ClientFrame.Client program = new ClientFrame.Client("parley-java", version());
    private DoubleSupplier jitter = () -> ThreadLocalRandom.current().nextDouble();
    private Duration minDelay = Duration.ofMillis(500);
    private Duration maxDelay = Duration.ofSeconds(20);
    private Duration requestTimeout = Duration.ofSeconds(10);
    private int maxQueued = 1000;
    private int maxUndelivered = 256;
    private int maxIncoming = 16 * 1024 * 1024;
    private CursorStore cursors;

    ParleyClientBuilder(URI url) {
        String scheme = url.getScheme();
        if (url.getHost() == null || !"ws".equalsIgnoreCase(scheme) && !"wss".equalsIgnoreCase(scheme)) {
            throw new IllegalArgumentException(url + " is no WebSocket address such as ws://localhost:8080/v1/connect");
        }
        this.url = url;
    }

    /** Who hears what comes. */
    public ParleyClientBuilder listener(ParleyListener its) {
        listener = Objects.requireNonNull(its);
        return this;
    }

    /** The token to begin with; when the server does not take it any more and there is no supplier, the client stops. */
    public ParleyClientBuilder token(String jwt) {
        token = jwt;
        return this;
    }

    /**
     * Where tokens come from: asked, on the client's thread, where it must not block, for the first one unless one was given, when one is about to end, and
     * when one was refused. Its failing counts as a failed attempt to connect.
     */
    public ParleyClientBuilder tokens(Supplier<? extends CompletionStage<String>> supplier) {
        tokens = supplier;
        return this;
    }

    /** As {@link #tokens}, from a supplier that may block: it is called on the common pool. */
    public ParleyClientBuilder blockingTokens(Supplier<String> supplier) {
        return tokens(() -> CompletableFuture.supplyAsync(supplier));
    }

    /** What program this is, for the hub's operators to see. */
    public ParleyClientBuilder program(String name, String version) {
        program = new ClientFrame.Client(name, version);
        return this;
    }

    /** Chance, as numbers from 0 to below 1, called on the client's thread. */
    public ParleyClientBuilder jitter(DoubleSupplier random) {
        jitter = random;
        return this;
    }

    /** The bounds from which delays before coming back are drawn; 0.5 to 20 seconds by default. */
    public ParleyClientBuilder reconnectDelay(Duration min, Duration max) {
        if (min.isNegative() || min.isZero() || max.compareTo(min) < 0) {
            throw new IllegalArgumentException("the delays are to be above zero, the longest not below the shortest");
        }
        minDelay = min;
        maxDelay = max;
        return this;
    }

    /** How long an answer may take, that to a connection attempt included; 10 seconds by default. */
    public ParleyClientBuilder requestTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the request timeout is to be above zero");
        }
        requestTimeout = timeout;
        return this;
    }

    /** How many sends may be unanswered before further ones are rejected; 1000 by default. */
    public ParleyClientBuilder maxQueued(int sends) {
        maxQueued = atLeastOne(sends);
        return this;
    }

    /** How many calls of the listener may be outstanding before reading from the socket pauses; 256 by default. */
    public ParleyClientBuilder maxUndelivered(int calls) {
        maxUndelivered = atLeastOne(calls);
        return this;
    }

    /** The largest WebSocket message taken from the server, in characters; 16 Mi by default, room for a page of history with large messages. */
    public ParleyClientBuilder maxIncoming(int characters) {
        maxIncoming = atLeastOne(characters);
        return this;
    }

    /** Keeps cursors beyond the process. */
    public ParleyClientBuilder cursors(CursorStore store) {
        cursors = store;
        return this;
    }

    /** The HTTP client that opens the socket, for a proxy or a TLS context of one's own. */
    public ParleyClientBuilder http(HttpClient client) {
        http = client;
        return this;
    }

    /** The client, not yet connected. */
    public ParleyClient build() {
        return new ParleyClient(new Settings(
                url,
                http == null ? HttpClient.newHttpClient() : http,
                listener,
                token,
                tokens,
                program,
                jitter,
                minDelay,
                maxDelay,
                requestTimeout,
                maxQueued,
                maxUndelivered,
                maxIncoming,
                cursors));
    }

    private static int atLeastOne(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("a bound is at least 1");
        }
        return bound;
    }

    private static String version() {
        String version = ParleyClientBuilder.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
