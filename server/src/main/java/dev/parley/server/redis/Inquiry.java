package dev.parley.server.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Questions to a server on a connection of their own, which is closed afterwards: for the few that tell where everything is. On the loop. */
final class Inquiry {
    private Inquiry() {}

    /**
     * Asks.
     *
     * @param timeout for all of it
     * @return the answers in order; fails without them, or when one is an error
     */
    static CompletableFuture<List<Response>> ask(
            Loop loop, RedisOptions server, Duration timeout, List<Request> questions) {
        CompletableFuture<List<Response>> answers = new CompletableFuture<>();
        Redis client = Redis.createClient(loop.vertx(), Wire.only(server, "inquiry"));
        long patience = loop.after(timeout, () -> answers.completeExceptionally(Pipeline.unavailable()));
        client.connect()
                .compose(connection -> {
                    connection.exceptionHandler(answers::completeExceptionally);
                    return Future.all(questions.stream().map(connection::send).toList());
                })
                .onSuccess(all -> answers.complete(all.list()))
                .onFailure(answers::completeExceptionally);
        answers.whenComplete((all, failure) -> {
            loop.cancel(patience);
            client.close();
        });
        return answers;
    }
}
