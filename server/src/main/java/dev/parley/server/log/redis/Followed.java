package dev.parley.server.log.redis;

import dev.parley.server.log.Doorbell;
import dev.parley.server.log.Following;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Subscription;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One channel's doorbell in Redis: hands what is published there to who follows. Made by {@link RedisChannelLog}; rung on the link's loop. */
final class Followed implements Following, Subscription.Listener {
    private final RedisLink link;
    private final Bell bell;
    private final Subscription subscription;

    Followed(RedisLink link, String channel, Doorbell doorbell) {
        this.link = link;
        this.bell = new Bell(doorbell);
        this.subscription = link.subscribe(Keys.bell(channel), this);
    }

    @Override
    public void message(byte[] message) {
        bell.ring(message);
    }

    @Override
    public void interrupted() {
        bell.interrupted();
    }

    @Override
    public CompletionStage<Void> ready() {
        if (!link.reachable(subscription.key())) {
            // Whoever waits for it is told at once, as whoever sends is.
            return CompletableFuture.failedStage(RedisChannelLog.unavailable());
        }
        return subscription.ready().exceptionally(late -> {
            throw RedisChannelLog.unavailable();
        });
    }

    @Override
    public void close() {
        subscription.close();
    }
}
