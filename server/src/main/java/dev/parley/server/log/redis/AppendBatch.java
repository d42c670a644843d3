package dev.parley.server.log.redis;

import dev.parley.protocol.Cursor;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.LogCounters;
import dev.parley.server.log.LogUnavailableException;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.Script;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Appends that go to Redis in one call of {@code append.lua}, and the reading of its answer. Made by {@link RedisChannelLog}, used by one thread at a time.
 *
 * <p>They go run by run: those of one channel and one window follow each other, whatever stood between them, as order matters within a channel only.
 */
final class AppendBatch {

    /** Tags have so many random bits: enough to tell two logs apart, and exact as a number everywhere. */
    private static final long TAGS = 1L << 48;

    /** An append that waits, its deadline in Redis' time, and whom to tell. */
    record Waiting(Append append, long deadline, CompletableFuture<Appended> result) {}

    /** What became of one append: its place and the tag before it, or why it failed. */
    private record Outcome(Appended appended, String previous, String failure) {}

    private static final class Run {
        final String channel;
        final long window;
        final long tag = ThreadLocalRandom.current().nextLong(1, TAGS);
        final List<Waiting> appends = new ArrayList<>(1);
        final List<String> ids = new ArrayList<>(0);
        final List<Outcome> outcomes = new ArrayList<>(1);

        Run(String channel, long window) {
            this.channel = channel;
            this.window = window;
        }

        Append latest() {
            return appends.get(appends.size() - 1).append;
        }

        /** The highest place that is known to any, or null. */
        Cursor known() {
            Cursor known = null;
            for (Waiting one : appends) {
                Cursor more = one.append.known();
                boolean higher = known == null
                        || more != null && (!more.epoch().equals(known.epoch()) || more.seq() > known.seq());
                known = higher ? more : known;
            }
            return known;
        }

        /** Of the first that is over: the others, which were asked for a moment later, are refused a moment early. */
        long deadline() {
            return appends.stream().mapToLong(Waiting::deadline).min().orElseThrow();
        }
    }

    private final List<Run> runs = new ArrayList<>();

    AppendBatch(List<Waiting> appends) {
        Map<String, Run> lasts = new HashMap<>();
        for (Waiting one : appends) {
            String channel = one.append.channel();
            Append.Dedup dedup = one.append.dedup();
            long window = dedup == null ? 0 : dedup.window().toMillis();
            Run last = lasts.get(channel);
            if (last == null || last.window != window) {
                last = new Run(channel, window);
                lasts.put(channel, last);
                runs.add(last);
            }
            last.appends.add(one);
            if (window > 0) {
                last.ids.add(dedup.sender() + '\0' + dedup.messageId());
            }
        }
    }

    /** A message for a channel's bell. */
    record Rung(String channel, byte[] message) {}

    /** The entries of runs of several, to be rung ahead of a {@link #call} that rings: it tells of their places only. */
    List<Rung> parcels() {
        List<Rung> parcels = new ArrayList<>();
        for (Run run : runs) {
            if (run.appends.size() > 1) {
                List<byte[]> entries =
                        run.appends.stream().map(one -> one.append.entry()).toList();
                parcels.add(new Rung(run.channel, Bell.parcel(run.tag, entries)));
            }
        }
        return parcels;
    }

    /** @param ringing whether the script rings; else {@link #bells} will be rung later */
    Script.Call call(Script script, boolean ringing) {
        Script.Call call = script.call();
        (ringing ? call.publish() : call.arg("")).arg(Epochs.next()).arg(runs.size());
        runs.forEach(run -> add(call, run));
        return call;
    }

    private static void add(Script.Call call, Run run) {
        String channel = run.channel;
        call.key(Keys.meta(channel)).key(Keys.log(channel)).key(Keys.bell(channel));
        if (run.window > 0) {
            call.key(Keys.sent(channel, run.window, 0)).key(Keys.sent(channel, run.window, 1));
        }
        Append latest = run.latest();
        Cursor known = run.known();
        call.arg(known == null ? "" : known.epoch())
                .arg(known == null ? 0 : known.seq())
                .arg(run.window)
                .arg(latest.retention().entries())
                .arg(latest.retention().age().toMillis())
                .arg(latest.retention().idle().toMillis())
                .arg(run.deadline())
                .arg(run.tag)
                .arg(run.appends.size());
        for (int i = 0; i < run.appends.size(); i++) {
            Append append = run.appends.get(i).append;
            if (run.window > 0) {
                call.arg(run.ids.get(i)).arg(append.time());
            }
            call.arg(append.entry());
        }
    }

    /** A key of one of the channels: all live at the same place. */
    String key() {
        return Keys.meta(runs.get(0).channel);
    }

    /**
     * Takes the script's answer.
     *
     * @return Redis' time, in milliseconds since 1970
     */
    long answered(Response answer) {
        int line = 1;
        for (Run run : runs) {
            while (run.outcomes.size() < run.appends.size()) {
                take(run, answer.get(line++).toString(StandardCharsets.UTF_8));
            }
        }
        return Long.parseLong(answer.get(0).toString());
    }

    private static void take(Run run, String line) {
        switch (line.charAt(0)) {
            case '+' -> takeAppended(run, line.substring(1).split(" "));
            case '=' -> {
                String[] words = line.substring(1).split(" ");
                Cursor at = new Cursor(words[0], Long.parseLong(words[1]));
                run.outcomes.add(new Outcome(new Appended(at, Long.parseLong(words[2]), true), null, null));
            }
            case '-' -> {
                for (int left = Integer.parseInt(line, 1, line.length(), 10); left > 0; left--) {
                    run.outcomes.add(new Outcome(null, null, "the deadline has passed"));
                }
            }
            default -> run.outcomes.add(new Outcome(null, null, line.substring(1)));
        }
    }

    private static void takeAppended(Run run, String[] words) {
        int number = Integer.parseInt(words[0]);
        long first = Long.parseLong(words[2]);
        for (int i = 0; i < number; i++) {
            long time = run.appends.get(run.outcomes.size()).append.time();
            String previous = i == 0 ? words[3] : Long.toString(run.tag);
            run.outcomes.add(new Outcome(new Appended(new Cursor(words[1], first + i), time, false), previous, null));
        }
    }

    /**
     * What the script did not ring: the entries appended, in order, and a hint to look for each repeat, as the bells of its first try may never have been rung.
     */
    List<Rung> bells() {
        List<Rung> bells = new ArrayList<>();
        for (Run run : runs) {
            for (int i = 0; i < run.outcomes.size(); i++) {
                Outcome outcome = run.outcomes.get(i);
                if (outcome.previous != null) {
                    Cursor at = outcome.appended.at();
                    byte[] entry = run.appends.get(i).append.entry();
                    bells.add(new Rung(
                            run.channel,
                            Bell.entry(at.epoch(), Long.toString(at.seq()), outcome.previous, run.tag, entry)));
                } else if (outcome.appended != null) {
                    bells.add(new Rung(run.channel, Bell.LOOK));
                }
            }
        }
        return bells;
    }

    /** Counts what became of them. */
    void count(LogCounters counters) {
        int stored = 0;
        int repeated = 0;
        int refused = 0;
        for (Run run : runs) {
            for (Outcome outcome : run.outcomes) {
                if (outcome.failure != null) {
                    refused++;
                } else if (outcome.previous != null) {
                    stored++;
                } else {
                    repeated++;
                }
            }
        }
        counters.stored.add(stored);
        counters.repeated.add(repeated);
        counters.refused.add(refused);
    }

    /** Tells everyone what became of their appends. */
    void tell() {
        for (Run run : runs) {
            for (int i = 0; i < run.outcomes.size(); i++) {
                Outcome outcome = run.outcomes.get(i);
                CompletableFuture<Appended> result = run.appends.get(i).result;
                if (outcome.failure == null) {
                    result.complete(outcome.appended);
                } else {
                    result.completeExceptionally(new LogUnavailableException(outcome.failure));
                }
            }
        }
    }

    /** Tells everyone that it is unknown what became of their appends. */
    void fail(String reason) {
        for (Run run : runs) {
            run.appends.forEach(one -> one.result.completeExceptionally(new LogUnavailableException(reason)));
        }
    }
}
