package dev.parley.server.group.redis;

import dev.parley.protocol.Role;
import dev.parley.server.group.About;
import dev.parley.server.group.Description;
import dev.parley.server.group.MembershipStore;
import dev.parley.server.group.Pending;
import dev.parley.server.group.Roll;
import dev.parley.server.group.Seat;
import dev.parley.server.redis.Gathered;
import dev.parley.server.redis.HashScan;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Memberships in Redis, shared by all instances. Any thread; stages complete on the link's loop.
 *
 * <p>A group is the hash {@code parley:{p}:members:<group>}: a field for each user with a {@link Seat}, {@code ~} marks that the group exists, {@code ~#} counts
 * its members, and {@code ~d} is its {@link Description}; none of them can be a user's id. A user's list is the hash {@code parley:{p}:groups:<user>}. The sorted set {@code parley:pending} has the changes under
 * way of all groups by when they began, in Redis' time; it is empty most of the time.
 */
public final class RedisMemberships implements MembershipStore {
    private static final String EXISTS = "~";
    private static final String COUNT = "~#";
    private static final String PENDING = "parley:pending";
    private static final Script NOTE = Script.of(RedisMemberships.class, "note.lua");
    private static final Script NOTED = Script.of(RedisMemberships.class, "noted.lua");
    private static final Script CHANGE = Script.of(RedisMemberships.class, "change.lua");
    private static final Script SETTLE = Script.of(RedisMemberships.class, "settle.lua");
    private static final Script UNMARK = Script.of(RedisMemberships.class, "unmark.lua");

    private static final Script ABOUT = Script.of(RedisMemberships.class, "about.lua");
    private static final Script DESCRIBE = Script.of(RedisMemberships.class, "describe.lua");

    private static final Script LISTED = Script.of(RedisMemberships.class, "listed.lua");
    private static final int PAGE = 500;

    private final RedisLink link;
    private final Gathered lists;
    private final Gathered abouts;

    public RedisMemberships(RedisLink link) {
        this.link = link;
        this.lists = Gathered.reading(link, LISTED, PAGE);
        this.abouts = Gathered.reading(link, ABOUT, 0);
    }

    @Override
    public CompletionStage<Void> note(Pending change) {
        return link.send(NOTE.call().key(PENDING).arg(change.encode())).thenApply(done -> null);
    }

    @Override
    public CompletionStage<Void> strike(Pending change) {
        return link.send(Command.ZREM, PENDING, change.encode()).thenApply(done -> null);
    }

    @Override
    public CompletionStage<List<Pending>> noted(Duration age, int most) {
        return link.send(NOTED.call().key(PENDING).arg(age.toMillis()).arg(most))
                .thenApply(found -> {
                    List<Pending> changes = new ArrayList<>();
                    found.forEach(each -> changes.add(Pending.decode(text(each))));
                    return changes;
                });
    }

    @Override
    public CompletionStage<Roll> look(String group, String user) {
        return link.send(Command.HMGET, Keys.members(group), EXISTS, COUNT, user)
                .thenApply(fields -> new Roll(
                        fields.get(0) != null,
                        fields.get(1) == null ? 0 : fields.get(1).toLong(),
                        fields.get(2) == null ? null : Seat.decode(text(fields.get(2)))));
    }

    @Override
    public CompletionStage<Map<String, Seat>> members(String group) {
        return HashScan.read(link, Keys.members(group)).thenApply(fields -> {
            Map<String, Seat> members = new HashMap<>();
            fields.forEach((user, seat) -> {
                if (!user.startsWith(EXISTS) && Seat.decode(seat).taken()) {
                    members.put(user, Seat.decode(seat));
                }
            });
            return members;
        });
    }

    @Override
    public CompletionStage<About> about(String group) {
        return abouts.ask(Keys.members(group), "")
                .thenApply(fields -> new About(
                        fields.get(0) != null,
                        fields.get(1) == null ? 0 : fields.get(1).toLong(),
                        Description.decode(fields.get(2) == null ? null : text(fields.get(2)))));
    }

    @Override
    public CompletionStage<Boolean> describe(String group, String seen, Description next) {
        return link.send(DESCRIBE.call().key(Keys.members(group)).arg(seen).arg(next.encode()))
                .thenApply(RedisMemberships::isOne);
    }

    @Override
    public CompletionStage<Outcome> change(String group, String user, Roll seen, Seat next, Terms terms) {
        int more = (next.taken() ? 1 : 0) - (seen.member() ? 1 : 0);
        boolean owned = seen.member() && seen.seat().role() == Role.OWNER && next.role() != Role.OWNER;
        return link.send(CHANGE.call()
                        .key(Keys.members(group))
                        .arg(user)
                        .arg(seen.exists() ? 1 : 0)
                        .arg(seen.version())
                        .arg(next.encode())
                        .arg(more)
                        .arg(terms.most())
                        .arg(terms.owned() && owned ? 1 : 0)
                        .arg(next.taken() ? 0 : 1))
                .thenApply(outcome -> Outcome.values()[outcome.toInteger()]);
    }

    @Override
    public CompletionStage<Void> settle(String group, String user, Seat told) {
        return link.send(SETTLE.call()
                        .key(Keys.members(group))
                        .arg(user)
                        .arg(told.version())
                        .arg(told.taken() ? told.encode() : ""))
                .thenApply(done -> null);
    }

    @Override
    public CompletionStage<Map<String, String>> listed(String user) {
        String key = Keys.groups(user);
        return lists.ask(key, "").thenCompose(page -> {
            boolean whole = text(page.get(0)).equals("0");
            return whole ? CompletableFuture.completedStage(HashScan.pairs(page)) : HashScan.read(link, key);
        });
    }

    @Override
    public CompletionStage<Long> count(String user) {
        return link.send(Command.HLEN, Keys.groups(user)).thenApply(Response::toLong);
    }

    @Override
    public CompletionStage<String> listed(String user, String group) {
        return link.send(Command.HGET, Keys.groups(user), group).thenApply(value -> value == null ? null : text(value));
    }

    @Override
    public CompletionStage<Void> mark(String user, String group, String mark) {
        return link.send(Command.HSET, Keys.groups(user), group, mark).thenApply(done -> null);
    }

    @Override
    public CompletionStage<Boolean> unmark(String user, String group, String mark, String listing) {
        return link.send(UNMARK.call()
                        .key(Keys.groups(user))
                        .arg(group)
                        .arg(mark)
                        .arg(listing == null ? "" : listing))
                .thenApply(RedisMemberships::isOne);
    }

    private static boolean isOne(Response response) {
        return response.toInteger() == 1;
    }

    private static String text(Response response) {
        return response.toString(StandardCharsets.UTF_8);
    }
}
