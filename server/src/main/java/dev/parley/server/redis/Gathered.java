package dev.parley.server.redis;

import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The same question about many keys, put to Redis by a script that takes a key and an argument for each and gives an answer for each: what is asked while the
 * last call is under way goes as the next, so that thousands who come at once cost some calls and not thousands. Any thread; stages complete on the link's loop
 * and fail with {@code unavailable} when Redis is out of reach or too much waits.
 */
public final class Gathered {

    /** Some 0.5 ms of Redis' time for one call. */
    private static final Batches.Bounds BOUNDS = new Batches.Bounds(65_536, 256L << 20, 256, 1 << 20);

    private final RedisLink link;
    private final Function<Script.Call, CompletionStage<Response>> sender;
    private final Script script;
    private final long common;
    private final Batches<Asked> batches = new Batches<>(BOUNDS, this::send, Gathered::refuse);

    private record Asked(String key, String argument, CompletableFuture<Response> answer) {}

    private Gathered(
            RedisLink link, Function<Script.Call, CompletionStage<Response>> sender, Script script, long common) {
        this.link = link;
        this.sender = sender;
        this.script = script;
        this.common = common;
    }

    /**
     * Questions that only read.
     *
     * @param common the first argument of each call
     */
    public static Gathered reading(RedisLink link, Script script, long common) {
        return new Gathered(link, link::read, script, common);
    }

    /**
     * Questions that write.
     *
     * @param common the first argument of each call
     */
    public static Gathered writing(RedisLink link, Script script, long common) {
        return new Gathered(link, link::send, script, common);
    }

    /** Asks about one key; the answer may be null. */
    public CompletionStage<Response> ask(String key, String argument) {
        Asked asked = new Asked(key, argument, new CompletableFuture<>());
        if (!link.configured() || !batches.offer(link.part(key), asked, argument.length())) {
            refuse(asked);
        }
        return asked.answer;
    }

    private static void refuse(Asked one) {
        one.answer.completeExceptionally(Pipeline.unavailable());
    }

    private CompletionStage<Runnable> send(List<Asked> asked) {
        Script.Call call = script.call().arg(common);
        asked.forEach(one -> call.key(one.key).arg(one.argument));
        return sender.apply(call).handle((answers, failure) -> () -> {
            for (int i = 0; i < asked.size(); i++) {
                if (failure == null) {
                    asked.get(i).answer.complete(answers.get(i));
                } else {
                    refuse(asked.get(i));
                }
            }
        });
    }
}
