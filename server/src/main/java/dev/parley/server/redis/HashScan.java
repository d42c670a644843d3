package dev.parley.server.redis;

import dev.parley.server.redis.Shard.Lane;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads a whole hash in pages, so that a large one keeps nobody else waiting for Redis. A field that is there from the beginning to the end of the reading is
 * found; one that comes, goes or changes meanwhile may be found as it was or as it is. Any thread.
 */
public final class HashScan {
    private static final int PAGE = 500;

    private final RedisLink link;
    private final String key;
    private final Map<String, String> found = new HashMap<>();
    private Shard shard;

    private HashScan(RedisLink link, String key) {
        this.link = link;
        this.key = key;
    }

    /**
     * Reads a hash.
     *
     * @return its fields, none where there is no such hash; fails as {@link RedisLink} says
     */
    public static CompletionStage<Map<String, String>> read(RedisLink link, String key) {
        return new HashScan(link, key).from("0");
    }

    /** The fields of one answer of {@code HSCAN}. */
    public static Map<String, String> pairs(Response page) {
        Map<String, String> fields = new HashMap<>();
        Response pairs = page.get(1);
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            fields.put(text(pairs.get(i)), text(pairs.get(i + 1)));
        }
        return fields;
    }

    private CompletionStage<Map<String, String>> from(String cursor) {
        return link.ask(Lane.READS, Command.HSCAN, key, cursor, "COUNT", PAGE).thenCompose(answer -> {
            boolean begins = cursor.equals("0");
            if (!begins && answer.shard() != shard) {
                // Another server has the hash now, and to it this cursor means another place.
                found.clear();
                return from("0");
            }
            shard = answer.shard();
            Response page = answer.response();
            found.putAll(pairs(page));
            String next = text(page.get(0));
            return next.equals("0") ? CompletableFuture.completedStage(found) : from(next);
        });
    }

    private static String text(Response response) {
        return response.toString(StandardCharsets.UTF_8);
    }
}
