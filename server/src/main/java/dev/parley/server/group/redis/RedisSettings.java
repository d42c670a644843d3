package dev.parley.server.group.redis;

import dev.parley.server.group.SettingsStore;
import dev.parley.server.redis.HashScan;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Users' settings in Redis: the hash {@code parley:{p}:settings:<user>} with a field for each group. Any thread; stages complete on the link's loop. */
public final class RedisSettings implements SettingsStore {
    private static final Script SET = Script.of(RedisSettings.class, "set.lua");

    private final RedisLink link;

    public RedisSettings(RedisLink link) {
        this.link = link;
    }

    @Override
    public CompletionStage<Void> put(String user, String group, String json) {
        return link.send(SET.call()
                        .key(key(user))
                        .arg(group)
                        .arg(json == null ? "" : json)
                        .arg(KEPT.toMillis()))
                .thenApply(done -> null);
    }

    @Override
    public CompletionStage<Map<String, String>> of(String user) {
        return HashScan.read(link, key(user));
    }

    private static String key(String user) {
        return Keys.of("user/" + user, "settings", user);
    }
}
