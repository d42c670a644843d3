package dev.parley.server.group.redis;

import dev.parley.protocol.Address;
import dev.parley.server.group.Known;
import dev.parley.server.group.UserStore;
import dev.parley.server.redis.Gathered;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Command;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who has connected, in Redis: {@code parley:{p}:seen:<user>} holds the name and expires. Any thread; stages complete on the link's loop. */
public final class RedisUsers implements UserStore {
    private static final Script SEEN = Script.of(RedisUsers.class, "seen.lua");
    private static final Script KNOWN = Script.of(RedisUsers.class, "known.lua");

    private final RedisLink link;
    private final Gathered seen;
    private final Gathered known;

    public RedisUsers(RedisLink link) {
        this.link = link;
        this.seen = Gathered.writing(link, SEEN, KEPT.toMillis());
        this.known = Gathered.reading(link, KNOWN, 0);
    }

    @Override
    public CompletionStage<Void> seen(String user, String name) {
        return seen.ask(key(user), name).thenApply(done -> null);
    }

    /** When is told by how much of the time to keep is left: each visit begins it anew. */
    @Override
    public CompletionStage<Known> about(String user) {
        return known.ask(key(user), "").thenApply(found -> {
            if (found == null) {
                return null;
            }
            long past = KEPT.toMillis() - found.get(1).toLong();
            return new Known(found.get(0).toString(StandardCharsets.UTF_8), System.currentTimeMillis() - past);
        });
    }

    /** Also seen is who is connected now, where Redis has lost what it knew: then some instance hears the bell of the inbox. */
    @Override
    public CompletionStage<Boolean> wasSeen(String user) {
        return link.send(Command.EXISTS, key(user))
                .thenCompose(found -> found.toInteger() == 1
                        ? CompletableFuture.completedStage(true)
                        : link.isHeard(Keys.bell(new Address.User(user).channel())));
    }

    private static String key(String user) {
        return Keys.of("user/" + user, "seen", user);
    }
}
