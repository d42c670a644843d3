package dev.parley.server.log.redis;

import dev.parley.protocol.Cursor;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.LogUnavailableException;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Appends that go to Redis in one call of {@code append.lua}, and the reading of its answer. Made by {@link RedisChannelLog}, used by one thread at a time.
 */
final class AppendBatch {

    /** Tags have so many random bits: enough to tell two logs apart, and exact as a number everywhere. */
    private static final long TAGS = 1L << 48;

    /** An append that waits, its deadline in Redis' time, and whom to tell. */
    record Waiting(Append append, long deadline, CompletableFuture<Appended> result) {}

    /** What became of one append: its place and the tag before it, or why it failed. */
    private record Outcome(Appended appended, String previous, String failure) {}

    /** Appends to one channel with one window share their keys. */
    private record Group(String channel, long window) {}

    private static final class Shared {
        final int number;
        Append latest;
        Cursor known;

        Shared(int number) {
            this.number = number;
        }

        void take(Append append) {
            latest = append;
            Cursor more = append.known();
            boolean higher =
                    known == null || more != null && (!more.epoch().equals(known.epoch()) || more.seq() > known.seq());
            known = higher ? more : known;
        }
    }

    private final List<Waiting> appends;
    private final long[] tags;
    private final List<Outcome> outcomes = new ArrayList<>();

    AppendBatch(List<Waiting> appends) {
        this.appends = appends;
        this.tags = new long[appends.size()];
    }

    /** @param ringing whether the script rings; else {@link #bells} will be rung later */
    Script.Call call(Script script, boolean ringing) {
        Map<Group, Shared> groups = new LinkedHashMap<>();
        List<Shared> groupOf = new ArrayList<>(appends.size());
        for (Waiting one : appends) {
            Group group = new Group(one.append.channel(), window(one.append));
            Shared shared = groups.get(group);
            if (shared == null) {
                shared = new Shared(groups.size() + 1);
                groups.put(group, shared);
            }
            shared.take(one.append);
            groupOf.add(shared);
        }
        Script.Call call = script.call();
        (ringing ? call.publish() : call.arg("")).arg(Epochs.next()).arg(groups.size());
        groups.forEach((group, shared) -> addGroup(call, group, shared));
        for (int i = 0; i < tags.length; i++) {
            tags[i] = ThreadLocalRandom.current().nextLong(1, TAGS);
            addEntry(call, appends.get(i), groupOf.get(i).number, tags[i]);
        }
        return call;
    }

    /** A key of one of the channels: all live at the same place. */
    String key() {
        return Keys.meta(appends.get(0).append.channel());
    }

    private static long window(Append append) {
        return append.dedup() == null ? 0 : append.dedup().window().toMillis();
    }

    private static void addGroup(Script.Call call, Group group, Shared shared) {
        String channel = group.channel;
        call.key(Keys.meta(channel)).key(Keys.log(channel)).key(Keys.bell(channel));
        if (group.window > 0) {
            call.key(Keys.sent(channel, group.window, 0)).key(Keys.sent(channel, group.window, 1));
        }
        call.arg(shared.known == null ? "" : shared.known.epoch())
                .arg(shared.known == null ? 0 : shared.known.seq())
                .arg(group.window)
                .arg(shared.latest.retention().entries())
                .arg(shared.latest.retention().age().toMillis())
                .arg(shared.latest.retention().idle().toMillis());
    }

    private static void addEntry(Script.Call call, Waiting one, int group, long tag) {
        Append.Dedup dedup = one.append.dedup();
        call.arg(group)
                .arg(one.deadline)
                .arg(tag)
                .arg(one.append.time())
                .arg(dedup == null ? "" : dedup.sender() + '\0' + dedup.messageId())
                .arg(one.append.entry());
    }

    /**
     * Takes the script's answer.
     *
     * @return Redis' time, in milliseconds since 1970
     */
    long answered(Response answer) {
        for (int i = 0; i < appends.size(); i++) {
            outcomes.add(outcome(answer.get(i + 1).toString(StandardCharsets.UTF_8), appends.get(i).append));
        }
        return Long.parseLong(answer.get(0).toString());
    }

    private static Outcome outcome(String line, Append append) {
        char kind = line.charAt(0);
        if (kind == '-') {
            return new Outcome(null, null, "the deadline has passed");
        }
        if (kind == '!') {
            return new Outcome(null, null, line.substring(1));
        }
        int space = line.indexOf(' ');
        int second = line.indexOf(' ', space + 1);
        Cursor at = new Cursor(line.substring(1, space), Long.parseLong(line, space + 1, second, 10));
        String last = line.substring(second + 1);
        return kind == '+'
                ? new Outcome(new Appended(at, append.time(), false), last, null)
                : new Outcome(new Appended(at, Long.parseLong(last), true), null, null);
    }

    /**
     * What the script did not ring: the entries appended, in order, and a hint to look for each repeat, as the bells of its first try may never have been rung.
     */
    List<Rung> bells() {
        List<Rung> bells = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i);
            Append append = appends.get(i).append;
            if (outcome.previous != null) {
                Cursor at = outcome.appended.at();
                bells.add(new Rung(
                        append.channel(),
                        Bell.entry(at.epoch(), Long.toString(at.seq()), outcome.previous, tags[i], append.entry())));
            } else if (outcome.appended != null) {
                bells.add(new Rung(append.channel(), Bell.LOOK));
            }
        }
        return bells;
    }

    /** A message for a channel's bell. */
    record Rung(String channel, byte[] message) {}

    /** Tells everyone what became of their appends. */
    void tell() {
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i);
            CompletableFuture<Appended> result = appends.get(i).result;
            if (outcome.failure == null) {
                result.complete(outcome.appended);
            } else {
                result.completeExceptionally(new LogUnavailableException(outcome.failure));
            }
        }
    }

    /** Tells everyone that it is unknown what became of their appends. */
    void fail(String reason) {
        appends.forEach(one -> one.result.completeExceptionally(new LogUnavailableException(reason)));
    }
}
