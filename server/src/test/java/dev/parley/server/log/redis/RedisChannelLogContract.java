package dev.parley.server.log.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.Cursor;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.ChannelLogContract;
import dev.parley.server.log.Entry;
import dev.parley.server.log.Heard;
import dev.parley.server.log.LogUnavailableException;
import dev.parley.server.log.Mark;
import dev.parley.server.log.Range;
import dev.parley.server.log.Retention;
import dev.parley.server.log.Slice;
import dev.parley.server.redis.Keys;
import dev.parley.server.redis.RedisLink;
import dev.parley.server.testing.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the log in Redis promises beyond the contract: how it takes faults, and what it leaves behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RedisChannelLogContract extends ChannelLogContract {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final Vertx vertx = Vertx.vertx();
    private RedisServer redis;
    private RedisLink link;
    private RedisLink otherLink;
    private RedisChannelLog log;
    private RedisChannelLog another;

    abstract RedisServer start(String... settings);

    @BeforeAll
    void startRedis() {
        redis = start();
        link = link(redis);
        otherLink = link(redis);
        log = new RedisChannelLog(link, 0, TIMEOUT);
        another = new RedisChannelLog(otherLink, 0, TIMEOUT);
    }

    @BeforeEach
    void reached() {
        await().until(() -> link.reachable() && otherLink.reachable());
    }

    @AfterAll
    void stopRedis() {
        if (redis != null) {
            link.close();
            otherLink.close();
            redis.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private RedisLink link(RedisServer server) {
        return new RedisLink(vertx, new RedisOptions().setConnectionString(server.uri()), TIMEOUT).open();
    }

    @Override
    protected ChannelLog log() {
        return log;
    }

    @Override
    protected ChannelLog another() {
        return another;
    }

    @Test
    void aSubscriptionThatWasCutSaysSoWhenItHearsAgain() {
        Heard heard = follow(log);
        redis.command("CLIENT", "KILL", "TYPE", "pubsub");

        await().until(() -> heard.interruptions.get() == 1);
        append("a");
        await().until(() -> heard.entries.size() == 1);
    }

    @Test
    void lossOfAllDataBeginsANewEpoch() {
        append("a");
        Cursor known = append("b").at();
        redis.command("FLUSHALL");

        Appended c = get(log.append(new Append(channel, known, null, 0, DEADLINE, LONG, bytes("c"))));
        assertThat(c.at().epoch()).isNotEqualTo(known.epoch());
        assertThat(c.at().seq()).isEqualTo(1);
    }

    @Test
    void takingEntriesBackBeginsANewEpochAndTellsWhoFollows() {
        append("a");
        Cursor known = append("b").at();
        Heard heard = follow(another);
        redis.command("HSET", Keys.meta(channel), "seq", "1");

        Cursor head = get(log.head(channel, known));

        assertThat(head.epoch()).isNotEqualTo(known.epoch());
        await().until(() -> heard.interruptions.get() == 1);
    }

    @Test
    void anotherEntryAtTheKnownPlaceBeginsANewEpoch() {
        append("a");
        Mark a = get(log.head(channel, null, 0));
        assertThat(get(another.head(channel, a.at(), a.tag()))).isEqualTo(a);
        redis.command("COPY", Keys.meta(channel), "before");
        append("b");
        Mark b = get(log.head(channel, null, 0));
        redis.command("COPY", "before", Keys.meta(channel), "REPLACE");
        redis.command("XDEL", Keys.log(channel), "2-0");
        redis.command("XSETID", Keys.log(channel), "1-0");
        Cursor other = append("c").at();
        assertThat(other).isEqualTo(b.at());

        Mark head = get(log.head(channel, b.at(), b.tag()));

        assertThat(head.at().epoch()).isNotEqualTo(b.at().epoch());
        assertThat(head.tag()).isZero();
    }

    @Test
    void anEntryIsReadWithTheTagItWasRungWith() {
        Heard heard = follow(another);
        append("a");
        append("b");
        await().until(() -> heard.entries.size() == 2);

        assertThat(get(log.read(Range.after(channel, 0, 10))).entries())
                .extracting(Entry::tag)
                .containsExactly(
                        heard.entries.get(0).tag(), heard.entries.get(1).tag());
        assertThat(get(log.head(channel, null, 0)).tag())
                .isEqualTo(heard.entries.get(1).tag());
    }

    @Test
    void aStreamAheadOfItsPlaceIsNotWrittenInto() {
        Cursor b = appendTwo();
        redis.command("HSET", Keys.meta(channel), "seq", "1");

        Appended c = append("c");

        assertThat(c.at().epoch()).isNotEqualTo(b.epoch());
        assertThat(texts(Range.after(channel, 0, 10))).containsExactly("c");
    }

    @Test
    void leftOverEntriesAreNotReadAsPartOfANewLog() {
        appendTwo();
        redis.command("DEL", Keys.meta(channel));

        assertThat(append("c").at().seq()).isEqualTo(1);
        assertThat(texts(Range.after(channel, 0, 10))).containsExactly("c");
    }

    @Test
    void aRedisThatKeepsNothingComesBackWithANewEpoch() {
        Cursor known = appendTwo();
        Heard heard = follow(log);
        redis.kill();
        await().until(() -> !link.reachable());
        assertUnavailable(log.append(entry("lost", null)));
        assertUnavailable(log.head(channel, known));
        assertUnavailable(log.read(Range.after(channel, 0, 10)));

        redis.start();
        reached();

        await().until(() -> heard.interruptions.get() == 1);
        Cursor head = get(log.head(channel, known));
        assertThat(head.seq()).isZero();
        assertThat(head.epoch()).isNotEqualTo(known.epoch());
    }

    @Test
    void aRedisThatKeepsEverythingGoesOnWhereItWas() {
        try (RedisServer durable = start("--appendonly", "yes", "--appendfsync", "always")) {
            RedisLink durableLink = link(durable);
            await().until(durableLink::reachable);
            RedisChannelLog durableLog = new RedisChannelLog(durableLink, 0, TIMEOUT);
            Appended a = get(durableLog.append(withId("a", "anna", "m1", WINDOW)));

            durable.kill();
            await().until(() -> !durableLink.reachable());
            durable.start();
            await().until(durableLink::reachable);

            assertThat(get(durableLog.head(channel, a.at()))).isEqualTo(a.at());
            assertThat(get(durableLog.append(withId("a", "anna", "m1", WINDOW))).at())
                    .isEqualTo(a.at());
            assertThat(get(durableLog.append(entry("b", null))).at()).isEqualTo(new Cursor(a.at().epoch(), 2));
            durableLink.close();
        }
    }

    @Test
    void aStalledRedisIsUnavailableInTimeAndTheRetryIsOneEntry() {
        append("before");
        redis.stall();
        long began = System.nanoTime();
        assertUnavailable(log.append(withId("a", "anna", "m1", WINDOW)));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(TIMEOUT.multipliedBy(2));
        redis.resume();
        reached();

        get(log.append(withId("a", "anna", "m1", WINDOW)));

        assertThat(texts(Range.after(channel, 0, 10))).containsExactly("before", "a");
    }

    @Test
    void anAppendThatRedisTakesAfterItsDeadlineDoesNotTakeEffect() {
        append("before");
        redis.stall();
        assertUnavailable(log.append(new Append(channel, null, null, 0, 100, LONG, bytes("late"))));
        redis.resume();
        reached();

        append("after");
        assertThat(texts(Range.after(channel, 0, 10))).containsExactly("before", "after");
    }

    @Test
    void moreAppendsThanMayWaitAreRefusedAtOnce() {
        redis.stall();
        List<CompletionStage<Appended>> sent = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            sent.add(log.append(entry("e", null)));
        }

        assertThat(sent.get(0).toCompletableFuture()).isNotDone();
        assertThat(sent.get(19_999).toCompletableFuture()).isCompletedExceptionally();
        sent.forEach(ChannelLogContract::assertUnavailable);
        redis.resume();
    }

    @Test
    void thousandsOfReadsThatWaitAllFailWithTheConnectionAndLaterOnesAreAnswered() {
        append("a");
        redis.stall();
        List<CompletionStage<Slice>> waiting = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            waiting.add(log.read(Range.after(channel, i, 1)));
        }
        redis.kill();
        try {
            // The first ones may have been answered before Redis stood still.
            assertThat(waiting)
                    .allSatisfy(read -> assertThat(catchThrowable(() -> get(read)))
                            .satisfiesAnyOf(
                                    none -> assertThat(none).isNull(),
                                    lost -> assertThat(lost).hasCauseInstanceOf(LogUnavailableException.class)));
            assertUnavailable(waiting.get(waiting.size() - 1));
        } finally {
            redis.start();
            reached();
        }
        append("b");
        List<CompletionStage<Slice>> later = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            later.add(log.read(Range.after(channel, i, 1)));
        }
        assertThat(later).allSatisfy(read -> assertThat(get(read).head().seq()).isEqualTo(1));
    }

    @Test
    void aReadOfThousandsHasNoHole() {
        Retention most = new Retention(5000, Duration.ofDays(1), Duration.ofDays(1));
        CompletionStage<Appended> last = null;
        for (int i = 0; i < 3000; i++) {
            last = log.append(new Append(channel, null, null, 0, DEADLINE, most, bytes("e" + i)));
        }
        get(last);

        List<Long> seqs = seqs(Range.after(channel, 7, 2900));
        assertThat(seqs).hasSize(2900).startsWith(8L).endsWith(2907L);
    }

    @Test
    void burstsOfTwoInstancesWithRepeatsAreHeardAsTheyStand() {
        get(log.head(channel, null));
        Heard heard = follow(log);
        List<CompletionStage<Appended>> firsts = new ArrayList<>();
        List<CompletionStage<Appended>> repeats = new ArrayList<>();
        List<CompletionStage<Appended>> bare = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            RedisChannelLog by = i % 2 == 0 ? log : another;
            firsts.add(by.append(withId("m" + i, "anna", "m" + i, WINDOW)));
            if (i % 7 == 0) {
                repeats.add(by.append(withId("again", "anna", "m" + i, WINDOW)));
            }
            if (i % 50 == 0) {
                bare.add(by.append(entry("bare" + i, null)));
            }
        }

        for (int i = 0; i < repeats.size(); i++) {
            Appended repeat = get(repeats.get(i));
            assertThat(repeat.duplicate()).isTrue();
            assertThat(repeat.at()).isEqualTo(get(firsts.get(7 * i)).at());
        }
        List<Entry> entries = new ArrayList<>();
        for (int page = 0; page < 4; page++) {
            entries.addAll(
                    get(log.read(Range.after(channel, entries.size(), 512))).entries());
        }
        assertThat(entries).hasSize(firsts.size() + bare.size());
        for (int i = 0; i < 500; i++) {
            long seq = get(firsts.get(i)).at().seq();
            assertThat(new String(entries.get((int) seq - 1).bytes(), StandardCharsets.UTF_8))
                    .isEqualTo("m" + i);
            assertThat(seq)
                    .isGreaterThan(i < 2 ? 0 : get(firsts.get(i - 2)).at().seq());
        }
        // Of one instance they stand in the order of the calls, whether they have ids or not.
        assertThat(get(bare.get(1)).at().seq())
                .isGreaterThan(get(firsts.get(50)).at().seq())
                .isLessThan(get(firsts.get(52)).at().seq());
        await().until(() -> heard.entries.size() == entries.size());
        assertThat(heard.interruptions).hasValue(0);
        long previous = 0;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            assertThat(heard.entries.get(i))
                    .isEqualTo(new Heard.Ring(
                            get(log.head(channel, null)).epoch(),
                            entry.seq(),
                            previous,
                            entry.tag(),
                            new String(entry.bytes(), StandardCharsets.UTF_8)));
            previous = entry.tag();
        }
    }

    @Test
    void aBurstLeavesNoMoreThanIsKept() {
        Retention ten = new Retention(10, Duration.ofDays(1), Duration.ofDays(1));
        CompletionStage<Appended> last = null;
        for (int i = 0; i < 300; i++) {
            last = log.append(new Append(channel, null, null, 0, DEADLINE, ten, bytes("e" + i)));
        }
        get(last);

        assertThat(redis.command("XLEN", Keys.log(channel))).contains("10");
        assertThat(texts(Range.after(channel, 0, 100))).hasSize(10).endsWith("e299");
    }

    @Test
    void aBurstThatRedisRefusesIsHeardOfByNobodyAndMayBeRepeated() {
        Heard heard = follow(another);
        get(log.append(withId("m0", "anna", "m0", WINDOW)));
        redis.command("CONFIG", "SET", "maxmemory", "1");
        List<CompletionStage<Appended>> refused = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                refused.add(log.append(withId("m" + i, "anna", "m" + i, WINDOW)));
            }
            assertThat(get(refused.get(0)).duplicate()).isTrue();
            refused.subList(1, 50).forEach(ChannelLogContract::assertUnavailable);
        } finally {
            redis.command("CONFIG", "SET", "maxmemory", "0");
        }

        List<CompletionStage<Appended>> again = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            again.add(log.append(withId("m" + i, "anna", "m" + i, WINDOW)));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(get(again.get(i)).at().seq()).isEqualTo(i + 1);
            assertThat(get(again.get(i)).duplicate()).isEqualTo(i == 0);
        }
        await().until(() -> heard.entries.size() == 50);
        assertThat(heard.entries.get(49).text()).isEqualTo("m49");
    }

    @Test
    void aBurstIntoAStreamAheadOfItsPlaceBeginsANewLog() {
        Cursor b = appendTwo();
        redis.command("HSET", Keys.meta(channel), "seq", "1");
        List<CompletionStage<Appended>> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add(log.append(withId("c" + i, "anna", "c" + i, WINDOW)));
        }

        for (int i = 0; i < 20; i++) {
            Appended appended = get(sent.get(i));
            assertThat(appended.at().epoch()).isNotEqualTo(b.epoch());
            assertThat(appended.at().seq()).isEqualTo(i + 1);
            assertThat(appended.duplicate()).isFalse();
        }
        assertThat(texts(Range.after(channel, 0, 100))).hasSize(20).startsWith("c0", "c1");
        assertThat(get(log.append(withId("c7", "anna", "c7", WINDOW))).duplicate())
                .isTrue();
    }

    @Test
    void everythingOfAChannelExpires() {
        get(log.append(withId("a", "anna", "m1", WINDOW)));

        everyKeyExpires(3);
    }

    @Test
    void aClaimTakenBackLeavesNothingThatStays() {
        get(log.head(channel, null));
        redis.command("SET", Keys.log(channel), "no stream");
        assertUnavailable(log.append(withId("a", "anna", "m1", WINDOW)));
        redis.command("DEL", Keys.log(channel));

        assertThat(get(log.append(withId("a", "anna", "m1", WINDOW))).duplicate())
                .isFalse();
        everyKeyExpires(3);
    }

    private void everyKeyExpires(int count) {
        List<String> names = redis.command("KEYS", "*" + channel + "*")
                .lines()
                .filter(line -> line.startsWith("parley:"))
                .toList();
        assertThat(names).hasSize(count);
        assertThat(names)
                .allSatisfy(key -> assertThat(
                                redis.command("PTTL", key).substring(1).trim())
                        .satisfies(left -> assertThat(Long.parseLong(left)).isPositive()));
    }

    @Test
    void anErrorOfRedisRefusesOneAppendAndNotTheBatch() {
        String wrong = channel + "-wrong";
        redis.command("SET", Keys.log(wrong), "no stream");
        get(log.head(channel, null));
        redis.command("HSET", Keys.meta(wrong), "epoch", "e", "seq", "0");

        CompletionStage<Appended> refused = log.append(new Append(wrong, null, null, 0, DEADLINE, LONG, bytes("x")));
        CompletionStage<Appended> taken = log.append(entry("a", null));

        assertUnavailable(refused);
        assertThat(get(taken).at().seq()).isEqualTo(1);
    }

    @Test
    void anAppendRefusedForLackOfMemoryMayBeRepeated() {
        get(log.append(withId("before", "anna", "m0", WINDOW)));
        redis.command("CONFIG", "SET", "maxmemory", "1");
        try {
            assertUnavailable(log.append(withId("a", "anna", "m1", WINDOW)));
        } finally {
            redis.command("CONFIG", "SET", "maxmemory", "0");
        }

        Appended again = get(log.append(withId("a", "anna", "m1", WINDOW)));

        assertThat(again.duplicate()).isFalse();
        assertThat(again.at().seq()).isEqualTo(2);
        everyKeyExpires(3);
    }

    @Test
    void withoutEnoughReplicasNothingIsAcknowledgedOrRung() {
        RedisChannelLog careful = new RedisChannelLog(link, 1, Duration.ofMillis(100));
        Heard heard = follow(another);

        assertUnavailable(careful.append(withId("a", "anna", "m1", WINDOW)));
        append("end");

        await().until(() -> !heard.entries.isEmpty());
        assertThat(heard.entries).extracting(Heard.Ring::text).containsExactly("end");
    }

    @Test
    void withAReplicaAppendsAreAcknowledgedAndRung() {
        RedisChannelLog careful = new RedisChannelLog(link, 1, TIMEOUT);
        Heard heard = follow(another);
        try (RedisServer replica = start("--replicaof", "127.0.0.1", Integer.toString(redis.port()))) {
            await().until(() -> replica.command("INFO", "replication").contains("master_link_status:up"));

            assertThat(get(careful.append(withId("a", "anna", "m1", WINDOW)))
                            .at()
                            .seq())
                    .isEqualTo(1);
            await().until(() -> heard.entries.size() == 1);
            assertThat(get(careful.append(withId("a", "anna", "m1", WINDOW))).duplicate())
                    .isTrue();
            await().until(() -> heard.interruptions.get() == 1);
            assertThat(heard.entries).hasSize(1);
        }
    }

    private Cursor appendTwo() {
        append("a");
        return append("b").at();
    }
}
