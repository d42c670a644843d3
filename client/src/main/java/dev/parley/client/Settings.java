package dev.parley.client;

import dev.parley.protocol.ClientFrame;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** What {@link ParleyClientBuilder} was told; its methods say what each means. */
record Settings(
        URI url,
        HttpClient http,
        ParleyListener listener,
        String token,
        Supplier<? extends CompletionStage<String>> tokens,
        ClientFrame.Client program,
        DoubleSupplier jitter,
        Duration minDelay,
        Duration maxDelay,
        Duration requestTimeout,
        int maxQueued,
        int maxUndelivered,
        int maxIncoming,
        CursorStore cursors) {

    Backoff backoff() {
        return new Backoff(minDelay, maxDelay, jitter);
    }
}
