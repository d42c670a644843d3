package dev.parley.server.hook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** A service that is called with signed events. Any thread; answers come on threads of the HTTP client. Redirects are not followed: a secret's call goes where it was meant to. */
final class Endpoint {
    private static final int ANSWER_MAX = 1 << 20;

    private final HttpClient http;
    private final URI uri;
    private final Signature signature;
    private final Duration deadline;

    /** @param deadline for each call, from its beginning to the end of its answer */
    Endpoint(URI uri, Signature signature, Duration deadline) {
        this.uri = uri;
        this.signature = signature;
        this.deadline = deadline;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(deadline)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Calls it. Gives the answer's body; fails for anything but a status of 200 to 299. */
    CompletionStage<byte[]> call(CloudEvent event) {
        long timestamp = System.currentTimeMillis() / 1000;
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(deadline)
                .header("Content-Type", "application/cloudevents+json; charset=utf-8")
                .header("webhook-id", event.id())
                .header("webhook-timestamp", Long.toString(timestamp))
                .header("webhook-signature", signature.of(event.id(), timestamp, event.body()))
                .POST(BodyPublishers.ofByteArray(event.body()))
                .build();
        CompletableFuture<HttpResponse<byte[]>> call = http.sendAsync(request, answer -> new Bounded());
        // The request's own timeout ends with the answer's head (JDK-8208693, in JDKs before 26).
        return call.copy()
                .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> call.cancel(true))
                .thenApply(Endpoint::taken);
    }

    private static byte[] taken(HttpResponse<byte[]> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("answered with " + answer.statusCode());
        }
        return answer.body();
    }

    /** Takes a body of limited size. */
    private static final class Bounded implements HttpResponse.BodySubscriber<byte[]> {
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Flow.Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (bytes.size() + buffer.remaining() > ANSWER_MAX) {
                    subscription.cancel();
                    body.completeExceptionally(new IOException("the answer is too large"));
                    return;
                }
                byte[] some = new byte[buffer.remaining()];
                buffer.get(some);
                bytes.writeBytes(some);
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
