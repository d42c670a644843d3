package dev.parley.server.hook.redis;

import dev.parley.server.hook.CloudEvent;
import dev.parley.server.hook.EventStore;
import dev.parley.server.redis.Gathered;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The events of one webhook in Redis: the stream {@code parley:{p}:events:<webhook>} has those that wait, {@code parley:{p}:teller:<webhook>} names the instance that
 * tells, and expires. Any thread; stages complete on the link's loop.
 */
public final class RedisEvents implements EventStore {
    private static final Script KEEP = Script.of(RedisEvents.class, "keep.lua");
    private static final Script HOLD = Script.of(RedisEvents.class, "hold.lua");
    private static final Script RELEASE = Script.of(RedisEvents.class, "release.lua");
    private static final char BREAK = '\n';

    private final RedisLink link;
    private final String events;
    private final String teller;
    private final Gathered kept;

    /**
     * The events of a webhook.
     *
     * @param most so many may wait
     */
    public RedisEvents(RedisLink link, String webhook, int most) {
        this.link = link;
        this.events = Keys.of("webhook/" + webhook, "events", webhook);
        this.teller = Keys.of("webhook/" + webhook, "teller", webhook);
        this.kept = Gathered.writing(link, KEEP, most);
    }

    @Override
    public CompletionStage<Boolean> keep(CloudEvent event) {
        String text = event.id() + BREAK + event.lane() + BREAK + new String(event.body(), StandardCharsets.UTF_8);
        return kept.ask(events, text).thenApply(answer -> answer.toInteger() == 1);
    }

    @Override
    public CompletionStage<Long> hold(String node, Duration lease) {
        return link.send(HOLD.call().key(teller).key(events).arg(node).arg(lease.toMillis()))
                .thenApply(Response::toLong);
    }

    @Override
    public CompletionStage<Void> release(String node) {
        return link.send(RELEASE.call().key(teller).arg(node)).thenApply(done -> null);
    }

    @Override
    public CompletionStage<List<Waiting>> after(String place, int most) {
        return link.read(Command.XRANGE, events, "(" + place, "+", "COUNT", most)
                .thenApply(found -> {
                    List<Waiting> waiting = new ArrayList<>();
                    for (Response entry : found) {
                        waiting.add(new Waiting(
                                entry.get(0).toString(), event(entry.get(1).get(1))));
                    }
                    return waiting;
                });
    }

    @Override
    public CompletionStage<Void> strike(List<String> places) {
        return link.send(Command.XDEL, events, places.toArray()).thenApply(done -> null);
    }

    private static CloudEvent event(Response kept) {
        String[] parts = kept.toString(StandardCharsets.UTF_8).split(String.valueOf(BREAK), 3);
        return new CloudEvent(parts[0], parts[1], parts[2].getBytes(StandardCharsets.UTF_8));
    }
}
