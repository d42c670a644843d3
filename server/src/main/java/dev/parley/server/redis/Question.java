package dev.parley.server.redis;

import dev.parley.server.Failures;
import dev.parley.server.redis.Shard.Lane;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One command on its way to the shard that owns its key, and back. Asked on any thread; its answer comes on the loop.
 *
 * <p>It is sent a second time only when the server said that it did not execute it: NOSCRIPT, MOVED, ASK, TRYAGAIN. In all other cases what became of it is
 * for the asker to find out.
 */
final class Question {

    /** The pause before the second try where another has to wait for something; doubled each time. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(160);

    /** What is to be sent, each time a fresh one, as the driver encodes in place. */
    interface Wording {
        Request to(Shard shard, boolean inFull);
    }

    /** An answer and who gave it. */
    record Answer(Response response, Shard shard) {}

    private final Shards shards;
    private final Lane lane;
    private final String key;
    private final Wording wording;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final long asked = System.nanoTime();
    private boolean inFull;
    private boolean asking;
    private int pauses;

    private Question(Shards shards, Lane lane, String key, Wording wording) {
        this.shards = shards;
        this.lane = lane;
        this.key = key;
        this.wording = wording;
    }

    static CompletionStage<Answer> ask(Shards shards, Lane lane, String key, Wording wording) {
        Question question = new Question(shards, lane, key, wording);
        question.send(shards.owner(key));
        return question.answer;
    }

    static CompletionStage<Answer> ask(Shards shards, Lane lane, Script.Call call) {
        return ask(
                shards,
                lane,
                call.key(),
                (shard, inFull) -> inFull ? call.inFull(shard.publish()) : call.byHash(shard.publish()));
    }

    private void send(Shard shard) {
        if (shard == null) {
            fail();
            return;
        }
        Pipeline pipeline = shard.pipeline(lane);
        Request request = wording.to(shard, inFull);
        CompletableFuture<Response> sent = asking ? pipeline.sendAsking(request) : pipeline.send(request);
        sent.whenComplete((response, failure) -> answered(shard, response, failure));
    }

    private void answered(Shard shard, Response response, Throwable failure) {
        if (failure == null) {
            answer.complete(new Answer(response, shard));
            return;
        }
        Throwable cause = Failures.causeOf(failure);
        if (cause instanceof Response) {
            // An answer that was there at once is told on the asker's thread.
            shards.run(() -> refused(shard, cause));
        } else {
            fail();
        }
    }

    private void refused(Shard shard, Throwable error) {
        String message = error.getMessage() == null ? "" : error.getMessage();
        String[] words = message.split(" ", 4);
        switch (words[0]) {
            case "NOSCRIPT" -> sendInFull(shard);
            case "MOVED" -> moved(Integer.parseInt(words[1]), Endpoint.redirected(words[2], shard.endpoint()));
            case "ASK" -> sendAsking(Endpoint.redirected(words[2], shard.endpoint()));
            case "TRYAGAIN" -> sendLater();
            case "READONLY" -> {
                shard.restart("it is no primary any more");
                shards.look();
                fail();
            }
            case "CLUSTERDOWN", "MASTERDOWN", "LOADING" -> {
                shards.look();
                fail();
            }
            default -> {
                shards.complain(shard, error);
                fail();
            }
        }
    }

    private void sendInFull(Shard shard) {
        if (inFull) {
            fail();
        } else {
            inFull = true;
            send(shard);
        }
    }

    private void moved(int slot, Endpoint owner) {
        if (!shards.moved(slot, owner)) {
            fail();
            return;
        }
        asking = false;
        Shard shard = shards.owner(key);
        if (pauses == 0 && shard.up()) {
            pauses++;
            send(shard);
        } else {
            sendLater();
        }
    }

    /** The slot is on its way there, and the key has gone ahead or does not exist yet. */
    private void sendAsking(Endpoint next) {
        Shard shard = shards.at(next);
        if (!shard.up() || asking) {
            sendLater();
        } else {
            asking = true;
            send(shard);
        }
    }

    /** Waits a moment for what is on its way to arrive, and asks the owner again. */
    private void sendLater() {
        asking = false;
        long pause = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(pauses++, 10));
        long left = shards.timeout().minusNanos(System.nanoTime() - asked).toMillis();
        if (left <= pause || !shards.postpone(Duration.ofMillis(pause), () -> send(shards.owner(key)))) {
            fail();
        }
    }

    private void fail() {
        answer.completeExceptionally(Pipeline.unavailable());
    }
}
