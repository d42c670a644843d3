package dev.parley.server.log.redis;

import dev.parley.protocol.Cursor;
import dev.parley.server.log.LogUnavailableException;
import dev.parley.server.log.Mark;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Head reads that go to Redis in one call of {@code head.lua}: an audit asks for thousands. Used by one thread at a time. */
record HeadBatch(List<Waiting> heads) {

    /** How long a channel lives that was only looked at. */
    private static final Duration UNUSED = Duration.ofDays(1);

    /** A head read that waits, and whom to tell. */
    record Waiting(String channel, Cursor known, long tag, CompletableFuture<Mark> result) {}

    Script.Call call(Script script) {
        Script.Call call = script.call().publish().arg(Epochs.next()).arg(UNUSED.toMillis());
        for (Waiting one : heads) {
            call.key(Keys.meta(one.channel)).key(Keys.log(one.channel)).key(Keys.bell(one.channel));
            call.arg(one.known == null ? "" : one.known.epoch())
                    .arg(one.known == null ? 0 : one.known.seq())
                    .arg(one.tag);
        }
        return call;
    }

    void tell(Response answer) {
        for (int i = 0; i < heads.size(); i++) {
            Cursor head = new Cursor(
                    answer.get(3 * i).toString(), answer.get(3 * i + 1).toLong());
            heads.get(i).result.complete(new Mark(head, answer.get(3 * i + 2).toLong()));
        }
    }

    void fail(String reason) {
        heads.forEach(one -> one.result.completeExceptionally(new LogUnavailableException(reason)));
    }
}
