package dev.parley.server.presence.redis;

import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.delivery.Event;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.presence.Announcement;
import dev.parley.server.presence.Announcement.Change;
import dev.parley.server.presence.Here;
import dev.parley.server.presence.PresenceStore;
import dev.parley.server.presence.Seen;
import dev.parley.server.redis.HashScan;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Presence in Redis: for each group the hash {@code parley:{p}:presence:<group>} with fields {@code <node>|<user>} that hold {@code <devices> <since> <name>}.
 * Any thread; stages complete on the link's loop.
 */
public final class RedisPresences implements PresenceStore {

    /** What nobody keeps any more is left behind by instances that all died. */
    private static final Duration UNUSED = Duration.ofMinutes(30);

    private static final Script WRITE = Script.of(RedisPresences.class, "write.lua");
    private static final char BETWEEN = '|';

    /** The rest is found again at the next look. */
    private static final int FORGOTTEN_AT_ONCE = 1_000;

    private final RedisLink link;
    private final ChannelLog log;
    private final String node;

    public RedisPresences(RedisLink link, ChannelLog log, String node) {
        this.link = link;
        this.log = log;
        this.node = node;
    }

    @Override
    public CompletionStage<Void> write(String group, List<Change> changes) {
        Script.Call call = begin(group);
        for (Change change : changes) {
            call.arg(node + BETWEEN + change.user()).arg(change.here() == null ? "" : encode(change.here()));
        }
        byte[] ring = Event.presence(new Announcement(node, changes).encode());
        long asked = System.nanoTime();
        return link.send(call).thenCompose(refusedAt -> {
            if (refusedAt.toLong() != 0) {
                // Or Redis' clock was set forward: then the next write has a deadline by that.
                link.clock(Keys.presence(group)).observe(refusedAt.toLong(), asked);
                throw new ProtocolException(ErrorCode.UNAVAILABLE, "the hub's store took too long; try again");
            }
            return log.ring(new Address.Group(group).channel(), ring);
        });
    }

    /** What a network held up longer than anybody waited for it is not to take effect when it gets through. */
    private Script.Call begin(String group) {
        String key = Keys.presence(group);
        return WRITE.call()
                .key(key)
                .arg(link.clock(key).now() + LATEST.toMillis())
                .arg(UNUSED.toMillis());
    }

    @Override
    public CompletionStage<List<Seen>> read(String group) {
        return HashScan.read(link, Keys.presence(group)).thenApply(fields -> {
            List<Seen> seen = new ArrayList<>(fields.size());
            for (Map.Entry<String, String> field : fields.entrySet()) {
                int bar = field.getKey().indexOf(BETWEEN);
                seen.add(new Seen(
                        field.getKey().substring(0, bar), field.getKey().substring(bar + 1), decode(field.getValue())));
            }
            return seen;
        });
    }

    @Override
    public CompletionStage<Void> forget(String group, Collection<Seen> leftBehind) {
        Script.Call call = begin(group);
        leftBehind.stream()
                .limit(FORGOTTEN_AT_ONCE)
                .forEach(one -> call.arg(one.node() + BETWEEN + one.user()).arg(""));
        return link.send(call).thenApply(forgotten -> null);
    }

    @Override
    public CompletionStage<Void> keep(String group) {
        return link.send(Command.PEXPIRE, Keys.presence(group), UNUSED.toMillis())
                .thenApply(kept -> null);
    }

    @Override
    public void onInterruption(Runnable listener) {
        link.onReachable(reachable -> {
            if (reachable) {
                listener.run();
            }
        });
    }

    private static String encode(Here here) {
        return here.devices() + " " + here.since() + ' ' + here.name();
    }

    private static Here decode(String text) {
        String[] parts = text.split(" ", 3);
        return new Here(parts[2], Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }
}
