package dev.parley.server.security;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jose4j.lang.JoseException;

/**
 * The keys that an identity provider publishes at a URL. Fetched at the start and from time to time, so that keys which it takes back are gone here too, and when
 * a token names one that is not known. Asked on any thread; nothing here waits, and what was fetched last stays in use for as long as nothing better comes.
 *
 * <p>Who makes tokens up can have it fetch only once in a pause, and while the provider does not answer nobody is kept waiting for it.
 */
final class Jwks {
    private static final Logger LOG = Logger.getLogger(Jwks.class);
    private static final int BYTES_MAX = 1 << 20;

    private final String url;
    private final long pause;
    private final long timeoutMillis;
    private final HttpClient http;
    private volatile Keyring keys = Keyring.EMPTY;
    private volatile boolean fetched;
    private CompletableFuture<Boolean> underWay;
    private boolean failed;
    private long last;

    /**
     * Begins to fetch.
     *
     * @param refresh how often the keys are fetched anew
     * @param pause between two fetches at least
     * @param timeout for an answer
     */
    Jwks(Vertx vertx, String url, Duration refresh, Duration pause, Duration timeout) {
        this.url = url;
        this.timeoutMillis = timeout.toMillis();
        this.pause = pause.toNanos();
        this.http = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(1));
        vertx.setPeriodic(refresh.toMillis(), timer -> fetchNow());
        // While it is out of reach it is tried at every pause, so that the first token after that need not wait for it.
        vertx.setPeriodic(Math.max(1, pause.toMillis()), timer -> fetchAgain());
        fetchNow();
    }

    /** What was published last. */
    Keyring keys() {
        return keys;
    }

    /** Whether anything was ever fetched. */
    boolean fetched() {
        return fetched;
    }

    /**
     * Looks for a key that is not known.
     *
     * @param seen the keys that it is not among
     * @return whether there are others now; fails with {@code unavailable} when they cannot be fetched
     */
    CompletionStage<Boolean> lookAgain(Keyring seen) {
        synchronized (this) {
            if (keys != seen) {
                return CompletableFuture.completedStage(true);
            }
            if (failed) {
                return CompletableFuture.failedStage(unavailable());
            }
            if (underWay == null && System.nanoTime() - last < pause) {
                return CompletableFuture.completedStage(false);
            }
        }
        return fetch();
    }

    private void fetchAgain() {
        boolean again;
        synchronized (this) {
            again = failed;
        }
        if (again) {
            fetchNow();
        }
    }

    private void fetchNow() {
        fetch().exceptionally(told -> false);
    }

    private CompletionStage<Boolean> fetch() {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        synchronized (this) {
            if (underWay != null) {
                return underWay;
            }
            underWay = mine;
        }
        CompletableFuture<Keyring> answer = new CompletableFuture<>();
        http.request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(url)
                        .setTimeout(timeoutMillis)
                        .putHeader(HttpHeaders.ACCEPT, "application/jwk-set+json, application/json"))
                .compose(HttpClientRequest::send)
                .onSuccess(response -> read(response, answer))
                .onFailure(answer::completeExceptionally);
        answer.orTimeout(timeoutMillis, TimeUnit.MILLISECONDS).whenComplete((found, failure) -> {
            boolean was = settle(found, failure != null);
            if (failure == null) {
                LOG.debugf("%s has %d keys", url, found.entries().size());
                mine.complete(true);
            } else {
                if (!was) {
                    LOG.warnf(
                            "The keys of tokens cannot be fetched from %s (%s); those known stay in use",
                            url, failure.getMessage() == null ? "no answer in time" : failure.getMessage());
                }
                mine.completeExceptionally(unavailable());
            }
        });
        return mine;
    }

    /** Notes how a fetch ended, and gives whether the one before had failed. */
    private synchronized boolean settle(Keyring found, boolean failure) {
        boolean was = failed;
        underWay = null;
        failed = failure;
        last = System.nanoTime();
        if (!failure) {
            keys = found;
            fetched = true;
        }
        return was;
    }

    private static void read(HttpClientResponse response, CompletableFuture<Keyring> answer) {
        if (response.statusCode() != 200) {
            answer.completeExceptionally(new IOException("status " + response.statusCode()));
            response.request().reset();
            return;
        }
        Buffer body = Buffer.buffer();
        response.exceptionHandler(answer::completeExceptionally);
        response.handler(chunk -> {
            if (body.length() + chunk.length() > BYTES_MAX) {
                answer.completeExceptionally(new IOException("more than " + BYTES_MAX + " bytes"));
                response.request().reset();
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> {
            try {
                answer.complete(Keyring.ofJson(body.toString(), false));
            } catch (JoseException | RuntimeException e) {
                // A provider's document may be wrong in ways that the library does not foresee.
                answer.completeExceptionally(new IOException("no set of keys"));
            }
        });
    }

    private static ProtocolException unavailable() {
        return new ProtocolException(
                ErrorCode.UNAVAILABLE, "the keys that verify this token are out of reach; come back later");
    }
}
