package dev.parley.server.group.redis;

import dev.parley.server.group.UserStore;
import dev.parley.server.redis.Gathered;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Command;
import java.util.concurrent.CompletionStage;

/** Who has connected, in Redis: {@code parley:{p}:seen:<user>} holds the name and expires. Any thread; stages complete on the link's loop. */
public final class RedisUsers implements UserStore {
    private static final Script SEEN = Script.of(RedisUsers.class, "seen.lua");

    private final RedisLink link;
    private final Gathered seen;

    public RedisUsers(RedisLink link) {
        this.link = link;
        this.seen = Gathered.writing(link, SEEN, KEPT.toMillis());
    }

    @Override
    public CompletionStage<Void> seen(String user, String name) {
        return seen.ask(key(user), name).thenApply(done -> null);
    }

    @Override
    public CompletionStage<Boolean> wasSeen(String user) {
        return link.send(Command.EXISTS, key(user)).thenApply(found -> found.toInteger() == 1);
    }

    private static String key(String user) {
        return Keys.of("user/" + user, "seen", user);
    }
}
