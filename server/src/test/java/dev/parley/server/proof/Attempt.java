package dev.parley.server.proof;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** One try to send a message; used by a test's thread. */
interface Attempt {

    /** Sends, once. The answer's fields come later, or a {@link RefusedException}. */
    CompletableFuture<JsonObject> begin();

    /** The sender goes, without a word. */
    void vanish();

    /** Over a WebSocket that stands already. */
    static Attempt overWebSocket(RawClient client, JsonObject send) {
        return new Attempt() {
            @Override
            public CompletableFuture<JsonObject> begin() {
                return client.sendOnce(send);
            }

            @Override
            public void vanish() {
                client.drop();
            }
        };
    }

    /** Over HTTP, as a service. */
    static Attempt overHttp(ServerProcess server, JsonObject message, String key) {
        return new Attempt() {
            private CompletableFuture<HttpResponse<String>> call;

            @Override
            public CompletableFuture<JsonObject> begin() {
                HttpRequest request = ServerProcess.request(server.uri(), "/v1/messages")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(message.encode()))
                        .build();
                call = Wire.HTTP.sendAsync(request, BodyHandlers.ofString());
                return call.thenApply(response -> answer(response.statusCode(), new JsonObject(response.body())));
            }

            @Override
            public void vanish() {
                call.cancel(true);
            }
        };
    }

    private static JsonObject answer(int status, JsonObject body) {
        if (status != 202) {
            throw new RefusedException(body.put("retryable", status == 503));
        }
        return body;
    }
}
